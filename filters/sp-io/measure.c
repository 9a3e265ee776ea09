#include "io.h"

const struct column_info measure_table[MEASURES] = {
#define MEASURE(id, name, cells, shown, acts, value) [MEASURE_##id] = {name, TABLE_##cells, shown},
#include "measure.def"
#undef MEASURE
};

/* ---- histograms ---- */

static uint64_t values(const struct group *g, enum which_hist which)
{
	return group_has(g, which) ? g->hist[which]->count : 0;
}

static __uint128_t sum_of(const struct group *g, enum which_hist which)
{
	return group_has(g, which) ? g->hist[which]->sum : 0;
}

static struct stat_value sum_value(const struct group *g, enum which_hist which)
{
	return stat_integer(group_has(g, which), sum_of(g, which));
}

static struct stat_value max_value(const struct group *g, enum which_hist which)
{
	return stat_integer(group_has(g, which), group_has(g, which) ? g->hist[which]->max : 0);
}

static struct stat_value mean_value(const struct group *g, enum which_hist which)
{
	return stat_integer(group_has(g, which), group_has(g, which) ? hist_mean(g->hist[which]) : 0);
}

static struct stat_value percentile(const struct group *g, enum which_hist which, unsigned per_100k)
{
	bool known = group_has(g, which);
	return stat_integer(known, known ? hist_percentile(g->hist[which], per_100k) : 0);
}

/* Of reads and writes together: */
static uint64_t moves(const struct group *g)
{
	return values(g, HIST_READ_BYTES) + values(g, HIST_WRITE_BYTES);
}

static struct stat_value mean_bytes(const struct group *g)
{
	__uint128_t moved = sum_of(g, HIST_READ_BYTES) + sum_of(g, HIST_WRITE_BYTES);
	uint64_t n = moves(g);
	return stat_integer(n > 0, n ? (moved + n / 2) / n : 0);
}

static struct stat_value median_bytes(const struct group *g)
{
	if (!group_has(g, HIST_READ_BYTES))
		return percentile(g, HIST_WRITE_BYTES, 50000);
	if (!group_has(g, HIST_WRITE_BYTES))
		return percentile(g, HIST_READ_BYTES, 50000);
	struct hist both = {0};
	hist_merge(&both, g->hist[HIST_READ_BYTES]);
	hist_merge(&both, g->hist[HIST_WRITE_BYTES]);
	struct stat_value median = stat_integer(true, hist_percentile(&both, 50000));
	hist_free(&both);
	return median;
}

/* Powers of two are bounds of bins: for them this is exact. */
static uint64_t below(const struct group *g, enum which_hist which, uint64_t limit)
{
	uint64_t n = 0, count;
	for (unsigned bin = 0; group_has(g, which) && hist_next(g->hist[which], &bin, &count);
	     bin++)
		n += hist_bin_middle(bin) < limit ? count : 0;
	return n;
}

/* ---- patterns ---- */

static uint64_t compared(const struct group *g)
{
	return group_sum(g, SUM_SEQUENTIAL) + group_sum(g, SUM_STRIDED) + group_sum(g, SUM_RANDOM);
}

enum { PATTERN_NONE, PATTERN_SEQUENTIAL, PATTERN_STRIDED, PATTERN_RANDOM, PATTERN_MIXED };

static unsigned pattern_of(const struct group *g)
{
	uint64_t all = compared(g);
	if (all == 0)
		return PATTERN_NONE;
	for (unsigned i = 0; i < 3; i++)
		if ((__uint128_t)group_sum(g, (enum sum)(SUM_SEQUENTIAL + i)) * 100 >=
		    (__uint128_t)all * PATTERN_PERCENT)
			return PATTERN_SEQUENTIAL + i;
	return PATTERN_MIXED;
}
_Static_assert(SUM_STRIDED == SUM_SEQUENTIAL + 1 && SUM_RANDOM == SUM_SEQUENTIAL + 2, "in order");

static struct str pattern_name(const struct group *g)
{
	static const char *const names[] = {"", "sequential", "strided", "random", "mixed"};
	return str_of(names[pattern_of(g)]);
}

/* ---- all of them ---- */

static struct stat_value count(const struct group *g, enum sum sum)
{
	return stat_integer(true, group_sum(g, sum));
}

static struct stat_value small_percent(const struct group *g, uint64_t limit)
{
	return stat_ratio(below(g, HIST_READ_BYTES, limit) + below(g, HIST_WRITE_BYTES, limit), moves(g), 100);
}

static struct stat_value seeks_per_call(const struct group *g)
{
	__uint128_t calls = (__uint128_t)group_sum(g, SUM_READS) + group_sum(g, SUM_WRITES);
	return stat_ratio(group_sum(g, SUM_SEEKS), calls, 1);
}

struct stat_value measure_value(enum measure m, const struct group *g, const struct options *o,
                                __uint128_t total_ns)
{
	switch (m) {
#define MEASURE(id, name, cells, shown, acts, value)                                               \
	case MEASURE_##id:                                                                         \
		return value;
#include "measure.def"
#undef MEASURE
	case MEASURES:
		break;
	}
	return (struct stat_value){0};
}

/* As measure_value and stat_cell, which would hand over most numbers through memory. */
void measure_cell(struct table *t, enum measure m, const struct group *g, const struct options *o, __uint128_t total_ns)
{
	if (m == MEASURE_PATTERN) {
		table_text(t, pattern_name(g));
		return;
	}
	switch (m) {
#define MEASURE(id, name, cells, shown, acts, value)                                               \
	case MEASURE_##id:                                                                         \
		stat_cell(t, value);                                                               \
		return;
#include "measure.def"
#undef MEASURE
	case MEASURES:
		return;
	}
}

unsigned measure_acts(enum measure m)
{
	static const unsigned acts_of[MEASURES] = {
#define MEASURE(id, name, cells, shown, acts, value) [MEASURE_##id] = acts,
#include "measure.def"
#undef MEASURE
	};
	return acts_of[m];
}
