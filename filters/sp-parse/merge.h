/* merge: several files of one trace (strace -ff writes one a thread) read as one, line by line in time
 * order. A line without a time stays behind the line above it. */
#ifndef SP_MERGE_H
#define SP_MERGE_H

#include "parse.h"

/* dialect NULL: recognise each file's. A path that is a folder stands for the files NAME.TID in it.
 * Threads are shared by all files; they are cleared at the end. */
void merge_files(struct parse *parse, char *const *paths, const struct dialect *dialect);

#endif
