/* before: what descriptors referred to when the trace began, from a saved `ls -l /proc/PID/fd`:
 *     lrwx------ 1 root root 64 Nov 21 06:55 3 -> /var/log/app.log
 * A heading as ls prints for several directories ("/proc/812/fd:"), or a full path in front of the
 * arrow ("/proc/812/cwd -> /srv"), says which process; else it is the first one of every trace. */
#ifndef SP_FDMAP_BEFORE_H
#define SP_FDMAP_BEFORE_H

#include "tasks.h"

struct before;

/* Ends the program when the file cannot be read or has no such line. */
struct before *before_read(const char *path);
/* Tells a process that was there before the trace. */
void before_tell(const struct before *b, struct files *files, struct origin *origin);
void before_free(struct before *b);

#endif
