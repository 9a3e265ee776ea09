/* stats: what the parts of sp-stats share: the options, and the groups as tables. */
#ifndef SP_STATS_H
#define SP_STATS_H

#include "agg.h"
#include "columns.h"
#include "grouping.h"
#include "stat.h"
#include "table.h"

struct options {
	char **paths;
	struct grouping grouping;
	struct keys keys;
	struct columns columns;
	const char *ratio;
	int64_t every_ns; /* 0: no time slices; with `slices` known at the end */
	uint64_t slices;  /* at most so many; 0: every_ns each */
	bool partial, unfinished, live;
};

/* The groups as rows: one block, or one for each time slice. */
void show_groups(struct table *t, const struct options *options, const struct agg *agg);

/* "read:write = 2.0:1.0": calls of the groups named in the list. */
void show_ratio(const struct options *options, struct agg *agg, struct output *out);

#endif
