#include "openers.h"

#include <stdlib.h>

#include "arena.h"
#include "number.h"

struct openers {
	struct arena arena;
	struct opener **slot; /* of a hash table */
	size_t cap, n;
	int64_t from, until, width; /* of the trace; of a bin, ns */
	bool timed, stacks;
};

enum { FIRST_CAP = 64, FIRST_WIDTH = 1000 * 1000 };

struct openers *openers_new(void)
{
	struct openers *o = xcalloc(1, sizeof *o);
	o->cap = FIRST_CAP;
	o->slot = xcalloc(o->cap, sizeof(struct opener *));
	o->width = FIRST_WIDTH;
	return o;
}

void openers_free(struct openers *o)
{
	if (!o)
		return;
	arena_free(&o->arena);
	free(o->slot);
	free(o);
}

/* ---- openers ---- */

/* "/tmp/job-17.log" is one of "/tmp/job-N.log". */
static void add_pattern(struct buf *b, struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (!number_is_digit(path.p[i]))
			buf_add_char(b, path.p[i]);
		else if (i == 0 || !number_is_digit(path.p[i - 1]))
			buf_add_char(b, 'N');
}

static size_t slot_for(const struct openers *o, struct str path, struct str syscall, struct str stack)
{
	uint64_t h = str_hash(path) ^ str_hash(syscall) * 3 ^ str_hash(stack) * 5;
	size_t i = h & (o->cap - 1);
	while (o->slot[i] && !(str_eq(o->slot[i]->path, path) &&
			       str_eq(o->slot[i]->syscall, syscall) &&
			       str_eq(o->slot[i]->stack, stack)))
		i = (i + 1) & (o->cap - 1);
	return i;
}

static void grow(struct openers *o)
{
	struct opener **old = o->slot;
	size_t old_cap = o->cap;
	o->cap *= 2;
	o->slot = xcalloc(o->cap, sizeof(struct opener *));
	for (size_t i = 0; i < old_cap; i++)
		if (old[i])
			o->slot[slot_for(o, old[i]->path, old[i]->syscall, old[i]->stack)] =
			    old[i];
	free(old);
}

struct opener *openers_opened(struct openers *o, struct str path, struct str syscall,
			      struct str stack)
{
	struct buf pattern = {0};
	add_pattern(&pattern, path);
	size_t i = slot_for(o, buf_str(&pattern), syscall, stack);
	struct opener *opener = o->slot[i];
	if (!opener) {
		opener = o->slot[i] = arena_alloc(&o->arena, sizeof *opener);
		opener->all = o;
		opener->path = arena_str(&o->arena, buf_str(&pattern));
		opener->syscall = arena_str(&o->arena, syscall);
		opener->stack = arena_str(&o->arena, stack);
		o->stacks |= stack.n > 0;
		if (++o->n * 2 > o->cap)
			grow(o);
	}
	opener->opened++;
	buf_free(&pattern);
	return opener;
}

/* ---- time ---- */

static void widen(struct openers *o)
{
	o->width *= 2;
	for (size_t i = 0; i < o->cap; i++)
		for (int k = 0; o->slot[i] && k < OPENER_BINS; k++) {
			uint32_t *left = o->slot[i]->left;
			left[k] = k < OPENER_BINS / 2 ? left[2 * k] + left[2 * k + 1] : 0;
		}
}

static int bin_of(struct openers *o, int64_t ns)
{
	int64_t since = ns > o->from ? ns - o->from : 0;
	while (since / o->width >= OPENER_BINS)
		widen(o);
	return (int)(since / o->width);
}

void openers_time(struct openers *o, int64_t ns)
{
	if (!o->timed)
		o->from = ns;
	if (!o->timed || ns > o->until)
		o->until = ns;
	o->timed = true;
}

void opener_left(struct opener *opener, int64_t ns, bool at_exit)
{
	*(at_exit ? &opener->at_exit : &opener->at_end) += 1;
	if (opener->all->timed && ns >= opener->all->from)
		opener->left[bin_of(opener->all, ns)]++;
}

/* ---- the table ---- */

static uint64_t never_closed(const struct opener *opener)
{
	return opener->at_exit + opener->at_end;
}

static int most_first(const void *a, const void *b)
{
	const struct opener *x = *(struct opener *const *)a, *y = *(struct opener *const *)b;
	uint64_t m = never_closed(x), n = never_closed(y);
	int order = (m < n) - (m > n);
	if (!order)
		order = str_cmp(x->path, y->path);
	if (!order)
		order = str_cmp(x->syscall, y->syscall);
	return order ? order : str_cmp(x->stack, y->stack);
}

/* How many of those never closed were open after that share of the trace's time. */
static uint64_t open_after(struct openers *o, const struct opener *opener, int quarter)
{
	uint64_t sum = 0;
	int last = bin_of(o, o->from + (o->until - o->from) / 4 * quarter);
	for (int i = 0; i < OPENER_BINS && (i < last || (quarter == 4 && i == last)); i++)
		sum += opener->left[i];
	return sum;
}

static void print_one(struct openers *o, struct table *t, const struct opener *opener)
{
	table_text(t, opener->path);
	table_text(t, opener->syscall);
	if (o->stacks)
		table_text(t, opener->stack);
	table_int(t, (int64_t)opener->opened);
	table_int(t, (int64_t)opener->closed);
	table_int(t, (int64_t)never_closed(opener));
	table_int(t, (int64_t)opener->at_exit);
	table_int(t, (int64_t)opener->at_end);
	for (int quarter = 1; quarter <= 4; quarter++) {
		if (o->timed)
			table_int(t, (int64_t)open_after(o, opener, quarter));
		else
			table_empty(t);
	}
	table_end_row(t);
}

void openers_print(struct openers *o, struct output *out, enum table_format format, uint64_t top)
{
	static const char *const counts[] = {"opened",	"closed",  "never_closed", "at_exit", "at_end",
					     "open_25", "open_50", "open_75",	   "open_100"};
	struct table *t = table_new(out, format);
	table_column(t, "path", TABLE_TEXT);
	table_column(t, "syscall", TABLE_TEXT);
	if (o->stacks)
		table_column(t, "stack", TABLE_TEXT);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		table_column(t, counts[i], TABLE_COUNT);
	struct opener **sorted = xcalloc(o->n + 1, sizeof(struct opener *));
	size_t n = 0;
	for (size_t i = 0; i < o->cap; i++)
		if (o->slot[i] && never_closed(o->slot[i]))
			sorted[n++] = o->slot[i];
	qsort(sorted, n, sizeof *sorted, most_first);
	for (size_t i = 0; i < n && (top == 0 || i < top); i++)
		print_one(o, t, sorted[i]);
	free(sorted);
	table_finish(t);
}
