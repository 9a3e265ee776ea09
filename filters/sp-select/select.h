/* select: what the files of sp-select share. */
#ifndef SP_SELECT_H
#define SP_SELECT_H

#include "arena.h"
#include "expr.h"
#include "tsv.h"

/* ---- conditions.c: what the options ask, as expressions; all of them have to be true ---- */

struct condition {
	const char *origin; /* the option, for messages */
	struct buf text;
	struct expr *expr;
};

struct conditions {
	struct condition *condition;
	size_t n;
};

/* Adds an expression. A faulty one ends the program. */
void conditions_add(struct conditions *c, const char *origin, const char *text);

/* Adds "column in {elements}". list is what the user typed, separated by commas: numbers, or names. */
void conditions_add_numbers(struct conditions *c, const char *origin, const char *column,
			    const char *list);
void conditions_add_names(struct conditions *c, const char *origin, const char *column,
			  const char *list);

/* Adds start_ns >= from and start_ns < to, each as typed; either may be NULL. */
void conditions_add_window(struct conditions *c, const char *from, const char *to);

/* At a header. Returns whether conditions_begin_trace has to follow. */
bool conditions_bind(struct conditions *c, struct tsv *t);
void conditions_begin_trace(struct conditions *c, int64_t start_ns);

bool conditions_hold(const struct conditions *c, const struct str *field);
void conditions_close(struct conditions *c); /* reports what expressions have to report */

/* ---- slowest.c: the N slowest rows of all traces ---- */

struct slowest {
	uint64_t most;
	struct slow *slow; /* a heap with the one that has to leave first at its root */
	size_t n, cap;
	struct trace *trace;
};

void slowest_begin_trace(struct slowest *s, struct str header);
void slowest_offer(struct slowest *s, int64_t dur_ns, const struct tsv *t);

/* Hands out what was kept: the headers of the traces that rows are left of (the last trace's, if
 * there are none) and the rows, in the order of the input. Frees everything. */
void slowest_finish(struct slowest *s, void (*line)(struct str));

#endif
