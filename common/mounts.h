/* mounts: which mount point a path is under, by a list of them. */
#ifndef SP_MOUNTS_H
#define SP_MOUNTS_H

#include "str.h"

/* A file in the form of /proc/mounts and /etc/fstab (the second field), or one mount point a line.
 * Ends the program when it cannot be read. */
struct mounts *mounts_read(const char *path);

/* The longest mount point that the path is under; empty for none. */
struct str mounts_above(const struct mounts *m, struct str path);

void mounts_free(struct mounts *m);

#endif
