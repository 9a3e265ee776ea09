#include "tsv.h"

#include <stdlib.h>

#include "arena.h"
#include "event.h"
#include "number.h"

enum { MAX_COLUMNS = 256, NOT_WANTED = -1 };

struct tsv_private {
	struct tsv t;
	struct arena names;
	struct str wanted[TSV_WANTED];
	bool has[TSV_WANTED];
	int n_wanted;
	struct buf header;
	size_t columns;
	int8_t slot[MAX_COLUMNS]; /* column of the table -> index in field[], or NOT_WANTED */
	size_t split;		  /* columns up to the last wanted one */
	bool reported_row;
	bool in_file;
};

static struct tsv_private *self_of(struct tsv *t)
{
	return t->self;
}

struct tsv *tsv_open(char *const *paths)
{
	struct tsv_private *s = xcalloc(1, sizeof *s);
	s->t.self = s;
	s->t.in = input_open(paths);
	return &s->t;
}

/* Fits the wanted columns to the header in force. */
static void bind(struct tsv_private *s)
{
	struct str rest = buf_str(&s->header), name;
	memset(s->has, 0, sizeof s->has);
	memset(s->t.field, 0, sizeof s->t.field);
	s->columns = s->split = 0;
	while (s->columns < MAX_COLUMNS && str_cut(&rest, '\t', &name)) {
		s->slot[s->columns] = NOT_WANTED;
		for (int i = 0; i < s->n_wanted; i++) {
			if (!s->has[i] && str_eq(name, s->wanted[i])) {
				s->slot[s->columns] = (int8_t)i;
				s->has[i] = true;
				s->split = s->columns + 1;
			}
		}
		s->columns++;
	}
}

int tsv_want(struct tsv *t, const char *column)
{
	struct tsv_private *s = self_of(t);
	for (int i = 0; i < s->n_wanted; i++)
		if (str_eq(s->wanted[i], str_of(column)))
			return i;
	if (s->n_wanted == TSV_WANTED)
		diag_die(DIAG_USAGE, "more than %d columns named", TSV_WANTED);
	s->wanted[s->n_wanted] = arena_str(&s->names, str_of(column));
	s->n_wanted++;
	if (s->header.n)
		bind(s);
	return s->n_wanted - 1;
}

bool tsv_has(const struct tsv *t, int wanted)
{
	return t->self->has[wanted];
}

void tsv_require(struct tsv *t, int wanted)
{
	struct tsv_private *s = self_of(t);
	if (!s->has[wanted])
		diag_at(DIAG_COLUMN, input_place(t->in), "%.*s; the table has: %.*s",
			(int)s->wanted[wanted].n, s->wanted[wanted].p, (int)s->header.n, s->header.p);
}

static bool is_identifier(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || c == '_' || (i && c >= '0' && c <= '9')))
			return false;
	}
	return s.n > 0;
}

/* A line is a header when all its fields are distinct names and one of them is an integer column of
 * the event table: no row can have a name where an integer belongs. The test is reached only by lines
 * that start with a letter, which rows of the standard layout never do. */
static bool is_header(struct str line)
{
	struct str rest = line, name;
	bool integer = false;
	while (str_cut(&rest, '\t', &name)) {
		if (!is_identifier(name))
			return false;
		int column = event_column_by_name(name);
		integer |= column >= 0 && event_columns[column].type == EVENT_INT;
	}
	return integer;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static enum tsv_what take_header(struct tsv_private *s, struct str line)
{
	s->header.n = 0;
	buf_add_str(&s->header, line);
	s->t.header = buf_str(&s->header);
	bind(s);
	return TSV_HEADER;
}

static bool split_row(struct tsv_private *s, struct str line)
{
	const char *p = line.p, *end = line.p + line.n;
	for (size_t i = 0; i < s->split; i++) {
		const char *tab = memchr(p, '\t', (size_t)(end - p));
		if (!tab) {
			if (i + 1 < s->columns)
				return false;
			tab = end;
		}
		if (s->slot[i] != NOT_WANTED)
			s->t.field[s->slot[i]] = str_between(p, tab);
		p = tab + 1;
	}
	return true;
}

enum tsv_what tsv_next(struct tsv *t)
{
	struct tsv_private *s = self_of(t);
	struct str line;
	for (;;) {
		if (!s->in_file) {
			if (!input_next_file(t->in))
				return TSV_END;
			s->in_file = true;
			s->header.n = 0;
		}
		if (!input_line(t->in, &line)) {
			s->in_file = false;
			continue;
		}
		if (s->header.n == 0) {
			struct str rest = line, first = {0};
			str_cut(&rest, '\t', &first);
			if (is_identifier(first))
				return take_header(s, line);
			diag_at(DIAG_HEADER, input_place(t->in),
				"not a table of named columns (traces go through sp-parse first)");
			s->in_file = false;
			continue;
		}
		if (line.n && is_letter(line.p[0]) &&
		    (str_eq(line, t->header) || is_header(line)))
			return take_header(s, line);
		t->row = line;
		s->reported_row = false;
		if (split_row(s, line)) {
			t->rows++;
			return TSV_ROW;
		}
		diag_at(DIAG_ROW, input_place(t->in), "fewer columns than the header's %zu",
			s->columns);
	}
}

bool tsv_i64(struct tsv *t, int wanted, int64_t *value)
{
	struct str f = t->field[wanted];
	if (f.n == 0)
		return false;
	if (number_i64(f, value))
		return true;
	struct tsv_private *s = self_of(t);
	if (!s->reported_row) {
		struct place at = input_place(t->in);
		at.column = (uint64_t)(f.p - t->row.p) + 1;
		diag_at(DIAG_ROW, at, "%.*s is not a number: %.*s", (int)s->wanted[wanted].n,
			s->wanted[wanted].p, (int)f.n, f.p);
	}
	s->reported_row = true;
	return false;
}

void tsv_close(struct tsv *t)
{
	struct tsv_private *s = self_of(t);
	input_close(t->in);
	arena_free(&s->names);
	buf_free(&s->header);
	free(s);
}

bool tsv_is_clean(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.n == 0 || s.p[0] != '"';
}
