/* table: the one renderer of all result tables. A program fills rows of typed cells and prints them
 * as an aligned table for people, TSV, CSV, JSON (one object per line) or Markdown. Units for people
 * appear in `table` and `md` only; the others hold plain integers and decimals. */
#ifndef SP_TABLE_H
#define SP_TABLE_H

#include "arena.h"
#include "output.h"
#include "str.h"

enum table_format { TABLE_AUTO, TABLE_ALIGNED, TABLE_TSV, TABLE_CSV, TABLE_JSON, TABLE_MD };

enum table_type {
	TABLE_TEXT,    /* left-aligned; escaped text, as in the event table */
	TABLE_COUNT,   /* integer: 423,891 */
	TABLE_NS,      /* integer: 12.4 s */
	TABLE_BYTES,   /* integer: 4.0 KiB */
	TABLE_INT,     /* integer without unit or grouping: pid, fd */
	TABLE_PERCENT, /* number: 12.34 */
	TABLE_RATIO,   /* number: 2.3 */
};

struct table;

/* "table", "tsv", "csv", "json", "md"; false when it is none of them. */
bool table_format_parse(const char *name, enum table_format *format);

/* AUTO becomes ALIGNED on a terminal and TSV otherwise. */
struct table *table_new(struct output *out, enum table_format format);

/* name is the column's machine name ("total_ns"); people see it too, without its unit suffix where
 * the cells carry units. Names must live as long as the table. */
void table_column(struct table *t, const char *name, enum table_type type);

/* Cells are added left to right; a row ends with table_end_row. Text is copied. */
void table_text(struct table *t, struct str text);
void table_int(struct table *t, int64_t value);
void table_number(struct table *t, double value);
void table_empty(struct table *t);
void table_end_row(struct table *t);

/* The rows added from here on are totals: set off by a rule in `table`, left out of tsv, csv and
 * json unless the program asks for them by table_keep_totals. */
void table_begin_totals(struct table *t);
void table_keep_totals(struct table *t, bool keep);

/* Prints everything and frees it. */
void table_finish(struct table *t);

#endif
