/* row: one row of the event table, and how it is written again with its path, fdtype and fdgen. All
 * other columns pass through untouched. */
#ifndef SP_FDMAP_ROW_H
#define SP_FDMAP_ROW_H

#include "output.h"
#include "tsv.h"

enum column {
#define COLUMN(id, name) COLUMN_##id,
#include "columns.def"
#undef COLUMN
	COLUMNS
};

/* Fields of columns that the table does not have are empty, and their p is NULL. */
struct row {
	struct str text;
	const struct str *field; /* by enum column */
};

/* What a row says in the three columns that are sp-fdmap's own. Each text has 15 readable bytes
 * behind it. */
struct shown {
	struct str path, fdtype, fdgen;
};

/* Asks for the columns: the index that tsv_want() gives is enum column. */
void row_want(struct tsv *t, bool stacks);

/* Ends the program when the header in force lacks what the work needs. */
void row_require(struct tsv *t);

void row_write_header(struct output *out, const struct tsv *t);
void row_write(struct output *out, const struct row *row, const struct shown *shown);

#endif
