/* path: which file a name means, without looking at any file system: relative names are put under the
 * directory they are relative to, "." and "//" are left out and ".." takes a component back, as
 * path_resolution(7) says, but for symbolic links, which a trace does not show. */
#ifndef SP_FDMAP_PATH_H
#define SP_FDMAP_PATH_H

#include "arena.h"
#include "tasks.h"

/* name in the view of the task, relative to base (NULL: unknown; the name stays relative). The result
 * is the name itself or lives in space; it has 31 readable bytes behind it. */
struct str path_resolve(const struct task *task, const struct file *base, struct str name,
			struct buf *space);

/* Whether path_resolve would have nothing to do but for a chroot and /proc/self. */
bool path_is_clean(struct str name);
/* The same for the field of a row, behind which SCAN_BLOCK bytes are readable. */
bool path_is_clean_field(struct str name);

/* /dev/fd/3, /proc/self/fd/3, /dev/stdin: the descriptor that is meant, or -1. */
int path_descriptor(struct str name);

#endif
