/* stat: the statistics of a group (stat.def), computed from its integers when they are printed. */
#ifndef SP_STAT_H
#define SP_STAT_H

#include "agg.h"
#include "table.h"

enum stat {
#define STAT(id, name, cells, standard) STAT_##id,
#include "stat.def"
#undef STAT
	STAT_COUNT
};

extern const struct stat_info {
	const char *name;
	enum table_type type;
	bool standard; /* shown when no columns are asked for */
} stat_table[STAT_COUNT];

/* By the full name, or without its unit: "p99_ns", "p99". -1: there is none. */
int stat_by_name(struct str name);

/* What a group's shares are shares of. */
struct stat_whole {
	__uint128_t total_ns, active_ns;
	uint64_t wall_ns; /* from the first start to the last end */
};
struct stat_whole stat_whole_of(const struct agg_group *total);

struct stat_value {
	enum { STAT_EMPTY, STAT_INT, STAT_NUMBER } kind;
	__int128_t i;
	double d;
};
struct stat_value stat_value(enum stat stat, const struct agg_group *g,
                             const struct stat_whole *whole);

/* <0, 0, >0; an empty one is below all others. */
int stat_compare(struct stat_value a, struct stat_value b);

/* As the table's next cell. */
void stat_cell(struct table *t, struct stat_value v);

#endif
