/* table_private: what the two halves of the renderer share: table.c fills cells, table_write.c
 * knows the formats. */
#ifndef SP_TABLE_PRIVATE_H
#define SP_TABLE_PRIVATE_H

#include "table.h"

enum { TABLE_COLUMNS = 128 };

struct cell {
	size_t at, n; /* in `text` */
	size_t width; /* on a terminal */
	bool is_text; /* a label in a column of numbers is, too */
};

struct table {
	struct output *out;
	enum table_format format;
	struct {
		const char *name;
		enum table_type type;
	} column[TABLE_COLUMNS];
	size_t columns, filled; /* cells of the row at hand so far */
	struct buf text, cells; /* ALIGNED: all rows of the block; else the row at hand; TSV: no cells; a part: all rows */
	size_t rows, body_rows; /* of the block; body_rows: those above the totals */
	bool begun, in_totals, keep_totals, any_block, is_part;
};

extern const struct table_type_info {
	const char *suffix; /* of a column name, which people see as `shown`; NULL: none */
	const char *shown;
	int decimals;
	bool is_text;
	char conversion; /* of printf; 'f' where there is none */
} table_types[TABLE_TYPES];

static inline const struct cell *cell_at(const struct table *t, size_t row, size_t column)
{
	return (const struct cell *)(const void *)t->cells.p + row * t->columns + column;
}

static inline struct str cell_text(const struct table *t, size_t row, size_t column)
{
	const struct cell *cell = cell_at(t, row, column);
	return (struct str){t->text.p + cell->at, cell->n};
}

/* What stands above the rows, once or once a block as the format wants it. */
void table_write_header(struct table *t);
/* The one row in memory, in any format but ALIGNED. */
void table_write_row(struct table *t);
/* All rows in memory, in ALIGNED. */
void table_write_block(struct table *t);

#endif
