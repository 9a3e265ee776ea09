#include "md_tables.h"

#include <stdlib.h>

#include "output.h"
#include "pairs.h"
#include "visible.h"

enum { TEXT = 160 };

static struct output *const out = &output_stdout;

/* Text of a trace in running text: nothing of it may become markup. */
void md_text(struct str s)
{
	struct buf b = {0};
	bool cut = s.n > 10 * TEXT;
	visible_text(&b, cut ? (struct str){s.p, 10 * TEXT} : s);
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] == '@') { /* nobody is to be called */
			output_str(out, STR("&#64;"));
			continue;
		}
		if (strchr("\\`*_[]<>|&~#!", b.p[i]))
			output_char(out, '\\');
		output_char(out, b.p[i]);
	}
	if (cut)
		output_printf(out, " [%zu more bytes]", s.n - 10 * (size_t)TEXT);
	buf_free(&b);
}

void md_number(enum table_type type, int64_t n)
{
	struct buf b = {0};
	sheet_show(&b, type, n);
	output_str(out, buf_str(&b));
	buf_free(&b);
}

void md_heading(const char *text)
{
	output_printf(out, "\n## %s\n\n", text);
}

void md_more(uint64_t n, const char *file)
{
	if (!n)
		return;
	output_char(out, '\n');
	md_number(TABLE_COUNT, (int64_t)n);
	output_printf(out, " more row%s in %s.tsv.\n", n == 1 ? " is" : "s are", file);
}

void md_cell(struct table *t, struct str text)
{
	struct buf b = {0};
	visible_text(&b, text.n > TEXT ? (struct str){text.p, TEXT} : text);
	if (text.n > TEXT)
		buf_printf(&b, " [... %zu bytes ...]", text.n - TEXT);
	table_text(t, buf_str(&b));
	buf_free(&b);
}

static void put_cell(struct table *t, const struct sheet_column *column, const struct cell *cell)
{
	if (column->type == TABLE_TEXT)
		md_cell(t, cell->text);
	else if (!cell->known)
		table_empty(t);
	else if (column->type == TABLE_PERCENT)
		table_number(t, (double)cell->n / 100);
	else
		table_int(t, cell->n);
}

void md_sheet(const struct folder *f, enum sheet_id id, const char *title, size_t most)
{
	const struct sheet *s = folder_sheet(f, id);
	if (s->rows == 0)
		return;
	md_heading(title);
	struct table *t = table_new(out, TABLE_MD);
	for (int c = 0; c < s->columns; c++)
		if (s->used[c])
			table_column(t, s->column[c]->label, s->column[c]->type);
	size_t shown = s->rows < most ? s->rows : most;
	for (size_t r = 0; r < shown; r++) {
		for (int c = 0; c < s->columns; c++)
			if (s->used[c])
				put_cell(t, s->column[c], &s->row[r]->cell[c]);
		table_end_row(t);
	}
	table_finish(t);
	md_more(s->rows - shown + s->left_out, sheet_info[id].name);
}

static void put_change(struct table *t, const struct cell *a, const struct cell *b)
{
	struct buf text = {0};
	double percent;
	switch (pairs_change(a, b, &percent)) {
	case CHANGE_NONE:
		break;
	case CHANGE_NEW:
		buf_add_str(&text, STR("new"));
		break;
	case CHANGE_GONE:
		buf_add_str(&text, STR("gone"));
		break;
	case CHANGE_PERCENT:
		buf_printf(&text, "%+.1f %%", percent);
	}
	table_text(t, buf_str(&text));
	buf_free(&text);
}

/* "calls A", "calls B", "change" for each column that two runs are compared by. */
static void compared_columns(struct table *t, const struct sheet *a, const struct sheet *b,
                             struct arena *names)
{
	for (int c = 0; c < a->columns; c++)
		if (pairs_named(a, b, c))
			table_column(t, a->column[c]->label, TABLE_TEXT);
	for (int c = 0; c < a->columns; c++) {
		if (!pairs_by(a, b, c))
			continue;
		for (int run = 'A'; run <= 'B'; run++) {
			struct buf name = {0};
			buf_printf(&name, "%s %c%c", a->column[c]->label, run, 0);
			table_column(t, arena_str(names, buf_str(&name)).p, a->column[c]->type);
			buf_free(&name);
		}
		table_column(t, "change", TABLE_RATIO);
	}
}

static void compared_row(struct table *t, const struct sheet *a, const struct sheet *b, struct pair pair)
{
	static const struct cell none = {.text = {"", 0}};
	for (int c = 0; c < a->columns; c++)
		if (pairs_named(a, b, c))
			md_cell(t, (pair.a ? pair.a : pair.b)->cell[c].text);
	for (int c = 0; c < a->columns; c++) {
		if (!pairs_by(a, b, c))
			continue;
		const struct cell *x = pair.a ? &pair.a->cell[c] : NULL;
		const struct cell *y = pair.b ? &pair.b->cell[c] : NULL;
		put_cell(t, a->column[c], x ? x : &none);
		put_cell(t, b->column[c], y ? y : &none);
		put_change(t, x, y);
	}
	table_end_row(t);
}

void md_compared(const struct folder *runs, enum sheet_id id, const char *title, size_t most)
{
	const struct sheet *a = folder_sheet(&runs[0], id), *b = folder_sheet(&runs[1], id);
	size_t n;
	struct pair *pairs = pairs_of(a, b, &n);
	struct arena names = {0};
	if (n) {
		md_heading(title);
		struct table *t = table_new(out, TABLE_MD);
		compared_columns(t, a, b, &names);
		size_t shown = n < most ? n : most;
		for (size_t i = 0; i < shown; i++)
			compared_row(t, a, b, pairs[i]);
		table_finish(t);
		md_more(n - shown + a->left_out + b->left_out, sheet_info[id].name);
	}
	arena_free(&names);
	free(pairs);
}
