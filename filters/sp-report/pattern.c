#include "pattern.h"

#include <stdlib.h>

static int by_share(const void *x, const void *y)
{
	const struct pattern_row *a = x, *b = y;
	if (a->active != b->active)
		return a->active ? -1 : 1;
	int order = (a->share < b->share) - (a->share > b->share);
	return order ? order : (a->time_ns < b->time_ns) - (a->time_ns > b->time_ns);
}

/* ---- by kind of file ---- */

/* The rows of activity.tsv that are not what their category says. */
static const struct {
	const char *category, *fdtype, *work;
	bool waits; /* the time goes to waiting for the other side */
} exceptions[] = {
    {"disk_read", "socket", "network_read_wait", true}, {"disk_read", "pipe", "pipe_read_wait", true},
    {"disk_read", "tty", "terminal_read_wait", true},   {"disk_write", "socket", "network", false},
    {"disk_write", "pipe", "pipes", false},        {"disk_write", "tty", "terminal", false},
};

static struct cell *cell_at(const struct sheet *s, struct row *row, const char *name)
{
	return &row->cell[sheet_column(s, name)];
}

static void add_cell(struct cell *to, const struct cell *from)
{
	to->n = sheet_sum(to->n, from->n);
	to->known |= from->known;
}

static void rename_row(const struct sheet *s, struct row *row)
{
	struct cell *category = cell_at(s, row, "category"), *wait = cell_at(s, row, "wait_ns"),
	            *active = cell_at(s, row, "active_ns");
	struct str fdtype = sheet_cell(s, row, "fdtype").text;
	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
		if (!str_eq(category->text, str_of(exceptions[i].category)) ||
		    !str_eq(fdtype, str_of(exceptions[i].fdtype)))
			continue;
		category->text = str_of(exceptions[i].work);
		if (exceptions[i].waits) {
			add_cell(wait, active);
			active->n = 0;
		}
		return;
	}
}

static void merge_row(const struct sheet *s, struct row *to, struct row *from)
{
	static const char *const sums[] = {"calls", "total_ns", "wait_ns", "active_ns", "bytes"};
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
		add_cell(cell_at(s, to, sums[i]), cell_at(s, from, sums[i]));
	struct cell *calls = cell_at(s, to, "calls"), *mean = cell_at(s, to, "mean_ns");
	mean->known = mean->known && calls->n > 0;
	mean->n = mean->known ? cell_at(s, to, "total_ns")->n / calls->n : 0;
	*cell_at(s, to, "p99_ns") = (struct cell){.text = STR("")}; /* not to be had from two */
}

void pattern_fold(struct sheet *s)
{
	if (!s->used[sheet_column(s, "fdtype")] || !s->used[sheet_column(s, "active_ns")])
		return;
	size_t kept = 0;
	int64_t whole = 0;
	for (size_t i = 0; i < s->rows; i++) {
		size_t at = 0;
		rename_row(s, s->row[i]);
		whole = sheet_sum(whole, cell_at(s, s->row[i], "active_ns")->n);
		while (at < kept && !str_eq(cell_at(s, s->row[at], "category")->text,
		                            cell_at(s, s->row[i], "category")->text))
			at++;
		if (at == kept) {
			s->row[kept++] = s->row[i];
			continue;
		}
		merge_row(s, s->row[at], s->row[i]);
		free(s->row[i]);
	}
	s->rows = kept;
	for (size_t i = 0; i < kept; i++) {
		struct cell *active = cell_at(s, s->row[i], "active_ns");
		struct cell *share = cell_at(s, s->row[i], "active_percent");
		share->known = active->known && active->n > 0;
		share->n = sheet_share(active->n, whole);
	}
	s->used[sheet_column(s, "fdtype")] = false;
}

/* ---- rows ---- */

size_t pattern_rows(const struct folder *f, struct pattern_row rows[PATTERN_ROWS])
{
	const struct sheet *s = folder_sheet(f, SHEET_ACTIVITY);
	size_t n = 0;
	for (size_t i = 0; i < s->rows && n < PATTERN_ROWS; i++) {
		struct row *row = s->row[i];
		struct cell total = sheet_cell(s, row, "total_ns"),
		            active = sheet_cell(s, row, "active_ns"),
		            wait = sheet_cell(s, row, "wait_ns"),
		            share = sheet_cell(s, row, "active_percent");
		if (!total.known)
			continue;
		bool is_active = share.known && !(wait.known && wait.n == total.n && total.n > 0);
		rows[n++] = (struct pattern_row){
		    .work = sheet_cell(s, row, "category").text,
		    .active = is_active,
		    .calls = sheet_cell(s, row, "calls").n,
		    .time_ns = is_active && active.known ? active.n : total.n,
		    .wait_ns = !is_active   ? total.n
		               : wait.known ? wait.n
		                            : 0,
		    .share = is_active ? share.n : 0,
		    .row = row,
		};
	}
	qsort(rows, n, sizeof *rows, by_share);
	if (n && rows[0].active && rows[0].share > 0 && !str_eq(rows[0].work, STR("other")))
		rows[0].bottleneck = true;
	return n;
}

void pattern_name(struct buf *b, struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		buf_add_char(b, name.p[i] == '_' ? ' ' : name.p[i]);
}

void pattern_verdict(struct buf *b, const struct folder *f)
{
	enum { NAME = 100 };
	struct pattern_row rows[PATTERN_ROWS];
	if (!pattern_rows(f, rows) || !rows[0].bottleneck)
		return;
	if (rows[0].work.n > NAME)
		rows[0].work.n = NAME;
	pattern_name(b, rows[0].work);
	buf_add_str(b, STR(" has "));
	sheet_show(b, TABLE_PERCENT, rows[0].share);
	buf_add_str(b, STR(" % of the active time of I/O"));
}
