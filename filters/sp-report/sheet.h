/* sheet: one table of the folder in memory, its largest rows in order. What is not kept is counted.
 * Cells hold the text as it stood and, where it is one, the number: percentages in hundredths. */
#ifndef SP_SHEET_H
#define SP_SHEET_H

#include "arena.h"
#include "str.h"
#include "table.h"

enum sheet_id {
#define TABLE(id, ...) SHEET_##id,
#define COLUMN(...)
#include "tables.def"
#undef TABLE
#undef COLUMN
	SHEETS
};

enum {
	SHEET_COLUMNS = 16,
	SHEET_KEY = 1,
	SHEET_ORDER = 2,
	SHEET_DIFF = 4,
	SHEET_SHARE = 8,
	SHEET_REQUIRED = 16
};

struct sheet_column {
	enum sheet_id sheet;
	const char *name, *label;
	enum table_type type;
	unsigned flags;
};

struct sheet_info {
	const char *name, *heading; /* the file is NAME.tsv */
	size_t kept, shown;
	const char *word, *lack; /* of the sentence about an empty table: tables.def */
};

extern const struct sheet_info sheet_info[SHEETS];

struct cell {
	bool known; /* the cell is not empty; a number could be read */
	int64_t n;
	struct str text;
};

struct row {
	struct cell cell[0]; /* one a column, and the text of all behind them */
};

struct sheet {
	enum sheet_id id;
	bool present; /* the file is there */
	int columns;
	const struct sheet_column *column[SHEET_COLUMNS];
	bool used[SHEET_COLUMNS]; /* some row has it */
	struct row **row;         /* the largest first where a column gives the order */
	size_t rows, room;
	size_t ordered;    /* so many of the first rows came the largest first */
	uint64_t left_out; /* rows that were not kept */
	int order;         /* index of that column, or -1 */
};

/* Reads DIR/NAME.tsv, if there is one. */
void sheet_load(struct sheet *s, enum sheet_id id, const char *dir);

/* The index of a column; the name must be one of tables.def. */
int sheet_column(const struct sheet *s, const char *name);

/* The cell of this row and column name; an empty one where there is no row. */
struct cell sheet_cell(const struct sheet *s, const struct row *row, const char *name);

/* The row with the same key cells, or NULL. */
struct row *sheet_find(const struct sheet *s, const struct row *like);

/* A sum that stops at the largest number there is. */
static inline int64_t sheet_sum(int64_t a, int64_t b)
{
	int64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? (b > 0 ? INT64_MAX : INT64_MIN) : sum;
}

/* Which part of the whole it is, in hundredths of a percent: 0 to 10000, whatever the numbers are.
 */
static inline int64_t sheet_share(int64_t part, int64_t whole)
{
	double share = whole > 0 ? 1e4 * (double)part / (double)whole + 0.5 : 0;
	return share < 0 ? 0 : share > 1e4 ? 10000 : (int64_t)share;
}

/* Appends a number as people read it: "12.4 s", "4.00 KiB", "76.21". */
void sheet_show(struct buf *b, enum table_type type, int64_t n);

#endif
