#include <math.h>
#include <stdlib.h>

#include "number.h"
#include "show.h"

/* How many values a cell holds, on a logarithmic scale. */
static const char shades[] = " .:-=+*#%@";
enum { SHADES = sizeof shades - 1, INDENT = 2 };

/* The groups of one map: the same key but for the time slice, which stands last. */
struct map {
	struct str key;
	struct agg_group **slice;
	size_t n;
	int64_t first, last; /* when its slices begin */
	struct agg_group total;
};

static struct str key_of(const struct agg_group *g)
{
	const char *tab = g->key.n ? memrchr(g->key.p, '\t', g->key.n) : NULL;
	return tab ? str_between(g->key.p, tab) : (struct str){g->key.p, 0};
}

static bool slice_of(const struct agg_group *g, int64_t *slice)
{
	struct str key = key_of(g);
	return number_i64(str_drop(g->key, key.n + (key.n < g->key.n && g->key.p[key.n] == '\t')),
	                  slice);
}

static int compare_slices(const void *a, const void *b)
{
	struct agg_group *const *x = a, *const *y = b;
	int order = str_cmp(key_of(*x), key_of(*y));
	int64_t s = INT64_MIN, t = INT64_MIN;
	slice_of(*x, &s);
	slice_of(*y, &t);
	return order ? order : (s > t) - (s < t);
}

static int compare_maps(const void *a, const void *b)
{
	const struct map *x = a, *y = b;
	__uint128_t s = x->total.dur.sum + x->total.bytes.sum,
	            t = y->total.dur.sum + y->total.bytes.sum;
	if (s != t)
		return s < t ? 1 : -1;
	return str_cmp(x->key, y->key);
}

/* Calls without a start time are in no slice and are left out. */
static struct map *maps_of(const struct options *o, const struct agg *agg,
                           struct agg_group **groups, size_t *n)
{
	struct map *maps = xcalloc(agg->groups.records + 1, sizeof *maps);
	*n = 0;
	qsort(groups, agg->groups.records, sizeof *groups, compare_slices);
	for (size_t i = 0; i < agg->groups.records; i++) {
		int64_t slice;
		if (!hist_is_binned(show_hist(o, groups[i])) || !slice_of(groups[i], &slice))
			continue;
		struct map *m = *n ? &maps[*n - 1] : NULL;
		if (!m || !str_eq(m->key, key_of(groups[i]))) {
			m = &maps[(*n)++];
			*m = (struct map){.key = key_of(groups[i]),
			                  .slice = &groups[i],
			                  .first = slice,
			                  .total = agg_group_empty()};
		}
		m->last = slice;
		m->n = (size_t)(&groups[i] - m->slice) + 1;
		agg_merge(&m->total, groups[i]);
	}
	qsort(maps, *n, sizeof *maps, compare_maps);
	return maps;
}

/* ---- as text ---- */

static char shade(uint64_t count, uint64_t most)
{
	if (count == 0)
		return ' ';
	double share = most > 1 ? log((double)count) / log((double)most) : 1;
	int level = 1 + (int)(share * (SHADES - 2) + 0.5);
	return shades[level < SHADES ? level : SHADES - 1];
}

static void add_time(struct buf *b, int64_t ns)
{
	char out[NUMBER_HUMAN];
	buf_add_str(b, str_of(number_human_time(out, ns)));
}

/* What a map looks like: rows are buckets, columns are one or more slices each. */
struct grid {
	struct span span;
	size_t columns, names;
	uint64_t joined; /* slices a column */
	uint64_t *cell;
	uint64_t most;
};

static struct grid grid_for(const struct options *o, const struct map *m)
{
	struct grid g = {.span = span_of(o, &m->total)};
	g.names = span_width(&g.span);
	size_t taken = INDENT + g.names + sizeof " ||";
	size_t room = show_width() > taken + 10 ? show_width() - taken : 10;
	uint64_t slices = ((uint64_t)m->last - (uint64_t)m->first) / (uint64_t)o->over_ns + 1;
	g.joined = (slices + room - 1) / room;
	g.columns = (size_t)((slices + g.joined - 1) / g.joined);
	g.cell = xcalloc(g.columns * (g.span.to - g.span.from), sizeof *g.cell);
	return g;
}

static uint64_t *cell_at(const struct grid *g, unsigned bucket, size_t column)
{
	return &g->cell[(bucket - g->span.from) * g->columns + column];
}

static void fill_grid(const struct options *o, const struct map *m, struct grid *g)
{
	for (size_t i = 0; i < m->n; i++) {
		int64_t slice;
		if (!hist_is_binned(show_hist(o, m->slice[i])) || !slice_of(m->slice[i], &slice))
			continue;
		uint64_t nth = ((uint64_t)slice - (uint64_t)m->first) / (uint64_t)o->over_ns;
		for (unsigned k = g->span.from; k < g->span.to; k++) {
			uint64_t *cell = cell_at(g, k, (size_t)(nth / g->joined));
			*cell += span_count(&g->span, &m->slice[i]->buckets, k);
			g->most = *cell > g->most ? *cell : g->most;
		}
	}
}

static void put_map(const struct options *o, const struct map *m)
{
	struct grid g = grid_for(o, m);
	struct buf b = {0}, name = {0};
	char out[NUMBER_HUMAN];
	fill_grid(o, m, &g);
	show_name(m->key, o->keys.n - 1, &b);
	buf_add_str(&b, STR(": "));
	show_calls(show_hist(o, &m->total)->count, &b);
	buf_printf(&b, ", %s a column, @ is ",
	           number_human_ns(out, (int64_t)g.joined * o->over_ns));
	show_calls(g.most, &b);
	buf_add_char(&b, '\n');
	for (unsigned k = g.span.to; k-- > g.span.from;) { /* the largest values on top */
		name.n = 0;
		span_name(&g.span, k, &name);
		buf_printf(&b, "%*s%.*s |", (int)(INDENT + g.names - name.n), "", (int)name.n,
		           name.p);
		for (size_t c = 0; c < g.columns; c++)
			buf_add_char(&b, shade(*cell_at(&g, k, c), g.most));
		buf_add_str(&b, STR("|\n"));
	}
	buf_printf(&b, "%*s  ", (int)(INDENT + g.names), "");
	add_time(&b, m->first);
	buf_add_str(&b, STR(" to "));
	int64_t end_ns;
	add_time(&b, __builtin_add_overflow(m->last, o->over_ns, &end_ns) ? INT64_MAX : end_ns);
	buf_add_char(&b, '\n');
	output_str(&output_stdout, buf_str(&b));
	free(g.cell);
	buf_free(&b);
	buf_free(&name);
}

void show_heat(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = agg_sorted(agg);
	struct map *maps = maps_of(o, agg, groups, &n);
	for (size_t i = 0; i < n && i < o->top; i++) {
		if (i)
			output_char(&output_stdout, '\n');
		put_map(o, &maps[i]);
	}
	for (size_t i = 0; i < n; i++)
		agg_group_free(&maps[i].total);
	free(maps);
	free(groups);
}

/* ---- as rows ---- */

static void put_slice(const struct options *o, struct table *t, const struct span *span,
                      const struct agg_group *g)
{
	for (unsigned k = span->from; k < span->to; k++) {
		uint64_t count = span_count(span, &g->buckets, k);
		if (!count)
			continue;
		keys_cells(&o->keys, g->key, t);
		span_cells(span, k, t);
		table_int(t, (int64_t)count);
		table_end_row(t);
	}
}

void show_heat_rows(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = agg_sorted(agg);
	struct map *maps = maps_of(o, agg, groups, &n);
	struct table *t = table_new(&output_stdout, o->format);
	keys_columns(&o->keys, t);
	show_bound_columns(o, t);
	table_column(t, "calls", TABLE_COUNT);
	for (size_t i = 0; i < n && i < o->top; i++) {
		struct span span = span_of(o, &maps[i].total);
		for (size_t s = 0; s < maps[i].n; s++)
			put_slice(o, t, &span, maps[i].slice[s]);
	}
	for (size_t i = 0; i < n; i++)
		agg_group_free(&maps[i].total);
	table_finish(t);
	free(maps);
	free(groups);
}
