/* md_tables: the pieces that a report in Markdown is made of. Text of a trace becomes no markup and
 * is shortened, saying by how much. */
#ifndef SP_MD_TABLES_H
#define SP_MD_TABLES_H

#include "folder.h"

void md_text(struct str text);
void md_number(enum table_type type, int64_t n);
void md_heading(const char *text);

/* "3 more rows are in files.tsv", or nothing. */
void md_more(uint64_t n, const char *table);

/* A cell of text. */
void md_cell(struct table *t, struct str text);

/* The first `most` rows of a table, if it has any. */
void md_sheet(const struct folder *f, enum sheet_id id, const char *title, size_t most);

/* Of two runs the rows that differ most: "calls A", "calls B", "change" for each column that runs
 * are compared by. */
void md_compared(const struct folder *runs, enum sheet_id id, const char *title, size_t most);

#endif
