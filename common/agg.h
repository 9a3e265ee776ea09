/* agg: the groups of an aggregating program. A group is a key and integers that add up: counts,
 * sums, extremes, histogram bins (agg.def). Everything that is printed is computed from them at the
 * end, so it cannot matter in which order, or in how many parts, the events were added. */
#ifndef SP_AGG_H
#define SP_AGG_H

#include <limits.h>

#include "buckets.h"
#include "hist.h"
#include "keyed.h"
#include "str.h"

/* How a column of agg.def adds up. */
enum agg_how {
	AGG_SUM64,
	AGG_SUM128,
	AGG_SQUARES,
	AGG_FIRST,
	AGG_LAST,
	AGG_EXTREME,
	AGG_BINS,
	AGG_BUCKETS,
};

struct agg_group {
	struct str key; /* the key columns, separated by TABs */
	uint64_t calls, errors;
	uint64_t wait_calls;
	int8_t waits; /* what the reader found out about a syscall's group: 0 nothing, 1 waits, -1 not */
	__uint128_t wait_ns;
	int64_t first_ns, last_ns; /* INT64_MAX, INT64_MIN: unknown */
	struct hist dur, bytes;
	struct bucket_counts buckets;
};

/* Which histograms keep bins; without them only sums and extremes are known. */
enum agg_bins { AGG_BINS_DUR = 1, AGG_BINS_BYTES = 2 };

static inline const struct hist *agg_hist(const struct agg_group *g, enum agg_bins which)
{
	return which == AGG_BINS_DUR ? &g->dur : &g->bytes;
}

struct agg {
	enum agg_bins bins;
	bool sums; /* of events nothing but counts, sums and times: no extremes, squares, bins or buckets */
	const struct buckets *buckets; /* NULL, or what to count of the values of one histogram: */
	enum agg_bins bucketed;
	struct keyed groups;
	struct agg_tally *tally; /* NULL, or what is on its way to the groups: agg_tally.h; */
	struct agg_tally **tally_told; /* and by ring_fact.words that of the last row that had these */
	bool cleared_calls, cleared_timed;
};

/* bins: which histograms keep theirs, a sum of enum agg_bins. */
void agg_open(struct agg *a, enum agg_bins bins);
void agg_close(struct agg *a);

/* The group of a key, made when there is none. 16 bytes must be readable at key.p. */
static inline struct agg_group *agg_group(struct agg *a, struct str key)
{
	return keyed_at(&a->groups, key);
}

/* A group that is in no table, for totals; agg_group_free frees its histograms. */
struct agg_group agg_group_empty(void);
void agg_group_free(struct agg_group *g);
void agg_merge(struct agg_group *into, const struct agg_group *from);

/* All groups, ordered by the bytes of their keys, in memory that the caller frees. */
struct agg_group **agg_sorted(const struct agg *a);

/* Gives all groups new keys; those that get the same one become one. `rename` returns the new key,
 * at which 16 bytes are readable. */
void agg_rekey(struct agg *a, struct str (*rename)(void *context, struct str key), void *context);

/* There are calls, and none of them has a duration; counts what was cleared, too. */
bool agg_is_untimed(const struct agg *a);

/* Of some group's values there are no bins, because nobody has told more than their sum. */
bool agg_is_unbinned(const struct agg *a, enum agg_bins which);

/* Makes it empty again; keeps the slots. */
void agg_clear(struct agg *a);

#endif
