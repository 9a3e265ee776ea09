/* trace: the rows of one trace, kept until its end, because the order in which they are written
 * again (task by task, in the order of their lineage) is known only then. A task is a thread, or
 * the one thread of a process. */
#ifndef SP_TRACE_H
#define SP_TRACE_H

#include "arena.h"
#include "event.h"
#include "ids.h"
#include "rows.h"

enum { TRACE_COLUMNS = 256 };

struct trace {
	struct buf text; /* all rows */
	struct row *row;
	size_t rows, rows_cap;
	struct token *token;
	size_t tokens, tokens_cap;
	struct task *task;
	size_t tasks, tasks_cap;
	uint32_t *order; /* tasks in the order of lineage; made by trace_arrange */
	struct ids tids; /* (host, file, tid) -> the latest task */
	struct arena memory;
	/* The header in force. */
	struct str header;
	size_t columns;
	int role[TRACE_COLUMNS]; /* EVENT_..., or -1 */
	int task_column;         /* of a table that was normalised before, or -1 */
	size_t limit;            /* in bytes */
};

/* Forgets all rows; the table that follows has these columns. */
void trace_begin(struct trace *t, struct str header);
/* False when that would take more memory than the limit. */
bool trace_add(struct trace *t, struct str row);
/* Finds the order of the tasks, their numbers and labels. */
void trace_arrange(struct trace *t);
void trace_free(struct trace *t);

/* The columns of a row, by place, and those of the event table, by name. */
struct fields {
	struct str all[TRACE_COLUMNS];
	struct str of[EVENT_COLUMNS];
};
void trace_split(const struct trace *t, struct str row, struct fields *f);

static inline struct str trace_row(const struct trace *t, const struct row *r)
{
	return (struct str){t->text.p + r->at, r->n};
}

/* The task that this thread number is now (or was last); NO_TASK if there is none. */
uint32_t trace_task(struct trace *t, const struct fields *f, struct str tid);

void trace_token(struct trace *t, struct row *r, struct token token);

#endif
