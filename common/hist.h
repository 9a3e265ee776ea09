/* hist: a histogram of non-negative integers that merges exactly. Log-linear, as HdrHistogram's:
 * every power of two is cut into 128 equal bins, values below 128 have a bin each. A bin's middle
 * is within 1/256 (0.4 %) of every value in it; count, sum, minimum, maximum and sum of squares are
 * exact. Merging adds bins: the order of merging cannot matter. The first bins are kept as a list,
 * so that a million small groups fit in memory; beyond HIST_FEW bins, each power of two in use has
 * an array of its own. */
#ifndef SP_HIST_H
#define SP_HIST_H

#include "arena.h"
#include "str.h"

enum {
	HIST_SUB_BITS = 7,
	HIST_SUB = 1 << HIST_SUB_BITS,         /* bins per power of two */
	HIST_OCTAVES = 64 - HIST_SUB_BITS + 1, /* arrays of HIST_SUB bins; array 0 is exact */
	HIST_BINS = HIST_OCTAVES * HIST_SUB,
	HIST_FEW = 64,
};
_Static_assert(HIST_BINS <= UINT16_MAX, "16 bits hold the number of a bin");

/* A zeroed one is empty. */
struct hist {
	uint64_t count;
	uint64_t min, max; /* 0 while count is */
	/* Of some values only count and sum are known, as a tracer's summary tells them: there are no bins and squares
	 * of all; or their extremes neither. */
	bool unbinned, unbounded;
	__uint128_t sum;
	__uint128_t sum_squares; /* stays at its maximum instead of overflowing */
	uint64_t **octave;       /* NULL: the bins are in `few` */
	struct hist_few *few;
};

/* Whether its values are known one by one, as far as bins tell them apart: for percentiles and deviation. */
static inline bool hist_is_binned(const struct hist *h)
{
	return h->count && !h->unbinned;
}

/* The bin of a value, 0 .. HIST_BINS - 1; of a bin, its smallest value, how many values it holds, and its middle. */
static inline unsigned hist_bin(uint64_t value)
{
	if (value < HIST_SUB)
		return (unsigned)value;
	unsigned shift = 63 - HIST_SUB_BITS - (unsigned)__builtin_clzll(value);
	return (shift + 1) * HIST_SUB + (unsigned)(value >> shift) - HIST_SUB;
}
uint64_t hist_bin_low(unsigned bin);
uint64_t hist_bin_width(unsigned bin);
uint64_t hist_bin_middle(unsigned bin);

/* Count, sums and extremes of a value without its bin: for quantities that need no percentiles. */
static inline void hist_add_sums(struct hist *h, uint64_t value)
{
	if (value < h->min || h->count == 0)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count++;
	h->sum += value;
	if (__builtin_expect(__builtin_add_overflow(h->sum_squares, (__uint128_t)value * value, &h->sum_squares), 0))
		h->sum_squares = ~(__uint128_t)0;
}

/* Makes it one of which count and sum alone are known. */
static inline void hist_keep_sums(struct hist *h)
{
	h->unbinned = h->unbounded = h->count > 0;
}

void hist_add_bin(struct hist *h, unsigned bin, uint64_t count); /* the bin alone, no sums */

/* Its bin without count, sums and extremes. */
static inline void hist_add_its_bin(struct hist *h, uint64_t value)
{
	unsigned bin = hist_bin(value);
	if (h->octave && h->octave[bin / HIST_SUB])
		h->octave[bin / HIST_SUB][bin % HIST_SUB]++;
	else
		hist_add_bin(h, bin, 1);
}

/* The same for many values whose bins are known. Bins are all over the memory: where they are counted one right after
 * the other, that is fetched for many at a time. */
void hist_add_bins(struct hist *h, const uint16_t *bin, size_t n);

static inline void hist_add(struct hist *h, uint64_t value)
{
	hist_add_sums(h, value);
	hist_add_its_bin(h, value);
}

void hist_merge(struct hist *into, const struct hist *from);

/* The next bin in use from *bin on, for (unsigned bin = 0; hist_next(h, &bin, &count); bin++). */
bool hist_next(const struct hist *h, unsigned *bin, uint64_t *count);

/* The value at rank ceil(share * count) (nearest rank): the middle of its bin, kept within min and
 * max; exactly min and max at the first and last rank. 0 for an empty histogram. per_100k is the
 * share in 1/100,000: 50000 is the median, 99900 is p99.9. */
uint64_t hist_percentile(const struct hist *h, unsigned per_100k);

uint64_t hist_mean(const struct hist *h);   /* rounded to the nearest, 0 for none */
uint64_t hist_stddev(const struct hist *h); /* of the population, rounded likewise */

/* The text form for partials: "bin:count,bin:count" in bin order; empty for no values. */
void hist_write_bins(const struct hist *h, struct buf *b);
/* Adds such bins to h, not the sums, whose min and max must be set. *total grows by what they count. False on
 * bad text and for bins that these extremes leave no room for. */
bool hist_read_bins(struct hist *h, struct str text, uint64_t *total);

void hist_drop_bins(struct hist *h); /* leaves count, sums and extremes */
void hist_clear(struct hist *h);     /* for other values; keeps the memory of a list */
void hist_free(struct hist *h);

#endif
