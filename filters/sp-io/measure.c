#include "io.h"

const struct column_info measure_table[MEASURES] = {
#define MEASURE(id, name, cells, shown) [MEASURE_##id] = {name, TABLE_##cells, shown},
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

struct str measure_pattern(const struct group *g)
{
	static const char *const names[] = {"", "sequential", "strided", "random", "mixed"};
	return str_of(names[pattern_of(g)]);
}

/* ---- all of them ---- */

static struct stat_value of_sum(const struct group *g, enum sum sum)
{
	return stat_integer(true, group_sum(g, sum));
}

struct stat_value measure_value(enum measure m, const struct group *g, const struct options *o,
                                __uint128_t total_ns)
{
	uint64_t limit = (uint64_t)o->small_bytes;
	switch (m) {
	case MEASURE_CALLS:
		return stat_integer(true, g->calls);
	case MEASURE_ERRORS:
		return stat_integer(true, g->errors);
	case MEASURE_TOTAL:
		return stat_integer(g->timed > 0, g->total_ns);
	case MEASURE_TIME_PERCENT:
		return stat_ratio(g->total_ns, g->timed ? total_ns : 0, 100);
	case MEASURE_PATTERN:
		return stat_integer(compared(g) > 0, pattern_of(g));
	case MEASURE_SEQUENTIAL_PERCENT:
		return stat_ratio(group_sum(g, SUM_SEQUENTIAL), compared(g), 100);
	case MEASURE_STRIDED_PERCENT:
		return stat_ratio(group_sum(g, SUM_STRIDED), compared(g), 100);
	case MEASURE_RANDOM_PERCENT:
		return stat_ratio(group_sum(g, SUM_RANDOM), compared(g), 100);
	case MEASURE_READS:
		return of_sum(g, SUM_READS);
	case MEASURE_READ_BYTES:
		return stat_integer(true, sum_of(g, HIST_READ_BYTES));
	case MEASURE_READ_NS:
		return sum_value(g, HIST_READ_NS);
	case MEASURE_WRITES:
		return of_sum(g, SUM_WRITES);
	case MEASURE_WRITE_BYTES:
		return stat_integer(true, sum_of(g, HIST_WRITE_BYTES));
	case MEASURE_WRITE_NS:
		return sum_value(g, HIST_WRITE_NS);
	case MEASURE_READ_PERCENT:
		return stat_ratio(values(g, HIST_READ_BYTES), moves(g), 100);
	case MEASURE_MEAN_BYTES:
		return mean_bytes(g);
	case MEASURE_MEDIAN_BYTES:
		return median_bytes(g);
	case MEASURE_MEAN_READ_BYTES:
		return mean_value(g, HIST_READ_BYTES);
	case MEASURE_MEDIAN_READ_BYTES:
		return percentile(g, HIST_READ_BYTES, 50000);
	case MEASURE_MEAN_WRITE_BYTES:
		return mean_value(g, HIST_WRITE_BYTES);
	case MEASURE_MEDIAN_WRITE_BYTES:
		return percentile(g, HIST_WRITE_BYTES, 50000);
	case MEASURE_SMALL_PERCENT:
		return stat_ratio(below(g, HIST_READ_BYTES, limit) + below(g, HIST_WRITE_BYTES, limit),
		             moves(g), 100);
	case MEASURE_ALIGNED_PERCENT:
		return stat_ratio(group_sum(g, SUM_ALIGNED), group_sum(g, SUM_PLACED), 100);
	case MEASURE_EMPTY_READS:
		return of_sum(g, SUM_EMPTY_READS);
	case MEASURE_EMPTY_WRITES:
		return of_sum(g, SUM_EMPTY_WRITES);
	case MEASURE_ZERO_WRITES:
		return of_sum(g, SUM_ZERO_WRITES);
	case MEASURE_SEEKS:
		return of_sum(g, SUM_SEEKS);
	case MEASURE_IDLE_SEEKS:
		return of_sum(g, SUM_IDLE_SEEKS);
	case MEASURE_SEEKS_PER_CALL:
		return stat_ratio(group_sum(g, SUM_SEEKS), (__uint128_t)group_sum(g, SUM_READS) + group_sum(g, SUM_WRITES),
		             1);
	case MEASURE_REREADS:
		return of_sum(g, SUM_REREADS);
	case MEASURE_REREAD_BYTES:
		return of_sum(g, SUM_REREAD_BYTES);
	case MEASURE_OVERWRITES:
		return of_sum(g, SUM_OVERWRITES);
	case MEASURE_OVERWRITE_BYTES:
		return of_sum(g, SUM_OVERWRITE_BYTES);
	case MEASURE_SYNCS:
		return of_sum(g, SUM_SYNCS);
	case MEASURE_SYNC_NS:
		return sum_value(g, HIST_SYNC_NS);
	case MEASURE_SYNCS_PER_WRITE:
		return stat_ratio(group_sum(g, SUM_SYNCS), group_sum(g, SUM_WRITES), 1);
	case MEASURE_SYNC_WRITES:
		return of_sum(g, SUM_SYNC_WRITES);
	case MEASURE_DIRECT_CALLS:
		return of_sum(g, SUM_DIRECT_CALLS);
	case MEASURE_OPENS:
		return of_sum(g, SUM_OPENS);
	case MEASURE_FAILED_OPENS:
		return of_sum(g, SUM_FAILED_OPENS);
	case MEASURE_UNUSED_OPENS:
		return of_sum(g, SUM_UNUSED_OPENS);
	case MEASURE_MMAPS:
		return of_sum(g, SUM_MMAPS);
	case MEASURE_MMAP_BYTES:
		return of_sum(g, SUM_MMAP_BYTES);
	case MEASURE_CONNECTS:
		return of_sum(g, SUM_CONNECTS);
	case MEASURE_FAILED_CONNECTS:
		return of_sum(g, SUM_FAILED_CONNECTS);
	case MEASURE_CONNECT_NS:
		return sum_value(g, HIST_CONNECT_NS);
	case MEASURE_MAX_CONNECT_NS:
		return max_value(g, HIST_CONNECT_NS);
	case MEASURE_FIRST_BYTES:
		return stat_integer(true, values(g, HIST_FIRST_BYTE_NS));
	case MEASURE_MEAN_FIRST_BYTE_NS:
		return mean_value(g, HIST_FIRST_BYTE_NS);
	case MEASURE_P99_FIRST_BYTE_NS:
		return percentile(g, HIST_FIRST_BYTE_NS, 99000);
	case MEASURE_P50_READ_NS:
		return percentile(g, HIST_READ_NS, 50000);
	case MEASURE_P99_READ_NS:
		return percentile(g, HIST_READ_NS, 99000);
	case MEASURE_MAX_READ_NS:
		return max_value(g, HIST_READ_NS);
	case MEASURE_P50_WRITE_NS:
		return percentile(g, HIST_WRITE_NS, 50000);
	case MEASURE_P99_WRITE_NS:
		return percentile(g, HIST_WRITE_NS, 99000);
	case MEASURE_MAX_WRITE_NS:
		return max_value(g, HIST_WRITE_NS);
	case MEASURE_P99_SYNC_NS:
		return percentile(g, HIST_SYNC_NS, 99000);
	case MEASURES:
		break;
	}
	return (struct stat_value){0};
}
