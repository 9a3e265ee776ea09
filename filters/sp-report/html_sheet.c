#include <stdlib.h>

#include "html.h"
#include "pairs.h"

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
				html_cell(s->column[c], &s->row[r]->cell[c], c == 0);
		html("</tr>\n");
	}
	html("</tbody></table></div>\n");
	more_rows(s, shown);
}

/* ---- two runs ---- */

/* From a to b: "+12.50 %", "new", "gone". */
static void change_cell(const struct cell *a, const struct cell *b)
{
	double percent;
	switch (pairs_change(a, b, &percent)) {
	case CHANGE_NONE:
		html("<td class=\"d\"></td>");
		break;
	case CHANGE_NEW:
		html("<td class=\"d up\" data-v=\"1e18\">new</td>");
		break;
	case CHANGE_GONE:
		html("<td class=\"d down\" data-v=\"-1e18\">gone</td>");
		break;
	case CHANGE_PERCENT:
		html("<td class=\"d%s\" data-v=\"%.2f\">%+.1f %%</td>",
		     percent >= 10    ? " up"
		     : percent <= -10 ? " down"
		                      : "",
		     percent, percent);
	}
}

static void compared_head(const struct sheet *s, const struct sheet *b)
{
	int keys = 0;
	html("<tr>");
	for (int c = 0; c < s->columns; c++)
		keys += pairs_named(s, b, c);
	html("<td colspan=\"%d\"></td>", keys);
	for (int c = 0; c < s->columns; c++)
		if (pairs_by(s, b, c))
			html("<th scope=\"colgroup\" colspan=\"3\" class=\"g\">%s</th>",
			     s->column[c]->label);
	html("</tr><tr>");
	for (int c = 0; c < s->columns; c++)
		if (pairs_named(s, b, c))
			head_cell(s->column[c]);
	for (int c = 0; c < s->columns; c++)
		if (pairs_by(s, b, c))
			html("<th scope=\"col\" class=\"g\">A</th><th scope=\"col\">B</th>"
			     "<th scope=\"col\">change</th>");
	html("</tr>");
}

static void compared_row(const struct sheet *s, const struct sheet *b, const struct pair *pair)
{
	const struct row *named = pair->a ? pair->a : pair->b;
	static const struct cell none;
	html("<tr>");
	for (int c = 0; c < s->columns; c++)
		if (pairs_named(s, b, c))
			html_cell(s->column[c], &named->cell[c], c == 0);
	for (int c = 0; c < s->columns; c++) {
		if (!pairs_by(s, b, c))
			continue;
		const struct cell *from = pair->a ? &pair->a->cell[c] : NULL;
		const struct cell *to = pair->b ? &pair->b->cell[c] : NULL;
		html_cell(s->column[c], from ? from : &none, false);
		html_cell(s->column[c], to ? to : &none, false);
		change_cell(from, to);
	}
	html("</tr>\n");
}

void html_compared(const struct folder *fa, const struct folder *fb, enum sheet_id id)
{
	const struct sheet *a = folder_sheet(fa, id), *b = folder_sheet(fb, id);
	size_t n;
	struct pair *pairs = pairs_of(a, b, &n);
	size_t shown = n < sheet_info[id].shown ? n : sheet_info[id].shown;
	open_table(sheet_info[id].name, sheet_info[id].heading);
	compared_head(a, b);
	html("</thead><tbody>\n");
	for (size_t i = 0; i < shown; i++)
		compared_row(a, b, &pairs[i]);
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
