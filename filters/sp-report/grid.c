#include "grid_private.h"

#include <stdlib.h>

#include "number.h"

typedef void take_row(struct grid *g, struct tsv *t, const int wanted[], size_t slice);

static int64_t greatest_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

bool grid_open(struct source *s, const char *dir, const char *name, const char *const columns[], int wanted[])
{
	if (!source_open(s, dir, name))
		return false;
	for (int i = 0; columns[i]; i++)
		wanted[i] = tsv_want(s->t, columns[i]);
	return true;
}

bool grid_time(struct tsv *t, int wanted, int64_t *ns)
{
	return tsv_i64(t, wanted, ns) && *ns >= 0 && *ns < INT64_MAX / 2;
}

void grid_extend(struct extent *e, int64_t ns)
{
	e->rows++;
	if (ns < e->first)
		e->first = ns;
	if (ns > e->last)
		e->last = ns;
}

static struct extent measure(struct source *s, int time)
{
	struct extent e = {.first = INT64_MAX};
	int64_t ns;
	for (enum tsv_what what; (what = source_next(s)) != TSV_END;)
		if (what == TSV_ROW && grid_time(s->t, time, &ns)) {
			if (e.rows)
				e.step = greatest_divisor(e.step, llabs(ns - e.first));
			grid_extend(&e, ns);
		}
	return e;
}

void grid_give_values(struct grid *g, struct grid_line *line, int64_t fill)
{
	line->value = arena_alloc(&g->arena, g->slices * sizeof *line->value);
	for (size_t i = 0; fill && i < g->slices; i++)
		line->value[i] = fill;
}

void grid_choose_slices(struct grid *g, struct extent e, size_t most, bool sliced)
{
	/* A step of 0: there is one slice only, of unknown length, or none. */
	int64_t step = sliced && e.step ? e.step : 1;
	/* 1, 2, 10, 20, 100: the ends of slices are numbers to read. */
	for (bool five = false; !sliced && e.last / step - e.first / step >= (int64_t)most;
	     five = !five)
		step *= five ? 5 : 2;
	g->first_ns = e.first - e.first % step;
	int64_t steps = (e.last - g->first_ns) / step + 1;
	int64_t joined = (steps - 1) / (int64_t)most + 1;
	g->slice_ns = step * joined;
	g->slices = (size_t)((steps - 1) / joined + 1);
}

/* Reads the table when it is known how long it lasts. */
static void fill(struct grid *g, const char *dir, const char *name, const char *const columns[], struct extent e,
                 size_t most, take_row *take)
{
	struct source source;
	int wanted[8];
	if (e.rows == 0)
		return;
	grid_choose_slices(g, e, most, true);
	if (!grid_open(&source, dir, name, columns, wanted))
		return;
	for (enum tsv_what what; (what = source_next(&source)) != TSV_END;) {
		int64_t ns;
		if (what == TSV_ROW && number_i64(source.t->field[wanted[0]], &ns) && ns >= g->first_ns &&
		    ns <= e.last)
			take(g, source.t, wanted, (size_t)((ns - g->first_ns) / g->slice_ns));
	}
	source_close(&source);
}

/* The first column is the time. The table is read twice: how long it lasts is known at its end. */
static void load(struct grid *g, const char *dir, const char *name, const char *const columns[], size_t most,
                 take_row *take)
{
	struct source source;
	int wanted[8];
	g->present = grid_open(&source, dir, name, columns, wanted);
	if (!g->present)
		return;
	struct extent e = measure(&source, wanted[0]);
	source_close(&source);
	fill(g, dir, name, columns, e, most, take);
}

static struct grid_line *add_line(struct grid *g, struct str name)
{
	if (g->lines == GRID_LINES) {
		g->left_out++;
		return NULL;
	}
	struct grid_line *line = &g->line[g->lines++];
	*line = (struct grid_line){.name = arena_str(&g->arena, name)};
	grid_give_values(g, line, 0);
	return line;
}

static struct grid_line *find_line(struct grid *g, size_t from, struct str name)
{
	for (size_t i = from; i < g->lines; i++)
		if (str_eq(g->line[i].name, name))
			return &g->line[i];
	return NULL;
}

static struct grid_line *line_named(struct grid *g, size_t from, struct str name)
{
	struct grid_line *line = find_line(g, from, name);
	return line ? line : add_line(g, name);
}

/* No value is negative, so none is larger than the total, and sums of values do not overflow
 * either. */
static void add(struct grid_line *line, size_t slice, int64_t n)
{
	int64_t total;
	if (!line || n < 0 || __builtin_add_overflow(line->total, n, &total))
		return;
	line->total = total;
	line->value[slice] += n;
}

static int by_total(const void *a, const void *b)
{
	const struct grid_line *x = a, *y = b;
	int order = (x->total < y->total) - (x->total > y->total);
	return order ? order : str_cmp(x->name, y->name);
}

/* ---- the tables ---- */

static const char *const timeline_columns[] = {"slice_ns", "calls",    "errors",  "bytes",
                                               "total_ns", "category", "wait_ns", NULL};
enum { COLUMN_CATEGORY = 1 + TIMELINE_LINES, COLUMN_WAIT };

static void take_timeline(struct grid *g, struct tsv *t, const int wanted[], size_t slice)
{
	for (int i = 0; g->lines < TIMELINE_LINES; i++)
		add_line(g, str_of(timeline_columns[1 + i]));
	int64_t n, wait;
	for (int i = 0; i < TIMELINE_TOTAL; i++)
		if (tsv_i64(t, wanted[1 + i], &n))
			add(&g->line[i], slice, n);
	if (!tsv_i64(t, wanted[1 + TIMELINE_TOTAL], &n))
		return;
	g->active |= tsv_has(t, wanted[COLUMN_WAIT]);
	if (tsv_i64(t, wanted[COLUMN_WAIT], &wait) && wait >= 0 && wait <= n)
		n -= wait;
	add(&g->line[TIMELINE_TOTAL], slice, n);
	struct str category = t->field[wanted[COLUMN_CATEGORY]];
	if (category.n)
		add(line_named(g, TIMELINE_LINES, category), slice, n);
}

void grid_load_timeline(struct grid *g, const char *dir)
{
	*g = (struct grid){0};
	load(g, dir, "timeline", timeline_columns, GRID_SLICES, take_timeline);
	if (g->lines > TIMELINE_LINES)
		qsort(g->line + TIMELINE_LINES, g->lines - TIMELINE_LINES, sizeof *g->line,
		      by_total);
}

static void take_heat(struct grid *g, struct tsv *t, const int wanted[], size_t slice)
{
	int64_t low, high = 0, n;
	if (!tsv_i64(t, wanted[1], &low) || !tsv_i64(t, wanted[3], &n))
		return;
	tsv_i64(t, wanted[2], &high);
	struct grid_line *line = line_named(g, 0, t->field[wanted[1]]);
	if (!line)
		return;
	line->low = low;
	line->high = high;
	add(line, slice, n);
}

static int by_low(const void *a, const void *b)
{
	const struct grid_line *x = a, *y = b;
	return (x->low > y->low) - (x->low < y->low);
}

void grid_load_heat(struct grid *g, const char *dir)
{
	static const char *const columns[] = {"slice_ns", "low_ns", "high_ns", "calls", NULL};
	*g = (struct grid){0};
	load(g, dir, "heat", columns, GRID_HEAT_SLICES, take_heat);
	qsort(g->line, g->lines, sizeof *g->line, by_low);
}
