#include "table_private.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "event.h"
#include "number.h"

enum { TEXT_HEAD = 24, TEXT_TAIL = 45 };

const struct table_type_info table_types[TABLE_TYPES] = {
    [TABLE_TEXT] = {.is_text = true},
    [TABLE_COUNT] = {0},
    [TABLE_NS] = {.suffix = "_ns"},
    [TABLE_BYTES] = {.suffix = "_bytes"},
    [TABLE_TIME] = {.suffix = "_ns"},
    [TABLE_INT] = {0},
    [TABLE_PERCENT] = {.suffix = "_percent", .shown = " %", .decimals = 2},
    [TABLE_RATIO] = {.decimals = 2},
    [TABLE_SECONDS] = {.decimals = 6},
    [TABLE_SCIENTIFIC] = {.decimals = 1, .conversion = 'e'},
    [TABLE_DIGITS] = {.decimals = 6, .conversion = 'g'},
};

bool table_format_parse(const char *name, enum table_format *format)
{
	static const char *const names[] = {
	    [TABLE_ALIGNED] = "table", [TABLE_TSV] = "tsv", [TABLE_CSV] = "csv",
	    [TABLE_JSON] = "json",     [TABLE_MD] = "md",
	};
	for (size_t i = TABLE_ALIGNED; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*format = (enum table_format)i;
		return true;
	}
	return false;
}

enum table_format table_format_for(const struct output *out, enum table_format format)
{
	if (format != TABLE_AUTO)
		return format;
	return isatty(out->fd) ? TABLE_ALIGNED : TABLE_TSV;
}

struct table *table_new(struct output *out, enum table_format format)
{
	struct table *t = xcalloc(1, sizeof *t);
	t->out = out;
	t->format = table_format_for(out, format);
	return t;
}

void table_column(struct table *t, const char *name, enum table_type type)
{
	if (t->columns == TABLE_COLUMNS)
		diag_die(DIAG_USAGE, "more than %d columns", TABLE_COLUMNS);
	t->column[t->columns].name = name;
	t->column[t->columns++].type = type;
}

static bool for_people(const struct table *t)
{
	return t->format == TABLE_ALIGNED || t->format == TABLE_MD;
}

/* ---- cells ---- */

/* A row of TSV is written as it stands in `text`: nobody asks where its cells are. */
static void begin_cell(struct table *t)
{
	if (t->format == TABLE_TSV) {
		if (t->filled)
			buf_add_char(&t->text, '\t');
		return;
	}
	struct cell cell = {.at = t->text.n,
	                    .is_text = table_types[t->column[t->filled].type].is_text};
	buf_add(&t->cells, &cell, sizeof cell);
}

static struct cell *last_cell(struct table *t)
{
	return (struct cell *)(void *)(t->cells.p + t->cells.n) - 1;
}

static void end_cell(struct table *t)
{
	t->filled++;
	if (t->format == TABLE_TSV)
		return;
	struct cell *cell = last_cell(t);
	cell->n = t->text.n - cell->at;
	for (size_t i = 0; i < cell->n; i++)
		cell->width += (t->text.p[cell->at + i] & 0xc0) != 0x80;
}

/* A loop without a way out, which compilers make a few instructions of. */
static bool is_printable(struct str s)
{
	unsigned other = 0;
	for (size_t i = 0; i < s.n; i++)
		other |= (unsigned char)(s.p[i] - 0x20) >= 0x7f - 0x20;
	return !other;
}

/* Escapes what must not reach a row or a terminal; backslashes and quotes are escapes already. */
void table_clean(struct buf *b, struct str s)
{
	if (is_printable(s)) {
		buf_add_str(b, s);
		return;
	}
	while (s.n) {
		size_t n = 0;
		while (n < s.n && s.p[n] != '\\' && s.p[n] != '"')
			n++;
		event_escape(b, (struct str){s.p, n});
		s = str_drop(s, n);
		if (s.n) {
			buf_add_char(b, s.p[0]);
			s = str_drop(s, 1);
		}
	}
}

static size_t characters(struct str s, size_t upto)
{
	size_t i = 0;
	for (; i < s.n; i++)
		if ((s.p[i] & 0xc0) != 0x80 && upto-- == 0)
			break;
	return i;
}

/* Numbers must stay in sight: a text of any length would push them off the screen. */
static void shorten(struct buf *b, size_t from)
{
	struct str s = {b->p + from, b->n - from};
	size_t width = 0;
	for (size_t i = 0; i < s.n; i++)
		width += (s.p[i] & 0xc0) != 0x80;
	if (width <= TEXT_HEAD + 3 + TEXT_TAIL)
		return;
	size_t head = characters(s, TEXT_HEAD), tail = characters(s, width - TEXT_TAIL);
	memcpy(b->p + from + head, "...", 3);
	memmove(b->p + from + head + 3, s.p + tail, s.n - tail);
	b->n = from + head + 3 + s.n - tail;
}

void table_text(struct table *t, struct str text)
{
	begin_cell(t);
	if (t->format != TABLE_TSV)
		last_cell(t)->is_text = true;
	size_t from = t->text.n;
	if (t->format == TABLE_TSV && text.n && text.p[0] == '"') {
		buf_add_str(&t->text, STR("\\x22"));
		text = str_drop(text, 1);
	}
	table_clean(&t->text, text);
	if (t->format == TABLE_ALIGNED)
		shorten(&t->text, from);
	end_cell(t);
}

static void add_i128(struct buf *b, __int128_t value)
{
	if (value < 0)
		buf_add_char(b, '-');
	buf_add_number(b, value < 0 ? -(__uint128_t)value : (__uint128_t)value);
}

/* As begin_cell, add_i128 and end_cell do it: tables for programs have millions of cells, most of them 0. */
static void add_plain(struct table *t, uint64_t value)
{
	enum { ROOM = 1 + 24 };
	char *p = buf_reserve(&t->text, ROOM), *start = p;
	*p = '\t';
	p += t->filled++ > 0;
	t->text.n += (size_t)(number_put_u64(p, value) - start);
}

void table_int(struct table *t, __int128_t value)
{
	static const char *(*const humans[TABLE_TYPES])(char *, int64_t) = {
	    [TABLE_COUNT] = number_human_count,
	    [TABLE_NS] = number_human_ns,
	    [TABLE_BYTES] = number_human_bytes,
	    [TABLE_TIME] = number_human_time,
	};
	if (t->format == TABLE_TSV && value >= 0 && value <= UINT64_MAX) {
		add_plain(t, (uint64_t)value);
		return;
	}
	const char *(*human)(char *, int64_t) = humans[t->column[t->filled].type];
	char shown[NUMBER_HUMAN];
	begin_cell(t);
	if (human && for_people(t) && value <= INT64_MAX && value >= -INT64_MAX)
		buf_add_str(&t->text, str_of(human(shown, (int64_t)value)));
	else
		add_i128(&t->text, value);
	end_cell(t);
}

/* As "%.2f" has it, for values that are not halfway between two hundredths or nearly so: what the product
 * is short of the integer is exact. */
static bool add_hundredths(struct buf *b, double value)
{
	if (!(value >= 0 && value < 1e12))
		return false;
	uint64_t hundredths = (uint64_t)(value * 100 + 0.5);
	double rest = fma(value, 100, -(double)hundredths);
	if (fabs(rest) > 0.499)
		return false;
	char *p = buf_reserve(b, 24), *end = number_put_u64(p, hundredths / 100);
	end[0] = '.';
	end[1] = (char)('0' + hundredths / 10 % 10);
	end[2] = (char)('0' + hundredths % 10);
	b->n += (size_t)(end + 3 - p);
	return true;
}

void table_number(struct table *t, double value)
{
	begin_cell(t);
	const struct table_type_info *type = &table_types[t->column[t->filled].type];
	if (type->decimals != 2 || !add_hundredths(&t->text, value))
		buf_printf(&t->text,
		           type->conversion == 'g'   ? "%.*g"
		           : type->conversion == 'e' ? "%.*e"
		                                     : "%.*f",
		           type->decimals, value);
	end_cell(t);
}

void table_empty(struct table *t)
{
	begin_cell(t);
	end_cell(t);
}

/* ---- rows ---- */

void table_end_row(struct table *t)
{
	while (t->filled < t->columns)
		table_empty(t);
	t->filled = 0;
	t->rows++;
	t->body_rows += !t->in_totals;
	if (t->format == TABLE_ALIGNED)
		return;
	if (t->is_part) {
		buf_add_char(&t->text, '\n');
		return;
	}
	if (!t->begun)
		table_write_header(t);
	if (!t->in_totals || t->keep_totals || t->format == TABLE_MD)
		table_write_row(t);
	t->text.n = t->cells.n = 0;
}

void table_begin_totals(struct table *t)
{
	t->in_totals = true;
}

void table_keep_totals(struct table *t, bool keep)
{
	t->keep_totals = keep;
}

void table_flush(struct table *t)
{
	if (t->format == TABLE_ALIGNED)
		table_write_block(t);
	else if (!t->begun)
		table_write_header(t);
	t->text.n = t->cells.n = t->rows = t->body_rows = 0;
	t->in_totals = false;
	t->begun = t->format != TABLE_MD;
}

/* Only rows of TSV stand in `text` as they are written. */
bool table_has_parts(const struct table *t)
{
	return t->format == TABLE_TSV;
}

struct table *table_part(const struct table *t)
{
	struct table *part = xcalloc(1, sizeof *part);
	part->format = t->format;
	memcpy(part->column, t->column, sizeof t->column);
	part->columns = t->columns;
	part->is_part = true;
	return part;
}

void table_join(struct table *t, struct table *part)
{
	if (!t->begun)
		table_write_header(t);
	output_str(t->out, buf_str(&part->text));
	t->rows += part->rows;
	part->rows = part->text.n = 0;
}

struct str table_part_text(const struct table *part)
{
	return buf_str(&part->text);
}

void table_cells(struct table *t, struct str cells, int n)
{
	begin_cell(t);
	buf_add_str(&t->text, cells);
	t->filled += (size_t)n;
}

void table_part_free(struct table *part)
{
	buf_free(&part->text);
	free(part);
}

void table_finish(struct table *t)
{
	if (t->rows || !t->any_block)
		table_flush(t);
	buf_free(&t->text);
	buf_free(&t->cells);
	free(t);
}
