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

static void sort(struct candidates *c)
{
	size_t n = 0;
	qsort(c->tid, c->n, sizeof *c->tid, by_number);
	for (size_t i = 0; i < c->n; i++)
		if (n == 0 || c->tid[i] != c->tid[n - 1])
			c->tid[n++] = c->tid[i];
	c->n = n;
}

/* False when there is no room for more. */
static bool add(struct candidates *c, int64_t tid)
{
	if (c->n == CANDIDATES_MOST)
		sort(c);
	if (c->n == CANDIDATES_MOST)
		return false;
	c->tid[c->n++] = tid;
	return true;
}

/* They are sorted. */
static void drop(struct candidates *c, int64_t tid)
{
	int64_t *found = bsearch(&tid, c->tid, c->n, sizeof *c->tid, by_number);
	if (found)
		memmove(found, found + 1, (size_t)(c->tid + --c->n - found) * sizeof *found);
}

/* Row i as a clone() that made a child. */
static bool is_clone(struct hold *h, size_t i, const struct row *front, struct held_row *space,
		     struct call *call)
{
	if (h->row[i].done || h->row[i].child == 0)
		return false;
	const struct row *row = hold_row_at(h, i, space);
	return hold_same_scope(row, front) && call_read(h->map, row, call) && call->ok;
}

/* Those below the child's number: one inside is never above the one outside, which was given out as well. */
static void collect_returned(struct hold *h, const struct row *front, int64_t child, struct candidates *returned)
{
	struct held_row space;
	struct call call;
	returned->n = tasks_unseen(&h->map->tasks, child, returned->tid, CANDIDATES_MOST);
	for (size_t i = h->first + 1; h->clones && i < h->n; i++)
		if (h->row[i].child < child && is_clone(h, i, front, &space, &call) &&
		    !tasks_find(&h->map->tasks, h->row[i].child) && !add(returned, h->row[i].child))
			break;
	sort(returned);
}

/* Processes with rows that nobody is known to have made, also below that number; those that somebody returned
 * are none. */
static void collect_strange(struct hold *h, const struct row *front, int64_t child, struct candidates *returned,
			    struct candidates *strange)
{
	struct held_row space;
	int64_t before = -1, pid;
	for (size_t i = h->first; i < h->n; i++) {
		int64_t tid = h->row[i].tid;
		if (tid < 0 || tid == before) /* rows of one thread come in runs */
			continue;
		const struct row *row = hold_row_at(h, i, &space);
		if (!hold_same_scope(row, front))
			continue;
		before = tid;
		drop(returned, tid);
		bool leads = !row_number(row, COLUMN_PID, &pid) || pid == tid;
		if (tid < child && leads && !tasks_find(&h->map->tasks, tid) && !add(strange, tid))
			break;
	}
	sort(strange);
}

static bool made_as(struct hold *h, const struct row *front, int64_t returned, int64_t tid)
{
	struct held_row space;
	struct call call;
	if (tasks_renumber(&h->map->tasks, returned, tid))
		return true;
	for (size_t i = h->first + 1; i < h->n; i++)
		if (h->row[i].child == returned && is_clone(h, i, front, &space, &call) &&
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
	collect_returned(h, front, child, returned);
	if (returned->n)
		collect_strange(h, front, child, returned, strange);
	if (strange->n < returned->n) /* that many are before the child */
		made = made_as(h, front, returned->tid[strange->n], child);
	free(returned);
	if (!made && tasks_number(&h->map->tasks, h->need.tid))
		hold_make_chained(h);
}
