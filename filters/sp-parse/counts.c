#include "counts.h"

#include <stdlib.h>

#include "agg.h"
#include "number.h"

bool counts_is_name(struct str s)
{
	size_t n = 0;
	while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') ||
	                   number_is_digit(s.p[n]) || s.p[n] == '_'))
		n++;
	return n > 0 && n == s.n;
}

struct counts_group *counts_of(struct counts *c, struct str name, const struct syscall_info *info)
{
	static const struct counts_group blank;
	if (!c->first)
		keyed_open(&c->groups, &blank, sizeof blank);
	size_t before = c->groups.records;
	struct counts_group *g = keyed_at(&c->groups, name);
	if (c->groups.records == before)
		return g;
	g->waits = info && info->waits;
	if (c->last)
		c->last->next = g;
	else
		c->first = g;
	return c->last = g;
}

void counts_extremes(struct counts_group *g, uint64_t min_ns, uint64_t max_ns)
{
	g->min_ns = !g->has_extremes || min_ns < g->min_ns ? min_ns : g->min_ns;
	g->max_ns = !g->has_extremes || max_ns > g->max_ns ? max_ns : g->max_ns;
	g->has_extremes = true;
}

/* One call's time is exact: it is the total. */
static void sharpen(struct counts_group *g)
{
	if (g->timed != 1 || !g->has_total || g->total_ns > UINT32_MAX)
		return;
	g->min_ns = g->max_ns = (uint64_t)g->total_ns;
	g->has_extremes = true;
	g->squares_ns = g->total_ns * g->total_ns;
	g->bin = xrealloc(g->bin, 1, sizeof *g->bin);
	g->bin[0] = (struct counts_bin){hist_bin(g->min_ns), 1};
	g->bins = 1;
}

static void settle(struct counts_group *g)
{
	if (g->calls == 0)
		g->calls = g->exits ? g->exits : g->timed;
	if (g->bins == 0 && g->has_total)
		g->timed = g->calls;
	sharpen(g);
}

/* ---- text ---- */

static int by_bin(const void *a, const void *b)
{
	const struct counts_bin *x = a, *y = b;
	return (x->bin > y->bin) - (x->bin < y->bin);
}

static void put_bins(struct buf *b, struct counts_group *g)
{
	if (g->bins)
		qsort(g->bin, g->bins, sizeof *g->bin, by_bin);
	for (size_t i = 0; i < g->bins;) {
		uint64_t count = 0;
		unsigned bin = g->bin[i].bin;
		for (; i < g->bins && g->bin[i].bin == bin; i++)
			count += g->bin[i].count;
		buf_printf(b, "%u:%llu%s", bin, (unsigned long long)count, i < g->bins ? "," : "");
	}
}

static bool is_known(const struct counts_group *g, const char *column, enum agg_how how)
{
	bool of_time = str_ends(str_of(column), STR("_ns"));
	switch (how) {
	case AGG_SUM64:
	case AGG_SUM128:
		return true;
	case AGG_SQUARES:
		return !of_time || !g->timed || g->bins;
	case AGG_EXTREME:
		return of_time && g->timed && g->has_extremes;
	default:
		return false;
	}
}

static void put_column(struct buf *b, struct counts_group *g, const char *column, enum agg_how how)
{
	__uint128_t total = g->has_total ? g->total_ns : g->sum_ns;
	const struct {
		const char *column;
		__uint128_t value;
	} values[] = {
	    {"calls", g->calls},
	    {"errors", g->errors},
	    {"wait_calls", g->waits ? g->calls : 0},
	    {"wait_ns", g->waits && g->timed ? total : 0},
	    {"timed", g->timed},
	    {"total_ns", g->timed ? total : 0},
	    {"squares_ns", g->squares_ns},
	    {"min_ns", g->min_ns},
	    {"max_ns", g->max_ns},
	};
	if (strcmp(column, "bins_ns") == 0)
		put_bins(b, g);
	if (!is_known(g, column, how))
		return;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (strcmp(column, values[i].column) == 0) {
			buf_add_number(b, values[i].value);
			return;
		}
	}
	buf_add_char(b, '0');
}

static void put_row(struct buf *b, struct counts_group *g)
{
	settle(g);
	buf_add_str(b, g->name);
#define AGG(member, column, how)                                                                   \
	if (AGG_##how != AGG_BUCKETS) {                                                            \
		buf_add_char(b, '\t');                                                             \
		put_column(b, g, column, AGG_##how);                                               \
	}
#include "agg.def"
#undef AGG
	buf_add_char(b, '\n');
}

bool counts_write(struct counts *c, struct buf *out)
{
	if (c->first) {
		buf_add_str(out, STR("syscall"));
#define AGG(member, column, how)                                                                   \
	if (AGG_##how != AGG_BUCKETS)                                                              \
		buf_add_str(out, STR("\t" column));
#include "agg.def"
#undef AGG
		buf_add_char(out, '\n');
	}
	for (struct counts_group *g = c->first; g; g = g->next)
		put_row(out, g);
	return c->first != NULL;
}

void counts_free(struct counts *c)
{
	for (struct counts_group *g = c->first; g; g = g->next)
		free(g->bin);
	keyed_close(&c->groups);
	*c = (struct counts){0};
}
