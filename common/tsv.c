#include "tsv.h"

#include <stdlib.h>

#include "arena.h"
#include "event.h"
#include "number.h"
#include "scan.h"

enum {
	MAX_COLUMNS = 256,
	AHEAD = 16 * 1024,	     /* bytes looked through for newlines at once: half an L1 cache */
	ENDS = AHEAD + SCAN_BLOCK, /* as many lines could end there */
};
_Static_assert((int)SCAN_BLOCK <= (int)INPUT_SLACK, "a block may begin at the last byte of the input");

struct tsv_private {
	struct tsv t;
	struct arena names;
	struct str wanted[TSV_WANTED];
	bool has[TSV_WANTED];
	int n_wanted;
	struct buf header;
	size_t columns;
	size_t split; /* columns up to the last wanted one */
	struct bound {
		const char *const *start; /* of the column, in start[] */
		struct str *field;	  /* in t.field[] */
	} bound[TSV_WANTED];		  /* the wanted columns that the table has */
	size_t n_bound;
	const char *start[MAX_COLUMNS + 1]; /* of each column of the row up to `split`, and one more */
	bool reported_row;
	bool in_file;
	/* The newlines among the next bytes of the input, as offsets from `ahead`. */
	const char *ahead;
	uint32_t ends, next_end;
	uint16_t end[ENDS];
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
	s->columns = s->split = s->n_bound = 0;
	while (s->columns < MAX_COLUMNS && str_cut(&rest, '\t', &name)) {
		for (int i = 0; i < s->n_wanted; i++) {
			if (s->has[i] || !str_eq(name, s->wanted[i]))
				continue;
			s->bound[s->n_bound++] =
			    (struct bound){&s->start[s->columns], &s->t.field[i]};
			s->has[i] = true;
			s->split = s->columns + 1;
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

/* A line is a header when all its fields are names and one of them is a column of integers: one of
 * the event table's, or any time (..._ns), as results and partials have them. No row can have a name
 * where an integer belongs. The test is reached only by lines that start with a letter, which rows of
 * the standard layout never do. */
static bool is_header(struct str line)
{
	struct str rest = line, name;
	bool integer = false;
	while (str_cut(&rest, '\t', &name)) {
		if (!is_identifier(name))
			return false;
		int column = event_column_by_name(name);
		integer |= column >= 0 && event_columns[column].type == EVENT_INT;
		integer |= str_ends(name, STR("_ns"));
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

/* The TABs among the 64 bytes at p, those of the row that ends at `end`. */
static inline uint64_t tabs_of_row(const char *p, const char *end)
{
	uint64_t tabs = scan_64(p, '\t');
	return end - p >= SCAN_BLOCK ? tabs : tabs & ((UINT64_C(1) << (end - p)) - 1);
}

/* The loops run equally often for each row of a table, so that the processor can foresee them: with a
 * memchr for each column this took three times as long. */
static inline bool split_row(struct tsv_private *s, const char *p, const char *end)
{
	uint64_t tabs = tabs_of_row(p, end);
	s->start[0] = p;
	for (size_t i = 0, n = s->split; i < n; i++) {
		while (!tabs) {
			p += SCAN_BLOCK;
			if (p < end) {
				tabs = tabs_of_row(p, end);
				continue;
			}
			if (i + 1 < s->columns)
				return false;
			s->start[i + 1] = end + 1;
			goto fields;
		}
		s->start[i + 1] = p + __builtin_ctzll(tabs) + 1;
		tabs &= tabs - 1;
	}
fields:
	for (const struct bound *b = s->bound, *last = b + s->n_bound; b < last; b++) {
		b->field->p = b->start[0];
		b->field->n = (size_t)(b->start[1] - b->start[0]) - 1;
	}
	return true;
}

#define LAST_BYTE (UINT64_C(1) << (SCAN_BLOCK - 1)) /* what there is to find where nothing is */

/* Finds the newlines ahead before any of the lines is split: most blocks have none or one, which costs
 * no branch that depends on the data. A search for each line's end would be mispredicted for each. */
static void look_ahead(struct tsv_private *s)
{
	const char *from = s->t.in->next, *to = s->t.in->end;
	size_t n = (size_t)(to - from) < AHEAD ? (size_t)(to - from) : AHEAD;
	uint32_t ends = 0;
	for (size_t i = 0; i < n; i += SCAN_BLOCK) {
		uint64_t found = scan_64(from + i, '\n'), more;
		if (n - i < SCAN_BLOCK)
			found &= (UINT64_C(1) << (n - i)) - 1;
		s->end[ends] = (uint16_t)(i + (size_t)__builtin_ctzll(found | LAST_BYTE));
		ends += found != 0;
		for (more = found & (found - 1); more; more &= more - 1)
			s->end[ends++] = (uint16_t)(i + (size_t)__builtin_ctzll(more));
	}
	s->ahead = from;
	s->ends = ends;
	s->next_end = 0;
}

/* As input_line, into t->row. Pointer and length are stored one by one: read back as one 16-byte word,
 * as a copied struct would be, they would have to wait for the stores. */
static inline bool next_line(struct tsv_private *s)
{
	struct input *in = s->t.in;
	if (s->next_end == s->ends) {
		look_ahead(s);
		if (s->ends == 0)
			return input_line(in, &s->t.row);
	}
	const char *end = s->ahead + s->end[s->next_end++];
	s->t.row.p = in->next;
	s->t.row.n = (size_t)(end - in->next);
	in->next += s->t.row.n + 1;
	in->line++;
	return true;
}

enum tsv_what tsv_next(struct tsv *t)
{
	struct tsv_private *s = self_of(t);
	for (;;) {
		if (!s->in_file) {
			if (!input_next_file(t->in))
				return TSV_END;
			s->in_file = true;
			s->header.n = 0;
		}
		if (!next_line(s)) {
			s->in_file = false;
			continue;
		}
		struct str line = {t->row.p, t->row.n};
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
		s->reported_row = false;
		if (split_row(s, line.p, line.p + line.n)) {
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
