/* resolve: finds the descriptors, addresses and process numbers in the rows of a trace, in the
 * order of time, and says which of them are the same thing: a descriptor from open to close, a
 * mapping from mmap to munmap. Numbers are reused; things are not, so they are what can be named
 * alike in two runs. */
#ifndef SP_RESOLVE_H
#define SP_RESOLVE_H

#include "trace.h"

enum { RESOLVE_ADDRESSES = 1, RESOLVE_DESCRIPTORS = 2, RESOLVE_PIDS = 4 };

/* Leaves tokens at the rows; tasks must be arranged. kinds: RESOLVE_... joined by |. PID tokens of
 * known tasks have the task as id; others have t->tasks + the order in which they appear. */
void resolve(struct trace *t, unsigned kinds);

#endif
