/* row: a group as a row of the table. Most groups have done few of the things that there are columns for: files are
 * opened and read, but not written, synced or connected to. In tables for programs, where such columns are many, the cells
 * of those are copied from the row of an empty group. */
#ifndef SP_IO_ROW_H
#define SP_IO_ROW_H

#include "io.h"

struct row {
	const struct options *options;
	const struct columns *columns;
	__uint128_t total_ns; /* of all groups */
	struct run {
		int from, to; /* columns side by side that are about the same */
		unsigned acts;
	} run[COLUMNS_MAX];
	int runs;
	struct buf empty; /* the cells of an empty group, with a TAB behind each */
	size_t at[COLUMNS_MAX + 1]; /* where they begin */
};

/* For rows of t, or of its parts; by several threads at once. */
void row_open(struct row *r, const struct options *o, const struct columns *columns, __uint128_t total_ns,
              const struct table *t);
void row_print(const struct row *r, const struct group *g, struct table *t);
void row_close(struct row *r);

#endif
