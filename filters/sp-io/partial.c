#include "partial.h"

#include <stdlib.h>

#include "number.h"

/* The columns, in order: what a group of any program has, the sums, five for each histogram. */
enum base { CALLS, ERRORS, TIMED, TOTAL, BASES };
enum part { VALUES, SUM_OF, MIN, MAX, BINS, PARTS };
_Static_assert((int)PARTIAL_COLUMNS == (int)BASES + (int)SUMS + (int)PARTS * (int)HISTS,
               "one column each");

static const char *const names[PARTIAL_COLUMNS] = {
    [CALLS] = "calls",
    [ERRORS] = "errors",
    [TIMED] = "timed",
    [TOTAL] = "total_ns",
#define SUM(id, column, act) [BASES + SUM_##id] = column,
#define HIST(id, column, unit, act)
#include "sums.def"
#undef SUM
#undef HIST
#define SUM(id, column, act)
#define HIST(id, column, unit, act)                                                                     \
	[BASES + SUMS + HIST_##id * PARTS +                                                        \
	    VALUES] = column "_values_" unit,                                                      \
	    [BASES + SUMS + HIST_##id * PARTS + SUM_OF] = column "_sum_" unit,                     \
	    [BASES + SUMS + HIST_##id * PARTS + MIN] = column "_min_" unit,                        \
	    [BASES + SUMS + HIST_##id * PARTS + MAX] = column "_max_" unit,                        \
	    [BASES + SUMS + HIST_##id * PARTS + BINS] = column "_bins_" unit,
#include "sums.def"
#undef SUM
#undef HIST
};

void partial_want(struct partial *p, struct tsv *t)
{
	p->t = t;
	for (int i = 0; i < PARTIAL_COLUMNS; i++)
		p->column[i] = tsv_want(t, names[i]);
}

bool partial_header(struct partial *p)
{
	if (!tsv_has(p->t, p->column[CALLS]))
		return false;
	for (int i = 0; i < PARTIAL_COLUMNS; i++)
		if (!tsv_has(p->t, p->column[i]))
			diag_at(DIAG_COLUMN, input_place(p->t->in),
			        "%s: this is a result; only events and what --partial wrote can be read",
			        names[i]);
	return true;
}

/* ---- in ---- */

static struct str field(const struct partial *p, int i)
{
	return tsv_at(p->t, p->column[i]);
}

static bool take_hist(const struct partial *p, struct group *g, int which)
{
	int first = BASES + SUMS + which * PARTS;
	struct hist h = {0};
	uint64_t total = 0;
	bool good = number_u64(field(p, first + VALUES), &h.count);
	if (!good || h.count == 0)
		return good && field(p, first + BINS).n == 0;
	good = number_u128(field(p, first + SUM_OF), &h.sum) &&
	       number_u64(field(p, first + MIN), &h.min) &&
	       number_u64(field(p, first + MAX), &h.max) &&
	       hist_read_bins(&h, field(p, first + BINS), &total) && total == h.count;
	if (good)
		hist_merge(group_hist(g, (enum which_hist)which), &h);
	hist_free(&h);
	return good;
}

/* The column that cannot be, or PARTIAL_COLUMNS. */
static int take_row(const struct partial *p, struct group *g)
{
	uint64_t value;
	if (!number_u64(field(p, CALLS), &g->calls))
		return CALLS;
	if (!number_u64(field(p, ERRORS), &g->errors))
		return ERRORS;
	if (!number_u64(field(p, TIMED), &g->timed))
		return TIMED;
	if (!number_u128(field(p, TOTAL), &g->total_ns))
		return TOTAL;
	for (int i = 0; i < SUMS; i++)
		if (number_u64(field(p, BASES + i), &value))
			group_add_sum(g, (enum sum)i, value);
		else
			return BASES + i;
	for (int i = 0; i < HISTS; i++)
		if (!take_hist(p, g, i))
			return BASES + SUMS + i * PARTS + BINS;
	return PARTIAL_COLUMNS;
}

bool partial_row(struct partial *p, struct group *g)
{
	int bad = take_row(p, g);
	if (bad == PARTIAL_COLUMNS)
		return true;
	diag_at(DIAG_ROW, input_place(p->t->in), "a partial's %s cannot be: %.*s", names[bad],
	        (int)field(p, bad).n, field(p, bad).p);
	return false;
}

/* ---- out ---- */

static void put(struct buf *b, __uint128_t value)
{
	buf_add_number(b, value);
	buf_add_char(b, '\t');
}

static void put_hist(struct buf *b, const struct hist *h)
{
	if (!h || h->count == 0) {
		buf_add_str(b, STR("0\t0\t\t\t\t"));
		return;
	}
	put(b, h->count);
	put(b, h->sum);
	put(b, h->min);
	put(b, h->max);
	hist_write_bins(h, b);
	buf_add_char(b, '\t');
}

static void put_group(struct buf *b, const struct group *g)
{
	put(b, g->calls);
	put(b, g->errors);
	put(b, g->timed);
	put(b, g->total_ns);
	for (int i = 0; i < SUMS; i++)
		put(b, group_sum(g, (enum sum)i));
	for (int i = 0; i < HISTS; i++)
		put_hist(b, g->hist[i]);
}

static void end_line(struct buf *b, struct output *out)
{
	b->p[b->n - 1] = '\n'; /* over the last TAB */
	output_str(out, buf_str(b));
	b->n = 0;
}

void partial_write(const struct keyed *groups, const struct keys *keys, struct output *out)
{
	struct buf b = {0};
	for (int i = 0; i < keys->n; i++)
		buf_printf(&b, "%.*s\t", (int)keys->key[i].name.n, keys->key[i].name.p);
	for (int i = 0; i < PARTIAL_COLUMNS; i++)
		buf_printf(&b, "%s\t", names[i]);
	end_line(&b, out);
	void **sorted = keyed_sorted(groups);
	for (size_t i = 0; i < groups->records; i++) {
		struct group *g = sorted[i];
		group_settle(g);
		buf_add_str(&b, g->key);
		if (keys->n)
			buf_add_char(&b, '\t');
		put_group(&b, g);
		group_free(g);
		end_line(&b, out);
	}
	free(sorted);
	buf_free(&b);
}
