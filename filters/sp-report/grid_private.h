/* grid_private: what grid.c, of the tables that have slices, and grid_fds.c share. */
#ifndef SP_GRID_PRIVATE_H
#define SP_GRID_PRIVATE_H

#include "grid.h"
#include "source.h"

/* What the first reading finds out: from when to when, and where the table has slices their length, which is the
 * greatest that all times are a multiple of. */
struct extent {
	int64_t first, last, step; /* first: INT64_MAX before any row */
	uint64_t rows;
};

/* Opens the table, asks for the columns up to NULL and notes their indexes. False when there is no such table. */
bool grid_open(struct source *s, const char *dir, const char *name, const char *const columns[], int wanted[]);

/* The time of the row; false when it has none that can be drawn. */
bool grid_time(struct tsv *t, int wanted, int64_t *ns);
void grid_extend(struct extent *e, int64_t ns);

/* At most so many slices. sliced: those of the table are kept, or several joined. */
void grid_choose_slices(struct grid *g, struct extent e, size_t most, bool sliced);

/* One a slice. */
void grid_give_values(struct grid *g, struct grid_line *line, int64_t fill);

#endif
