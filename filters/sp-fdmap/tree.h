/* tree: which process started which, as a table beside the events: file where the events have it, parent,
 * child, call and start_ns. Its rows come in the order of the calls in the events. */
#ifndef SP_FDMAP_TREE_H
#define SP_FDMAP_TREE_H

#include "row.h"

struct tree;

/* Opens the file, or ends the program. */
struct tree *tree_new(const char *path);

/* A new trace begins, whose rows have these columns. */
void tree_begin(struct tree *t, uint32_t has);

/* The row is a call of this process that returned a child. A parent below 0 is not known. */
void tree_note(struct tree *t, const struct row *row, int64_t parent, int64_t child);

void tree_close(struct tree *t);

#endif
