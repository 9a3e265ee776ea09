/* table: the one renderer of all result tables. A program fills rows of typed cells and prints them
 * as an aligned table for people, TSV, CSV (quoted as RFC 4180 says, lines end in \n), JSON (one
 * object per line) or Markdown. Units for people appear in `table` and `md` only; the others hold
 * plain integers and decimals, rounded the same way everywhere. Only `table` keeps rows in memory.
 */
#ifndef SP_TABLE_H
#define SP_TABLE_H

#include "arena.h"
#include "output.h"
#include "str.h"

enum table_format { TABLE_AUTO, TABLE_ALIGNED, TABLE_TSV, TABLE_CSV, TABLE_JSON, TABLE_MD };

enum table_type {
	TABLE_TEXT,  /* left-aligned; escaped text, as in the event table */
	TABLE_COUNT, /* integer: 423,891 */
	TABLE_NS,    /* integer: 12.4 s */
	TABLE_BYTES, /* integer: 4.0 KiB */
	TABLE_TIME,  /* integer, ns: 07:33:09.250, or the date and time where it counts from 1970 */
	TABLE_INT,   /* integer without unit or grouping: pid, fd */
	TABLE_PERCENT,    /* number: 12.34 */
	TABLE_RATIO,      /* number: 2.30 */
	TABLE_SECONDS,    /* number: 0.033719 */
	TABLE_SCIENTIFIC, /* number: 3.2e-08 */
	TABLE_DIGITS,     /* number, six digits of it: 0.372575, 3.20117e-08 */
	TABLE_TYPES
};

struct table;

/* "table", "tsv", "csv", "json", "md"; false when it is none of them. */
bool table_format_parse(const char *name, enum table_format *format);

/* AUTO becomes ALIGNED when `out` is a terminal and TSV otherwise. */
enum table_format table_format_for(const struct output *out, enum table_format format);

struct table *table_new(struct output *out, enum table_format format);

/* name is the column's machine name ("total_ns"); people see it too, without its unit suffix where
 * the cells carry units. Names must live as long as the table. */
void table_column(struct table *t, const char *name, enum table_type type);

/* Cells are added left to right; a row ends with table_end_row. Text is copied; what could drive a
 * terminal or break a row is escaped. */
void table_text(struct table *t, struct str text);
void table_int(struct table *t, __int128_t value);
void table_number(struct table *t, double value);
void table_empty(struct table *t);
void table_end_row(struct table *t);

/* Appends text as a cell would show it, for what stands beside tables. */
void table_clean(struct buf *b, struct str text);

/* The rows added from here on are totals: set off by a rule in `table`, left out of tsv, csv and
 * json unless the program asks for them by table_keep_totals. */
void table_begin_totals(struct table *t);
void table_keep_totals(struct table *t, bool keep);

/* Prints the rows so far as a block of their own; the next block of `table` and `md` begins with an
 * empty line and the header. For tables that grow while people look. */
void table_flush(struct table *t);

/* For rows that other threads make: a table like t that keeps its rows until they are written behind those of t. Not all
 * formats can have such parts. */
bool table_has_parts(const struct table *t);
struct table *table_part(const struct table *t);
void table_join(struct table *t, struct table *part);
void table_part_free(struct table *part);

/* For rows that are alike: n cells as they stand in the text of a part, with TABs between them. */
struct str table_part_text(const struct table *part);
void table_cells(struct table *t, struct str cells, int n);

/* Prints everything and frees it. */
void table_finish(struct table *t);

#endif
