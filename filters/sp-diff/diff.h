/* diff: the groups of two runs side by side. */
#ifndef SP_DIFF_H
#define SP_DIFF_H

#include "agg.h"
#include "grouping.h"
#include "output.h"
#include "significance.h"
#include "table.h"
#include "tsv.h"

enum measure {
#define MEASURE(id, ...) MEASURE_##id,
#include "measure.def"
#undef MEASURE
	MEASURES
};

extern const struct measure_info {
	struct str name; /* "calls", "p99" */
	const char *column; /* "calls", "p99_ns" */
	enum table_type type;
} measures[MEASURES];

/* -1: there is none of that name. */
int measure_by_name(struct str name);

struct side {
	bool present;
	bool has[MEASURES];
	int64_t value[MEASURES]; /* at most INT64_MAX */
	const struct hist *dur;	 /* NULL: not known, the input was a finished table */
};

struct pair {
	struct str key; /* as in struct agg_group */
	struct side a, b;
	struct test shift, p50, p99;
};

struct diff {
	struct str *key_name;
	size_t keys;
	struct pair *pair;
	size_t pairs;
	struct pair total;
	bool patterns; /* write patterns: in their own order, and without a total, because they overlap */
	struct arena memory;
};

/* One run, read from a file: events, partials, or a finished table of sp-stats. */
struct run {
	const char *path;
	struct agg agg; /* of events and partials */
	struct run_row {
		struct str key;
		struct side side;
	} *row;
	size_t rows, cap;
	struct agg_group total;
	bool finished; /* it was a finished table: no histograms */
	struct str key_names; /* separated by TABs */
	struct arena memory;
};

/* Reads the file. by: NULL, until --by is given: a partial's own keys, else syscall; for the second run,
 * what the first has. */
void run_read(struct run *r, struct grouping *grouping, const char *path);
/* Counts the write patterns of events instead. */
void run_read_patterns(struct run *r, const char *path);
void run_free(struct run *r);

/* Parts of the above: opens the file; makes rows of the groups in r->agg. */
struct tsv *run_open(struct run *r, const char *path);
void run_take_groups(struct run *r);

/* Borrows from both runs. level: of the tests. */
void diff_make(struct diff *d, const struct run *a, const struct run *b, double level);
void diff_free(struct diff *d);

/* Puts write patterns in their order; the share of all writes or reads that a pattern has in a run. */
void patterns_sort(struct diff *d);
bool patterns_share(const struct diff *d, const struct pair *p, bool b, double *percent);

static inline bool pair_has(const struct pair *p, enum measure m)
{
	return (p->a.present && p->a.has[m]) || (p->b.present && p->b.has[m]);
}

static inline int64_t side_value(const struct side *s, enum measure m)
{
	return s->present && s->has[m] ? s->value[m] : 0;
}

#endif
