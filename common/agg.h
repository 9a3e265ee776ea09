/* agg: the groups of an aggregating program. A group is a key and integers that add up: counts,
 * sums, extremes, histogram bins (agg.def). Everything that is printed is computed from them at the
 * end, so it cannot matter in which order, or in how many parts, the events were added. */
#ifndef SP_AGG_H
#define SP_AGG_H

#include <limits.h>

#include "arena.h"
#include "buckets.h"
#include "hist.h"
#include "str.h"

struct agg_group {
	struct str key; /* the key columns, separated by TABs */
	uint64_t calls, errors;
	uint64_t wait_calls;
	__uint128_t wait_ns;
	int64_t first_ns, last_ns; /* INT64_MAX, INT64_MIN: unknown */
	int8_t waits; /* what the reader found out about a syscall's group: 0 nothing, 1 waits, -1
	                 not */
	struct hist dur, bytes;
	struct bucket_counts buckets;
};

/* Which histograms keep bins; without them only sums and extremes are known. */
enum agg_bins { AGG_BINS_DUR = 1, AGG_BINS_BYTES = 2 };

enum { AGG_IN_SLOT = 16 };

/* Keys of up to 16 bytes are kept in the slot itself: no other memory is read to compare them.
 * Longer ones have their hash there. */
struct agg_slot {
	uint64_t head, tail;
	size_t n;
	struct agg_group *group; /* NULL: free */
};

struct agg {
	enum agg_bins bins;
	const struct buckets *buckets; /* NULL, or what to count of the values of one histogram: */
	enum agg_bins bucketed;
	size_t group_bytes; /* of a group, when a program's own begin with a struct agg_group; zeroed */
	size_t groups;
	size_t mask;    /* slots - 1, a power of two */
	unsigned shift; /* 64 - log2(slots) */
	struct agg_slot *slot;
	struct arena memory;
	bool cleared_calls, cleared_timed;
};

void agg_open(struct agg *a, enum agg_bins bins);
void agg_close(struct agg *a);

struct agg_group *agg_group_slow(struct agg *a, struct str key);

/* Where the search for a slot begins: one multiplication, by the golden ratio, whose upper bits
 * depend on all bytes of the key. */
static inline size_t agg_position(const struct agg *a, uint64_t head, uint64_t tail, size_t n)
{
	uint64_t folded = head ^ (tail << 29 | tail >> 35) ^ n;
	return (size_t)((folded * UINT64_C(0x9e3779b97f4a7c15)) >> a->shift);
}

/* The n <= 16 bytes at p as two words, zeros behind them: all 16 are loaded, the rest masked away.
 */
extern const uint64_t agg_mask[AGG_IN_SLOT + 9];
static inline void agg_words(const char *p, size_t n, uint64_t *head, uint64_t *tail)
{
	memcpy(head, p, 8);
	memcpy(tail, p + 8, 8);
	*head &= agg_mask[n + 8];
	*tail &= agg_mask[n];
}

/* The group of a key, made when there is none. 16 bytes must be readable at key.p. */
static inline struct agg_group *agg_group(struct agg *a, struct str key)
{
	if (key.n > AGG_IN_SLOT)
		return agg_group_slow(a, key);
	uint64_t head, tail;
	agg_words(key.p, key.n, &head, &tail);
	const struct agg_slot *s = &a->slot[agg_position(a, head, tail, key.n)];
	if (s->head == head && s->tail == tail && s->n == key.n && s->group)
		return s->group;
	return agg_group_slow(a, key);
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

/* Makes it empty again; keeps the slots. */
void agg_clear(struct agg *a);

#endif
