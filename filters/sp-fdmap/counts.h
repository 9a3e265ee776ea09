/* counts: how many descriptors each process has open, over time, as a table beside the events: start_ns,
 * pid, open, and file where the events have it. A row is written when the number has changed, but within a
 * slice of time only the highest and the last one of a process. Slices are of 1 ms at first, and longer
 * the more rows there are, so that the table of a trace of any length stays small. */
#ifndef SP_FDMAP_COUNTS_H
#define SP_FDMAP_COUNTS_H

#include "row.h"
#include "tasks.h"

struct counts;

/* Opens the file, or ends the program. */
struct counts *counts_new(const char *path);

/* A new trace begins, whose rows have these columns. */
void counts_begin(struct counts *c, uint32_t has);

/* Whether a row that has been taken into account for this task is one to note. */
static inline bool counts_differ(const struct task *task)
{
	return task->fds->open != task->fds->told.last || task->ending;
}
void counts_note(struct counts *c, const struct task *task, const struct row *row);

/* The row says that the thread has ended. */
void counts_exit(struct counts *c, const struct task *task, const struct row *row);

/* The trace ends: what has not been written yet. */
void counts_end(struct counts *c, struct tasks *tasks);

void counts_close(struct counts *c);

#endif
