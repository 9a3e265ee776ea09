#include <stdlib.h>

#include "html.h"

/* ---- one run ---- */

static void head_cell(const struct sheet_column *c)
{
	html("<th scope=\"col\"%s>%s</th>", c->type == TABLE_TEXT ? " class=\"t\"" : "", c->label);
}

static void open_table(const char *name, const char *heading)
{
	html("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
	     "<table data-table=\"%s\"><thead>",
	     heading, name);
}

static void more_rows(const struct sheet *s, size_t shown)
{
	uint64_t more = s->rows - shown + s->left_out;
	if (!more)
		return;
	html("<p class=\"more\">");
	html_count((int64_t)more, "more row is", "more rows are");
	html(" in %s.tsv.</p>", sheet_info[s->id].name);
}

void html_sheet(const struct folder *f, enum sheet_id id)
{
	const struct sheet *s = folder_sheet(f, id);
	size_t shown = s->rows < sheet_info[id].shown ? s->rows : sheet_info[id].shown;
	open_table(sheet_info[id].name, sheet_info[id].heading);
	html("<tr>");
	for (int c = 0; c < s->columns; c++)
		if (s->used[c])
			head_cell(s->column[c]);
	html("</tr></thead><tbody>\n");
	for (size_t r = 0; r < shown; r++) {
		html("<tr>");
		for (int c = 0; c < s->columns; c++)
			if (s->used[c])
				html_cell(s->column[c], &s->row[r]->cell[c]);
		html("</tr>\n");
	}
	html("</tbody></table></div>\n");
	more_rows(s, shown);
}

/* ---- two runs ---- */

struct pair {
	const struct row *a, *b;
	int64_t weight;
};

static int by_weight(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

static int64_t weigh(const struct sheet *s, const struct row *a, const struct row *b)
{
	int64_t x = a ? a->cell[s->order].n : 0, y = b ? b->cell[s->order].n : 0, n;
	if (__builtin_sub_overflow(x, y, &n) || n == INT64_MIN)
		return INT64_MAX;
	return n < 0 ? -n : n;
}

static size_t pair_rows(const struct sheet *a, const struct sheet *b, struct pair *pairs)
{
	size_t n = 0;
	for (size_t i = 0; i < a->rows; i++) {
		const struct row *other = sheet_find(b, a->row[i]);
		pairs[n++] = (struct pair){a->row[i], other, weigh(a, a->row[i], other)};
	}
	for (size_t i = 0; i < b->rows; i++)
		if (!sheet_find(a, b->row[i]))
			pairs[n++] = (struct pair){NULL, b->row[i], weigh(b, NULL, b->row[i])};
	qsort(pairs, n, sizeof *pairs, by_weight);
	return n;
}

/* From a to b: "+12.50 %", "new", "gone". */
static void change_cell(const struct cell *a, const struct cell *b)
{
	bool had = a && a->known, has = b && b->known;
	int64_t x = had ? a->n : 0, y = has ? b->n : 0;
	if ((!had && !has) || (x == 0 && y == 0)) {
		html("<td class=\"d\"></td>");
	} else if (x == 0 || !has) {
		html("<td class=\"d %s\" data-v=\"%s\">%s</td>", has ? "up" : "down",
		     has ? "1e18" : "-1e18", has ? "new" : "gone");
	} else {
		double percent = 100.0 * ((double)y - (double)x) / (double)x;
		html("<td class=\"d%s\" data-v=\"%.2f\">%+.1f %%</td>",
		     percent >= 10    ? " up"
		     : percent <= -10 ? " down"
		                      : "",
		     percent, percent);
	}
}

static void compared_head(const struct sheet *s)
{
	int keys = 0;
	html("<tr>");
	for (int c = 0; c < s->columns; c++)
		keys += (s->column[c]->flags & SHEET_KEY) != 0;
	html("<td colspan=\"%d\"></td>", keys);
	for (int c = 0; c < s->columns; c++)
		if (s->column[c]->flags & SHEET_DIFF)
			html("<th scope=\"colgroup\" colspan=\"3\" class=\"g\">%s</th>",
			     s->column[c]->label);
	html("</tr><tr>");
	for (int c = 0; c < s->columns; c++)
		if (s->column[c]->flags & SHEET_KEY)
			head_cell(s->column[c]);
	for (int c = 0; c < s->columns; c++)
		if (s->column[c]->flags & SHEET_DIFF)
			html("<th scope=\"col\" class=\"g\">A</th><th scope=\"col\">B</th>"
			     "<th scope=\"col\">change</th>");
	html("</tr>");
}

static void compared_row(const struct sheet *s, const struct pair *pair)
{
	const struct row *named = pair->a ? pair->a : pair->b;
	static const struct cell none;
	html("<tr>");
	for (int c = 0; c < s->columns; c++)
		if (s->column[c]->flags & SHEET_KEY)
			html_cell(s->column[c], &named->cell[c]);
	for (int c = 0; c < s->columns; c++) {
		if (!(s->column[c]->flags & SHEET_DIFF))
			continue;
		const struct cell *a = pair->a ? &pair->a->cell[c] : NULL;
		const struct cell *b = pair->b ? &pair->b->cell[c] : NULL;
		html_cell(s->column[c], a ? a : &none);
		html_cell(s->column[c], b ? b : &none);
		change_cell(a, b);
	}
	html("</tr>\n");
}

void html_compared(const struct folder *fa, const struct folder *fb, enum sheet_id id)
{
	const struct sheet *a = folder_sheet(fa, id), *b = folder_sheet(fb, id);
	struct pair *pairs = xcalloc(a->rows + b->rows + 1, sizeof *pairs);
	size_t n = pair_rows(a, b, pairs);
	size_t shown = n < sheet_info[id].shown ? n : sheet_info[id].shown;
	open_table(sheet_info[id].name, sheet_info[id].heading);
	compared_head(a);
	html("</thead><tbody>\n");
	for (size_t i = 0; i < shown; i++)
		compared_row(a, &pairs[i]);
	html("</tbody></table></div>\n");
	if (n > shown || a->left_out || b->left_out) {
		html("<p class=\"more\">");
		html_count((int64_t)(n - shown), "more row differs", "more rows differ");
		html(" less. Of %s.tsv, ", sheet_info[id].name);
		html_count((int64_t)a->left_out, "row of A and ", "rows of A and ");
		html_count((int64_t)b->left_out, "row of B were", "rows of B were");
		html(" too small to be compared.</p>");
	}
	free(pairs);
}
