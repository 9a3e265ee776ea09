/* buckets: ranges of values that people ask for, and exact counts in them. A histogram's own bins
 * are narrower but their bounds are not the ones asked for, so buckets are counted beside them. */
#ifndef SP_BUCKETS_H
#define SP_BUCKETS_H

#include "arena.h"
#include "hist.h"
#include "str.h"

enum { BUCKETS_LIST = 64, BUCKETS_LINEAR = 256 };

struct buckets {
	bool of_bytes;
	enum { BUCKETS_OF_LOG2, BUCKETS_OF_DECADES, BUCKETS_OF_WIDTH, BUCKETS_OF_LIST } kind;
	uint64_t width;              /* OF_WIDTH: of each but the last, which has no end */
	uint64_t edge[BUCKETS_LIST + 1]; /* OF_LIST: ascending; behind the last one more than all values */
	unsigned edges;
	uint8_t below[65]; /* OF_LIST: how many bounds are not above the least number of so many bits; */
	uint8_t steps;     /* the most that are among numbers of the same bits */
};

/* "log2", "decades", "linear:100us", or bounds: "10us,50us,1ms"; sizes instead of times for bytes.
 * False when it is none of them, or the bounds do not ascend. log2 is 1, 2, 4 us and so on for
 * times, downwards 500 ns, 250 ns ..., and powers of two for sizes; all of them are bounds of
 * histogram bins. */
bool buckets_parse(struct buckets *b, struct str text, bool of_bytes);

/* How many there are; the one that holds a value; its smallest value and the first one beyond it
 * (false: there is none). */
unsigned buckets_count(const struct buckets *b);
unsigned buckets_index_slow(const struct buckets *b, uint64_t value);
uint64_t buckets_low(const struct buckets *b, unsigned index);
bool buckets_high(const struct buckets *b, unsigned index, uint64_t *high);

static inline unsigned buckets_index(const struct buckets *b, uint64_t value)
{
	if (b->kind != BUCKETS_OF_LIST)
		return buckets_index_slow(b, value);
	unsigned index = b->below[value ? 64 - __builtin_clzll(value) : 0];
	for (unsigned i = 0; i < b->steps; i++)
		index += value >= b->edge[index];
	return index;
}

/* Counts by index; a zeroed one is empty. */
struct bucket_counts {
	uint64_t *n;
	unsigned size; /* those from here on are 0 */
};

void bucket_counts_grow(struct bucket_counts *c, unsigned index);
static inline void bucket_counts_add(struct bucket_counts *c, unsigned index, uint64_t count)
{
	if (index >= c->size)
		bucket_counts_grow(c, index);
	c->n[index] += count;
}
void bucket_counts_merge(struct bucket_counts *into, const struct bucket_counts *from);
/* From a histogram alone: by the middle of its bins. */
void bucket_counts_add_bins(struct bucket_counts *c, const struct buckets *b, const struct hist *h);
void bucket_counts_clear(struct bucket_counts *c); /* to zeros; keeps the memory */
void bucket_counts_free(struct bucket_counts *c);

static inline uint64_t bucket_counts_at(const struct bucket_counts *c, unsigned index)
{
	return index < c->size ? c->n[index] : 0;
}

/* The text form for partials: the buckets and their counts, "linear:1000|0:12,7:3". Reading adds;
 * *same is false when the text is about other buckets. False on bad text. */
void bucket_counts_write(const struct bucket_counts *c, const struct buckets *b, struct buf *out);
bool bucket_counts_read(struct bucket_counts *c, const struct buckets *b, struct str text,
                        bool *same);

#endif
