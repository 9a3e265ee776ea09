/* stat: the statistics of a group (stat.def), computed from its integers when they are printed. */
#ifndef SP_STAT_H
#define SP_STAT_H

#include "agg.h"
#include "columns.h"

enum stat {
#define STAT(id, name, cells, standard, value) STAT_##id,
#include "stat.def"
#undef STAT
	STAT_COUNT
};

extern const struct column_info stat_table[STAT_COUNT];

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

/* An empty one where it is not known. */
static inline struct stat_value stat_integer(bool known, __uint128_t value)
{
	return known ? (struct stat_value){STAT_INT, (__int128_t)value, 0} : (struct stat_value){0};
}

/* scale * part / whole; an empty one where whole is 0. */
struct stat_value stat_ratio(__uint128_t part, __uint128_t whole, double scale);

struct stat_value stat_value(enum stat stat, const struct agg_group *g,
                             const struct stat_whole *whole);

/* A group as a row of a table. */
enum { STAT_PLACES = 2 };
struct stat_row {
	const void *group; /* the program's, which begins with its key */
	uint64_t place[STAT_PLACES]; /* of stat_sort: by the first columns that are sorted by */
};

/* What a column of the program's says of a group. */
typedef struct stat_value stat_of(const void *context, int value, const void *group);

/* Orders rows by --sort, where an empty value is below all others, then by key: the same order in every run. */
void stat_sort(struct stat_row *rows, size_t n, const struct columns *columns, stat_of *value, const void *context);

/* As the table's next cell. */
static inline void stat_cell(struct table *t, struct stat_value v)
{
	if (v.kind == STAT_INT)
		table_int(t, v.i);
	else if (v.kind == STAT_NUMBER)
		table_number(t, v.d);
	else
		table_empty(t);
}

#endif
