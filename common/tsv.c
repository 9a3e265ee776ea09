#include "tsv_private.h"

#include <stdlib.h>

#include "event.h"
#include "number.h"

static struct tsv_private *self_of(struct tsv *t)
{
	return t->self;
}

/* Nobody wants these fields: they may hold anything. */
static bool are_free(const struct tsv_private *s, const struct str *from, const struct str *behind)
{
	for (; from < behind; from++)
		if (from >= s->t.field + TSV_WANTED || s->asked[from - s->t.field])
			return false;
	return true;
}

/* Whether the column goes on where a run of `n` ends, or a few behind it that nobody wants. */
static bool goes_on(const struct tsv_private *s, const struct tsv_bound *run, size_t n, const struct tsv_bound *column)
{
	enum { GAP = 3 };
	ptrdiff_t apart = column->place - run->place;
	return column->field - run->field == apart && (size_t)apart <= n + GAP &&
	       are_free(s, run->field + n, column->field);
}

static void bind_run(struct tsv_private *s, const struct tsv_bound *run, size_t n)
{
	size_t fours = (n + 3) / 4;
	if (n == 1 || !are_free(s, run->field + n, run->field + 4 * fours))
		fours = n / 4;
	if (fours)
		s->bound[s->n_bound++] = (struct tsv_bound){run->place, run->field, run->field + 4 * fours};
	for (size_t i = 4 * fours; i < n; i++)
		s->bound[s->n_bound++] = (struct tsv_bound){run->place + i, run->field + i, NULL};
}

/* Puts together what can be filled at once. */
static void bind_runs(struct tsv_private *s)
{
	struct tsv_bound column[TSV_WANTED];
	size_t columns = s->n_bound;
	memcpy(column, s->bound, columns * sizeof *column);
	s->n_bound = 0;
	for (size_t i = 0, next; i < columns; i = next) {
		size_t n = 1;
		for (next = i + 1; next < columns && goes_on(s, &column[i], n, &column[next]); next++)
			n = (size_t)(column[next].place - column[i].place) + 1;
		bind_run(s, &column[i], n);
	}
}

/* Fits the wanted columns to the header in force. */
static void bind(struct tsv_private *s)
{
	static const char blank[INPUT_SLACK];
	static const char *const nothing[] = {blank, blank + 1};
	struct str rest = buf_str(&s->header), name;
	memset(s->has, 0, sizeof s->has);
	memset(s->t.field, 0, sizeof s->t.field);
	for (int i = 0; i < TSV_WANTED; i++)
		s->t.place[i] = nothing;
	s->columns = s->split = s->n_bound = 0;
	while (s->columns < TSV_COLUMNS && str_cut(&rest, '\t', &name)) {
		for (int i = 0; i < s->n_wanted; i++) {
			if (!s->asked[i] || s->has[i] || !str_eq(name, s->wanted[i]))
				continue;
			s->t.place[i] = &s->start[s->columns];
			s->bound[s->n_bound++] = (struct tsv_bound){s->t.place[i], &s->t.field[i], NULL};
			s->has[i] = true;
			s->split = s->columns + 1;
		}
		s->columns++;
	}
	bind_runs(s);
}

struct tsv *tsv_open(char *const *paths)
{
	struct tsv_private *s = xaligned(sizeof *s, _Alignof(struct tsv_private));
	s->t.self = s;
	s->t.in = input_open(paths);
	s->t.next = tsv_next_function();
	s->t.fact = &ring_no_fact;
	bind(s);
	return &s->t;
}

void tsv_order_events(struct tsv *t)
{
	struct tsv_private *s = self_of(t);
	for (int i = 0; i < EVENT_COLUMNS; i++)
		s->wanted[s->n_wanted++] = event_columns[i].name;
	s->wanted[s->n_wanted++] = STR("fdtype");
	s->wanted[s->n_wanted++] = STR("fdgen");
	s->n_wanted += 2; /* whoever fills four may go beyond these two */
}

int tsv_want(struct tsv *t, const char *column)
{
	struct tsv_private *s = self_of(t);
	int i = 0;
	while (i < s->n_wanted && !str_eq(s->wanted[i], str_of(column)))
		i++;
	if (i == TSV_WANTED)
		diag_die(DIAG_USAGE, "more than %d columns named", TSV_WANTED);
	if (i == s->n_wanted)
		s->wanted[s->n_wanted++] = arena_str(&s->names, str_of(column));
	if (s->asked[i])
		return i;
	s->asked[i] = true;
	if (s->header.n)
		bind(s);
	return i;
}

bool tsv_has(const struct tsv *t, int wanted)
{
	return t->self->has[wanted];
}

void tsv_require(struct tsv *t, int wanted)
{
	struct tsv_private *s = self_of(t);
	if (s->has[wanted])
		return;
	struct str name = s->wanted[wanted], rest = buf_str(&s->header), column;
	struct buf columns = {0};
	while (str_cut(&rest, '\t', &column))
		buf_printf(&columns, " %.*s", (int)column.n, column.p);
	bool of_fdmap = str_eq(name, STR("fdtype")) || str_eq(name, STR("fdgen"));
	diag_at(DIAG_COLUMN, input_place(t->in), "%.*s%s; the table has:%.*s", (int)name.n, name.p,
		of_fdmap ? ", which sp-fdmap adds" : "", (int)columns.n, columns.p);
	buf_free(&columns);
}

static bool is_printable(char c)
{
	return (unsigned char)c >= 0x20 && c != 0x7f;
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

/* A line is a header when all its fields are names and one of them is a column of integers: one of
 * the event table's, or any time (..._ns), as results and partials have them. No row can have a
 * name where an integer belongs. The test is reached only by lines that start with a letter, which
 * rows of the standard layout never do. */
bool tsv_is_header(const struct tsv_private *s)
{
	struct str rest = s->t.row, name;
	bool integer = false;
	if (str_eq(s->t.row, s->t.header))
		return true;
	while (str_cut(&rest, '\t', &name)) {
		if (!is_identifier(name))
			return false;
		int column = event_column_by_name(name);
		integer |= column >= 0 && event_columns[column].type == EVENT_INT;
		integer |= str_ends(name, STR("_ns"));
	}
	return integer;
}

bool tsv_check_first(struct tsv_private *s)
{
	struct str rest = s->t.row, first = {0};
	str_cut(&rest, '\t', &first);
	bool clean = true;
	for (size_t i = 0; i < s->t.row.n; i++)
		clean &= is_printable(s->t.row.p[i]) || s->t.row.p[i] == '\t';
	if (is_identifier(first) && clean)
		return true;
	diag_at(DIAG_HEADER, input_place(s->t.in), "%s",
	        str_ends(s->t.row, STR("\r"))
	            ? "the lines of this table end in CR LF instead of LF"
	            : "not a table of named columns (traces go through sp-parse first)");
	return false;
}

enum tsv_what tsv_take_header(struct tsv_private *s)
{
	s->header.n = 0;
	buf_add_str(&s->header, s->t.row);
	s->t.header = buf_str(&s->header);
	bind(s);
	size_t tabs = 0;
	for (size_t i = 0; i < s->t.header.n; i++)
		tabs += s->t.header.p[i] == '\t';
	if (tabs + 1 > s->columns)
		diag_at(DIAG_WARNING, input_place(s->t.in), "%zu columns; those behind the first %d are not looked at",
		        tabs + 1, TSV_COLUMNS);
	return TSV_HEADER;
}

void tsv_by_place(struct tsv *t)
{
	self_of(t)->by_place = true;
}

bool tsv_number(struct tsv *t, int wanted, int64_t *value)
{
	struct str f = tsv_at(t, wanted);
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
		if (!is_printable(s.p[i]))
			return false;
	return s.n == 0 || s.p[0] != '"';
}
