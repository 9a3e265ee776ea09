#include <stdlib.h>
#include <unistd.h>

#include "number.h"
#include "table_private.h"

enum { GAP = 2 };

/* "total_ns" is "total" where cells say "12.4 s". */
static struct str label(const struct table *t, size_t column, struct buf *b)
{
	struct str name = str_of(t->column[column].name);
	const struct table_type_info *type = &table_types[t->column[column].type];
	struct str suffix = str_of(type->suffix ? type->suffix : "");
	b->n = 0;
	bool has_unit = suffix.n && name.n > suffix.n && str_ends(name, suffix);
	buf_add(b, name.p, name.n - (has_unit ? suffix.n : 0));
	if (has_unit && type->shown)
		buf_add_str(b, str_of(type->shown));
	return buf_str(b);
}

static void put_csv(struct output *out, struct str s)
{
	bool plain = true;
	for (size_t i = 0; i < s.n; i++)
		plain &= s.p[i] != '"' && s.p[i] != ',' && s.p[i] != '\r' && s.p[i] != '\n';
	if (plain) {
		output_str(out, s);
		return;
	}
	output_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			output_char(out, '"');
		output_char(out, s.p[i]);
	}
	output_char(out, '"');
}

static void put_json(struct output *out, struct str s)
{
	output_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			output_char(out, '\\');
		output_char(out, s.p[i]);
	}
	output_char(out, '"');
}

static bool is_alnum(char c)
{
	return number_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Nothing of the text may become markup. An underscore between letters is none in Markdown. */
static void put_md(struct output *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool inside = i > 0 && i + 1 < s.n && is_alnum(s.p[i - 1]) && is_alnum(s.p[i + 1]);
		if (strchr("\\`*[]<>|&~", s.p[i]) || (s.p[i] == '_' && !inside))
			output_char(out, '\\');
		output_char(out, s.p[i]);
	}
}

static void put_csv_row(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++) {
		if (i)
			output_char(t->out, ',');
		put_csv(t->out, cell_text(t, 0, i));
	}
	output_char(t->out, '\n');
}

static void put_json_row(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++) {
		struct str text = cell_text(t, 0, i);
		output_char(t->out, i ? ',' : '{');
		put_json(t->out, str_of(t->column[i].name));
		output_char(t->out, ':');
		if (cell_at(t, 0, i)->is_text)
			put_json(t->out, text);
		else
			output_str(t->out, text.n ? text : STR("null"));
	}
	output_str(t->out, STR("}\n"));
}

static void put_md_row(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++) {
		output_str(t->out, i ? STR(" | ") : STR("| "));
		put_md(t->out, cell_text(t, 0, i));
	}
	output_str(t->out, STR(" |\n"));
}

static void put_md_header(struct table *t)
{
	struct buf b = {0};
	for (size_t i = 0; i < t->columns; i++) {
		output_str(t->out, i ? STR(" | ") : STR("| "));
		put_md(t->out, label(t, i, &b));
	}
	output_str(t->out, STR(" |\n|"));
	for (size_t i = 0; i < t->columns; i++)
		output_str(t->out,
		           table_types[t->column[i].type].is_text ? STR("---|") : STR("---:|"));
	output_char(t->out, '\n');
	buf_free(&b);
}

void table_write_header(struct table *t)
{
	bool again = t->any_block;
	t->begun = t->any_block = true;
	if (t->format == TABLE_MD) {
		if (again)
			output_char(t->out, '\n');
		put_md_header(t);
	}
	if (again || (t->format != TABLE_TSV && t->format != TABLE_CSV))
		return;
	for (size_t i = 0; i < t->columns; i++) {
		if (i)
			output_char(t->out, t->format == TABLE_TSV ? '\t' : ',');
		output_str(t->out, str_of(t->column[i].name));
	}
	output_char(t->out, '\n');
}

void table_write_row(struct table *t)
{
	if (t->format == TABLE_TSV) {
		buf_add_char(&t->text, '\n');
		output_str(t->out, buf_str(&t->text));
	} else if (t->format == TABLE_CSV)
		put_csv_row(t);
	else if (t->format == TABLE_JSON)
		put_json_row(t);
	else
		put_md_row(t);
}

/* ---- aligned ---- */

static void put_repeated(struct output *out, char c, size_t n)
{
	while (n-- > 0)
		output_char(out, c);
}

/* Blanks are written before a cell, never behind the last one of a line. */
struct line {
	struct output *out;
	size_t blanks; /* due before the next cell */
};

static void put_aligned(struct line *line, bool left, struct str s, size_t width, size_t room)
{
	if (!left)
		line->blanks += room - width;
	if (s.n) {
		put_repeated(line->out, ' ', line->blanks);
		line->blanks = 0;
	}
	output_str(line->out, s);
	line->blanks += GAP + (left ? room - width : 0);
}

static bool may_colour(const struct output *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(out->fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static bool is_left(const struct table *t, size_t column)
{
	return table_types[t->column[column].type].is_text;
}

static void measure(const struct table *t, size_t room[])
{
	struct buf b = {0};
	for (size_t c = 0; c < t->columns; c++) {
		room[c] = label(t, c, &b).n;
		for (size_t r = 0; r < t->rows; r++)
			if (cell_at(t, r, c)->width > room[c])
				room[c] = cell_at(t, r, c)->width;
	}
	buf_free(&b);
}

static void put_labels(struct table *t, const size_t room[])
{
	struct line line = {t->out, 0};
	struct buf b = {0};
	bool colour = may_colour(t->out);
	if (colour)
		output_str(t->out, STR("\033[1m"));
	for (size_t c = 0; c < t->columns; c++) {
		struct str s = label(t, c, &b);
		put_aligned(&line, is_left(t, c), s, s.n, room[c]);
	}
	if (colour)
		output_str(t->out, STR("\033[0m"));
	output_char(t->out, '\n');
	buf_free(&b);
}

static void put_rule(struct table *t, const size_t room[])
{
	for (size_t c = 0; c < t->columns; c++) {
		put_repeated(t->out, ' ', c ? GAP : 0);
		put_repeated(t->out, '-', room[c]);
	}
	output_char(t->out, '\n');
}

void table_write_block(struct table *t)
{
	size_t room[TABLE_COLUMNS];
	measure(t, room);
	if (t->any_block)
		output_char(t->out, '\n');
	put_labels(t, room);
	for (size_t r = 0; r < t->rows; r++) {
		struct line line = {t->out, 0};
		if (r == t->body_rows)
			put_rule(t, room);
		for (size_t c = 0; c < t->columns; c++)
			put_aligned(&line, is_left(t, c), cell_text(t, r, c),
			            cell_at(t, r, c)->width, room[c]);
		output_char(t->out, '\n');
	}
	t->any_block = true;
}
