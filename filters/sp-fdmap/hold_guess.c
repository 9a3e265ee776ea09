/* Whose rows are these? A process may have shown no number before; or:
 * in a pid namespace clone() returns other numbers than the tracer prints in front of the child's rows.
 * Both grow: of the children that no row shows under the number that was returned, and the processes
 * that no clone() returned, the first belongs to the first, the second to the second. */
#include <stdlib.h>

#include "action.h"
#include "hold_private.h"
#include "number.h"

enum { CANDIDATES_MOST = 512 }; /* on either side; what is beyond is not guessed */

/* What clone() calls returned. */
struct candidates {
	int64_t tid[CANDIDATES_MOST];
	size_t n;
};

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void add(struct candidates *c, int64_t tid)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->tid[i] == tid)
			return;
	if (c->n < CANDIDATES_MOST)
		c->tid[c->n++] = tid;
}

static void drop(struct candidates *c, int64_t tid)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->tid[i] == tid) {
			memmove(c->tid + i, c->tid + i + 1, (c->n - i - 1) * sizeof *c->tid);
			c->n--;
			return;
		}
}

/* Row i as a clone() that made a child. */
static bool is_clone(struct hold *h, size_t i, const struct row *front, struct held_row *space,
		     struct call *call)
{
	if (!held_may_clone(&h->row[i]))
		return false;
	const struct row *row = hold_row_at(h, i, space);
	return hold_same_scope(row, front) && call_read(h->map, row, call) && call->ok &&
	       call->action && call->action->creates_task && call_ret(call) > 0;
}

static void collect_returned(struct hold *h, const struct row *front, struct candidates *returned)
{
	struct held_row space;
	struct call call;
	returned->n = tasks_unseen(&h->map->tasks, returned->tid, CANDIDATES_MOST);
	for (size_t i = h->first + 1; i < h->n; i++)
		if (is_clone(h, i, front, &space, &call) &&
		    !tasks_find(&h->map->tasks, call_ret(&call)))
			add(returned, call_ret(&call));
}

/* Processes with rows that nobody is known to have made; those that somebody returned are none. */
static void collect_strange(struct hold *h, const struct row *front, struct candidates *returned,
			    struct candidates *strange)
{
	struct held_row space;
	int64_t tid, pid;
	strange->n = 0;
	for (size_t i = h->first; i < h->n; i++) {
		const struct row *row = hold_row_at(h, i, &space);
		if (!hold_same_scope(row, front) || !number_i64(row_field(row, COLUMN_TID), &tid))
			continue;
		drop(returned, tid);
		bool leads = !number_i64(row_field(row, COLUMN_PID), &pid) || pid == tid;
		if (leads && !tasks_find(&h->map->tasks, tid))
			add(strange, tid);
	}
}

static bool made_as(struct hold *h, const struct row *front, int64_t returned, int64_t tid)
{
	struct held_row space;
	struct call call;
	if (tasks_renumber(&h->map->tasks, returned, tid))
		return true;
	for (size_t i = h->first + 1; i < h->n; i++)
		if (is_clone(h, i, front, &space, &call) && call_ret(&call) == returned &&
		    hold_made_by(h, i, tid))
			return true;
	return false;
}

void hold_guess_parent(struct hold *h)
{
	struct held_row space;
	const struct row *front = hold_row_at(h, h->first, &space);
	struct candidates *returned = xcalloc(2, sizeof *returned), *strange = returned + 1;
	int64_t child = h->chained ? h->chain[0].tid : h->need.tid;
	bool made = false;
	tasks_scope(&h->map->tasks, row_field(front, COLUMN_HOST), row_field(front, COLUMN_FILE));
	collect_returned(h, front, returned);
	if (returned->n) {
		size_t rank = 0;
		collect_strange(h, front, returned, strange);
		qsort(returned->tid, returned->n, sizeof *returned->tid, by_number);
		for (size_t i = 0; i < strange->n; i++)
			rank += strange->tid[i] < child;
		/* A number inside is never above the one outside, which was given out as well. */
		if (rank < returned->n && returned->tid[rank] < child)
			made = made_as(h, front, returned->tid[rank], child);
	}
	free(returned);
	if (!made && tasks_number(&h->map->tasks, h->need.tid))
		hold_make_chained(h);
}
