/* pairs: the rows of two runs that belong together, those that differ most first. */
#ifndef SP_PAIRS_H
#define SP_PAIRS_H

#include "folder.h"

struct pair {
	const struct row *a, *b; /* NULL: the run has no such row */
	int64_t weight;          /* how far apart they are in the column that gives the order */
};

/* Whether runs are compared by this column: it is one for that, and one of them has it. */
bool pairs_by(const struct sheet *a, const struct sheet *b, int column);

/* Whether rows are known by this column, which one of the runs has. */
bool pairs_named(const struct sheet *a, const struct sheet *b, int column);

/* Free them with free(). */
struct pair *pairs_of(const struct sheet *a, const struct sheet *b, size_t *n);

enum change { CHANGE_NONE, CHANGE_NEW, CHANGE_GONE, CHANGE_PERCENT };

/* From a to b; either may be NULL. None where both runs have the row but one does not know the value: without
 * durations, times are not gone. */
enum change pairs_change(const struct cell *a, const struct cell *b, double *percent);

#endif
