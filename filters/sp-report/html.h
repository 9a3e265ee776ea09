/* html: the pieces of the page. Constants of the program are written as they are; everything that
 * may come from a trace goes through html_text, which leaves no markup, no control byte and no
 * invalid UTF-8, and shortens what is too long to read, saying by how much. */
#ifndef SP_HTML_H
#define SP_HTML_H

#include "folder.h"

/* Where this thread writes to from now on: the parts of a page are made at once. */
void html_into(struct buf *b);

/* Markup and numbers, written by the program itself. */
void html_str(struct str s);
void html(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Text of a trace, at most `most` bytes of it (and a remark in the middle): of a name in a table, or of a text that
 * people read. */
enum { HTML_NAME = 240, HTML_PROSE = 4000 };
void html_text(struct str text, size_t most);

/* A number for programs, and one as people read it. */
void html_int(int64_t n);
void html_number(enum table_type type, int64_t n);

/* A bar of so many hundredths of a percent, drawn without script. `kind` is a class of its own. */
void html_bar(int64_t hundredths, const char *kind);

/* A cell of a table, with the number that sorting goes by; the first one of a row names it. */
void html_cell(const struct sheet_column *column, const struct cell *cell, bool first);

/* "1 row", "1,234 rows". */
void html_count(int64_t n, const char *one, const char *many);

/* The parts of the page: each writes the inside of its section. `other` is the run that it stands
 * beside, or NULL. */
void html_summary(const struct folder *runs, int n);
void html_findings(const struct folder *f, const struct folder *other);
void html_pattern(const struct folder *f);
void html_latency(const struct folder *f);
void html_threads(const struct folder *f);
void html_timeline(const struct folder *f);
void html_heat(const struct folder *f);
void html_fds(const struct folder *f);
void html_flame(const struct folder *f);

/* A table to sort and filter; the rows that find no place are counted below it. */
void html_sheet(const struct folder *f, enum sheet_id id);

/* The rows of two runs side by side, the largest difference first. */
void html_compared(const struct folder *a, const struct folder *b, enum sheet_id id);

/* The numbers behind the charts, for the script. */
void html_data(const struct folder *runs, int n);

/* The whole page. */
void html_page(const struct folder *runs, int n, struct str title);

#endif
