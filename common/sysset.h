/* sysset: sets of system calls in the syntax of strace's -e trace=:
 *
 *     openat,read      calls by name or x86-64 number; ?name: even if no such call is known
 *     %file, file      strace's classes: %desc %process %net %signal %ipc %memory %creds %clock %pure
 *                      %stat %lstat %fstat %%stat %statfs %fstatfs %%statfs
 *     /^open.*         calls whose name matches (PCRE2); a second slash at the end is allowed
 *     all, none
 *     !SET             all events but those
 *     SET,!NAME        elements apply from left to right; one with ! takes calls away again
 *
 * Events that are no calls (signals, exits) are in a set that begins with ! or has `all`. */
#ifndef SP_SYSSET_H
#define SP_SYSSET_H

#include "fault.h"
#include "str.h"

struct sysset;

/* "trace=" or "t=" before the set is allowed. NULL: see fault. */
struct sysset *sysset_compile(struct str text, struct fault *fault);

/* By the name in a trace, known to the table of syscalls or not; empty for what is no call. */
bool sysset_has(struct sysset *s, struct str syscall);

void sysset_report(const struct sysset *s, const char *origin); /* warns of patterns given up */
void sysset_free(struct sysset *s);

#endif
