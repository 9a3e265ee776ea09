#include "sheet.h"

#include <assert.h>
#include <stdlib.h>

#include "number.h"
#include "source.h"

#define KEY SHEET_KEY
#define ORDER SHEET_ORDER
#define DIFF SHEET_DIFF
#define SHARE SHEET_SHARE
#define REQUIRED SHEET_REQUIRED

const struct sheet_info sheet_info[SHEETS] = {
#define TABLE(id, name, heading, kept, shown, word, lack)                                          \
	[SHEET_##id] = {name, heading, kept, shown, word, lack},
#define COLUMN(...)
#include "tables.def"
#undef TABLE
#undef COLUMN
};

static const struct sheet_column columns[] = {
#define TABLE(...)
#define COLUMN(table, name, label, type, flags) {SHEET_##table, name, label, TABLE_##type, flags},
#include "tables.def"
#undef TABLE
#undef COLUMN
};

/* ---- cells ---- */

/* "76.2" is 7620; more digits than two are dropped. */
static bool hundredths(struct str s, int64_t *n)
{
	bool negative = str_starts(s, STR("-"));
	uint64_t whole;
	s = str_drop(s, negative);
	if (!number_take_u64(&s, &whole) || whole > INT64_MAX / 200)
		return false;
	int64_t value = (int64_t)whole * 100;
	if (s.n && s.p[0] != '.')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (!number_is_digit(s.p[i]))
			return false;
		if (i <= 2)
			value += (s.p[i] - '0') * (i == 1 ? 10 : 1);
	}
	*n = negative ? -value : value;
	return true;
}

/* Whether it could be read; its text is not empty. */
static bool take_cell(struct tsv *t, int wanted, enum table_type type, struct cell *cell)
{
	if (type == TABLE_TEXT)
		return true;
	if (type == TABLE_PERCENT)
		return hundredths(cell->text, &cell->n);
	return tsv_i64(t, wanted, &cell->n);
}

void sheet_show(struct buf *b, enum table_type type, int64_t n)
{
	char human[NUMBER_HUMAN];
	switch (type) {
	case TABLE_COUNT:
		buf_add_str(b, str_of(number_human_count(human, n)));
		break;
	case TABLE_NS:
		buf_add_str(b, str_of(number_human_ns(human, n)));
		break;
	case TABLE_BYTES:
		buf_add_str(b, str_of(number_human_bytes(human, n)));
		break;
	case TABLE_TIME:
		buf_add_str(b, str_of(number_human_time(human, n)));
		break;
	case TABLE_PERCENT:
		buf_printf(b, "%s%lld.%02lld", n < 0 ? "-" : "", llabs((long long)n) / 100,
		           llabs((long long)n) % 100);
		break;
	default:
		buf_printf(b, "%lld", (long long)n);
	}
}

/* ---- order ---- */

static int compare_cells(const struct cell *a, const struct cell *b, enum table_type type)
{
	if (type == TABLE_TEXT)
		return str_cmp(a->text, b->text);
	if (a->known != b->known)
		return a->known ? 1 : -1;
	return (a->n > b->n) - (a->n < b->n);
}

static int compare_keys(const struct sheet *s, const struct row *a, const struct row *b)
{
	for (int i = 0; i < s->columns; i++) {
		int order = compare_cells(&a->cell[i], &b->cell[i], s->column[i]->type);
		if (order && (s->column[i]->flags & KEY))
			return order;
	}
	return 0;
}

/* By the column that gives the order; below 0: a comes first. */
static int compare_sizes(const struct sheet *s, const struct cell a[], const struct cell b[])
{
	return compare_cells(&b[s->order], &a[s->order], s->column[s->order]->type);
}

static int compare_rows(const void *x, const void *y, void *sheet)
{
	const struct sheet *s = sheet;
	const struct row *a = *(struct row *const *)x, *b = *(struct row *const *)y;
	int order = compare_sizes(s, a->cell, b->cell);
	return order ? order : compare_keys(s, a, b);
}

static void sort_rows(struct sheet *s, size_t from, size_t to)
{
	if (to - from > 1)
		qsort_r(s->row + from, to - from, sizeof *s->row, compare_rows, s);
}

/* Tables mostly come in this order, but for rows that are as large as their neighbours. */
static void sort_equals(struct sheet *s)
{
	size_t from = 0;
	for (size_t i = 1; i < s->rows; i++)
		if (compare_sizes(s, s->row[i - 1]->cell, s->row[i]->cell) != 0) {
			sort_rows(s, from, i);
			from = i;
		}
	sort_rows(s, from, s->rows);
}

/* Where there is no order, the first rows are the ones to keep. */
static void keep_largest(struct sheet *s)
{
	size_t kept = sheet_info[s->id].kept;
	if (s->order >= 0 && s->ordered == s->rows)
		sort_equals(s);
	else if (s->order >= 0)
		sort_rows(s, 0, s->rows);
	for (; s->rows > kept; s->left_out++)
		free(s->row[--s->rows]);
	s->ordered = s->rows;
}

static void add_row(struct sheet *s, struct row *row)
{
	if (s->rows >= 2 * sheet_info[s->id].kept)
		keep_largest(s);
	if (s->rows == s->room)
		s->row = xrealloc(s->row, s->room = s->room ? 2 * s->room : 64, sizeof *s->row);
	if (s->order >= 0 && s->ordered == s->rows)
		s->ordered += s->rows == 0 || compare_sizes(s, s->row[s->rows - 1]->cell, row->cell) <= 0;
	s->row[s->rows++] = row;
}

/* ---- reading ---- */

/* False where the row lacks something that it must have. */
static bool take_cells(const struct sheet *s, struct tsv *t, const int wanted[], struct cell cell[])
{
	bool whole = true;
	for (int i = 0; i < s->columns; i++) {
		const struct sheet_column *c = s->column[i];
		cell[i].text = t->field[wanted[i]];
		cell[i].n = 0;
		cell[i].known = cell[i].text.n && take_cell(t, wanted[i], c->type, &cell[i]);
		whole &= cell[i].known || !(c->flags & REQUIRED);
	}
	return whole;
}

/* There are as many larger ones as are kept. */
static bool is_small(const struct sheet *s, const struct cell cell[])
{
	size_t kept = sheet_info[s->id].kept;
	return s->order >= 0 && s->ordered >= kept && compare_sizes(s, s->row[kept - 1]->cell, cell) < 0;
}

static void keep_row(struct sheet *s, const struct cell cell[])
{
	size_t n = 0, cells = (size_t)s->columns * sizeof *cell;
	for (int i = 0; i < s->columns; i++)
		n += cell[i].text.n;
	struct row *row = xcalloc(1, cells + n);
	char *p = (char *)row + cells;
	memcpy(row->cell, cell, cells);
	for (int i = 0; i < s->columns; i++) {
		row->cell[i].text.p = p;
		if (cell[i].text.n)
			memcpy(p, cell[i].text.p, cell[i].text.n);
		p += cell[i].text.n;
	}
	add_row(s, row);
}

static void take_row(struct sheet *s, struct tsv *t, const int wanted[])
{
	struct cell cell[SHEET_COLUMNS];
	if (!take_cells(s, t, wanted, cell))
		return;
	for (int i = 0; i < s->columns; i++)
		s->used[i] |= cell[i].known;
	if (is_small(s, cell))
		s->left_out++;
	else
		keep_row(s, cell);
}

void sheet_load(struct sheet *s, enum sheet_id id, const char *dir)
{
	*s = (struct sheet){.id = id, .order = -1};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (columns[i].sheet != id)
			continue;
		assert(s->columns < SHEET_COLUMNS);
		if (columns[i].flags & ORDER)
			s->order = s->columns;
		s->column[s->columns++] = &columns[i];
	}
	struct source source;
	s->present = source_open(&source, dir, sheet_info[id].name);
	if (!s->present)
		return;
	struct tsv *t = source.t;
	int wanted[SHEET_COLUMNS];
	for (int i = 0; i < s->columns; i++)
		wanted[i] = tsv_want(t, s->column[i]->name);
	enum tsv_what what;
	while ((what = source_next(&source)) != TSV_END)
		if (what == TSV_ROW)
			take_row(s, t, wanted);
	source_close(&source);
	keep_largest(s);
}

/* ---- looking things up ---- */

int sheet_column(const struct sheet *s, const char *name)
{
	for (int i = 0; i < s->columns; i++)
		if (s->column[i]->name[0] == name[0] && strcmp(s->column[i]->name, name) == 0)
			return i;
	assert(false); /* every name is one of tables.def */
	return 0;
}

struct cell sheet_cell(const struct sheet *s, const struct row *row, const char *name)
{
	return row ? row->cell[sheet_column(s, name)] : (struct cell){.text = STR("")};
}

struct row *sheet_find(const struct sheet *s, const struct row *like)
{
	for (size_t i = 0; i < s->rows; i++)
		if (compare_keys(s, s->row[i], like) == 0)
			return s->row[i];
	return NULL;
}
