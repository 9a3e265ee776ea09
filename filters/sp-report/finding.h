/* finding: the rows of findings.tsv, the most severe first, in the words that both forms of the
 * report use. */
#ifndef SP_REPORT_FINDING_H
#define SP_REPORT_FINDING_H

#include "folder.h"

enum finding_look { FINDING_BAD, FINDING_WARNING, FINDING_NOTE };

/* Calls `put` with the rows to show, in order, and returns how many are not shown. */
size_t finding_each(const struct folder *f,
                    void (*put)(const struct folder *f, const struct row *row));

enum finding_look finding_look(struct str severity);

/* What it is about: the title of the rule, or its id. */
struct str finding_title(const struct folder *f, const struct row *row);

/* "100 calls, 16.0 ms". Appends, as the next two do. */
void finding_figures(struct buf *b, const struct folder *f, const struct row *row);

/* "14.4 ms and 90 calls"; nothing where there is no estimate. */
void finding_savings(struct buf *b, const struct folder *f, const struct row *row);

/* "07:33:09.463, trace.log:12": where the worst calls are. */
void finding_places(struct buf *b, const struct folder *f, const struct row *row);

/* "3 findings: 1 high, 2 low"; nothing where no rules were run. */
void finding_counts(struct buf *b, const struct folder *f);

/* Whether the other run has the same finding. */
bool finding_is_in(const struct folder *other, const struct row *row);

#endif
