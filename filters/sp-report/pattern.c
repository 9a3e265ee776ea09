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
