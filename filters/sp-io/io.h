/* io: what the parts of sp-io share: the options, the measures of a group, and groups as tables. */
#ifndef SP_IO_H
#define SP_IO_H

#include "columns.h"
#include "group.h"
#include "grouping.h"
#include "keyed.h"
#include "stat.h"
#include "table.h"

enum measure {
#define MEASURE(id, name, cells, shown, acts, value) MEASURE_##id,
#include "measure.def"
#undef MEASURE
	MEASURES
};

extern const struct column_info measure_table[MEASURES]; /* standard: shown to people */

struct options {
	char **paths;
	struct grouping grouping;
	struct keys keys;
	struct columns columns;
	int64_t small_bytes;
	bool partial, sizes;
	const char *tables; /* the folder that gets a table of each kind; NULL: there is one table */
};

/* The pattern is "sequential", "strided", "random", "mixed", or nothing where no data call has been compared: the
 * class that at least PATTERN_PERCENT of those that were compared have. */
enum { PATTERN_PERCENT = 80 };

/* Of a group; total_ns is the time of all. The pattern's is a number of its own, for sorting. */
struct stat_value measure_value(enum measure m, const struct group *g, const struct options *o,
                                __uint128_t total_ns);
void measure_cell(struct table *t, enum measure m, const struct group *g, const struct options *o, __uint128_t total_ns);

/* A group that has done none of these acts has the value that an empty one has. */
unsigned measure_acts(enum measure m);

/* The groups as rows, and a total. */
void show_groups(const struct options *o, const struct keyed *groups);

/* A table for each kind of what has a name, in a folder: the keys are path and fdtype. tables_open is called before
 * input is read, while files may be opened. */
void tables_open(const char *folder);
void show_tables(const struct options *o, const struct keyed *groups);

/* The sizes of reads and writes of each group, by powers of two. */
void show_sizes(const struct options *o, const struct keyed *groups);

#endif
