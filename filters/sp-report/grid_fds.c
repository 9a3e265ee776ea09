/* fds.tsv: how many descriptors each process had open, a row whenever that changed. */
#include <stdlib.h>

#include "diag.h"
#include "grid_private.h"
#include "keyed.h"
#include "number.h"

static const char *const columns[] = {"start_ns", "pid", "open", "file", NULL};
enum { START, PID, OPEN, FILE_NAME, COLUMNS };

struct process {
	struct str name;
	int64_t most;
	struct grid_line *line; /* NULL: there are GRID_PROCESSES larger ones */
};

/* From this time on so many were open. */
struct level {
	int64_t ns, open;
	const struct process *process;
};

/* How long the table lasts, and whom it is about, is known at its end. Up to so many rows are kept until then, 3 MB;
 * a table with more is read a second time. */
enum { LEVELS_KEPT = 128 * 1024 };

struct reading {
	struct extent extent;
	struct keyed processes;
	struct level *level;
	size_t levels, room;
	bool incomplete; /* not all levels are kept */
};

/* Valid until the next one, and as long as the row is; *b is room for it. */
static struct str process_name(struct buf *b, const struct tsv *t, const int wanted[])
{
	struct str pid = t->field[wanted[PID]], file = t->field[wanted[FILE_NAME]];
	if (pid.n && !file.n)
		return pid;
	b->n = 0;
	buf_add_str(b, pid.n ? pid : STR("without a number"));
	if (file.n) {
		buf_add_str(b, STR(" in "));
		buf_add_str(b, file);
	}
	return buf_str(b);
}

/* ---- the first reading ---- */

static void keep_level(struct reading *r, struct level level)
{
	if (r->levels == LEVELS_KEPT) {
		r->incomplete = true;
		return;
	}
	if (r->levels == r->room)
		r->level = xrealloc(r->level, r->room = r->room ? 2 * r->room : 1024, sizeof *r->level);
	r->level[r->levels++] = level;
}

static void read_first(struct reading *r, struct source *s, const int wanted[])
{
	struct buf name = {0};
	/* Tables say the same of damaged rows, whether they are kept or not. */
	unsigned reported = diag_reported();
	for (enum tsv_what what; (what = source_next(s)) != TSV_END;) {
		int64_t ns, n;
		if (what != TSV_ROW || !grid_time(s->t, wanted[START], &ns))
			continue;
		grid_extend(&r->extent, ns);
		if (!tsv_i64(s->t, wanted[OPEN], &n) || n < 0)
			continue;
		struct process *process = keyed_at(&r->processes, process_name(&name, s->t, wanted));
		if (n > process->most)
			process->most = n;
		keep_level(r, (struct level){ns, n, process});
	}
	r->incomplete |= diag_reported() != reported;
	buf_free(&name);
}

static int by_most(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a,
	                     *y = *(const struct process *const *)b;
	int order = (x->most < y->most) - (x->most > y->most);
	return order ? order : str_cmp(x->name, y->name);
}

/* The processes with the most descriptors become the lines: there may be any number of others. */
static void choose_processes(struct grid *g, struct reading *r)
{
	void **order = keyed_sorted(&r->processes);
	qsort(order, r->processes.records, sizeof *order, by_most);
	for (; g->lines < r->processes.records && g->lines < GRID_PROCESSES; g->lines++) {
		struct process *process = order[g->lines];
		process->line = &g->line[g->lines];
		*process->line = (struct grid_line){.name = arena_str(&g->arena, process->name),
		                                    .low = -1,
		                                    .high = -1,
		                                    .total = process->most};
	}
	g->left_out = r->processes.records - g->lines;
	free(order);
}

/* ---- the lines ---- */

/* A level holds until the next row: line->low is that of the last row, line->high its slice. */
static void hold_level(struct grid_line *line, size_t to)
{
	for (int64_t i = line->high + 1; i < (int64_t)to; i++)
		line->value[i] = line->low;
}

static void draw(struct grid *g, struct grid_line *line, int64_t ns, int64_t open)
{
	size_t slice = (size_t)((ns - g->first_ns) / g->slice_ns);
	if ((int64_t)slice > line->high)
		hold_level(line, slice + 1);
	if (open > line->value[slice])
		line->value[slice] = open;
	if ((int64_t)slice >= line->high) {
		line->low = open;
		line->high = (int64_t)slice;
	}
}

static void draw_kept(struct grid *g, const struct reading *r)
{
	for (const struct level *level = r->level; level < r->level + r->levels; level++)
		if (level->process->line)
			draw(g, level->process->line, level->ns, level->open);
}

static void read_again(struct grid *g, struct reading *r, const char *dir)
{
	struct source source;
	struct buf name = {0};
	int wanted[COLUMNS];
	if (!grid_open(&source, dir, "fds", columns, wanted))
		return;
	for (enum tsv_what what; (what = source_next(&source)) != TSV_END;) {
		int64_t ns, open;
		struct tsv *t = source.t;
		if (what != TSV_ROW || !number_i64(t->field[wanted[START]], &ns) || ns < g->first_ns ||
		    ns > r->extent.last)
			continue;
		const struct process *process = keyed_at(&r->processes, process_name(&name, t, wanted));
		if (process->line && tsv_i64(t, wanted[OPEN], &open) && open >= 0)
			draw(g, process->line, ns, open);
	}
	source_close(&source);
	buf_free(&name);
}

static void draw_lines(struct grid *g, struct reading *r, const char *dir)
{
	grid_choose_slices(g, r->extent, GRID_SLICES, false);
	for (size_t i = 0; i < g->lines; i++)
		grid_give_values(g, &g->line[i], -1);
	if (r->incomplete)
		read_again(g, r, dir);
	else
		draw_kept(g, r);
	for (size_t i = 0; i < g->lines; i++) {
		hold_level(&g->line[i], g->slices);
		g->line[i].low = g->line[i].high = 0;
	}
}

void grid_load_fds(struct grid *g, const char *dir)
{
	static const struct process blank;
	struct reading r = {.extent = {.first = INT64_MAX}};
	struct source source;
	int wanted[COLUMNS];
	*g = (struct grid){0};
	g->present = grid_open(&source, dir, "fds", columns, wanted);
	if (!g->present)
		return;
	keyed_open(&r.processes, &blank, sizeof blank);
	read_first(&r, &source, wanted);
	source_close(&source);
	choose_processes(g, &r);
	if (r.extent.rows)
		draw_lines(g, &r, dir);
	keyed_close(&r.processes);
	free(r.level);
}
