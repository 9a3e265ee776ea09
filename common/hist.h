/* hist: a histogram of non-negative integers that merges exactly. Log-linear, as HdrHistogram's:
 * every power of two is cut into 128 equal bins, values below 128 have a bin each. A bin's middle is
 * within 1/256 (0.4 %) of every value in it; count, sum, minimum, maximum and sum of squares are exact.
 * Merging adds bins: the order of merging cannot matter. */
#ifndef SP_HIST_H
#define SP_HIST_H

#include "arena.h"
#include "str.h"

enum {
	HIST_SUB_BITS = 7,
	HIST_SUB = 1 << HIST_SUB_BITS,		      /* bins per power of two */
	HIST_OCTAVES = 64 - HIST_SUB_BITS + 1,	      /* chunks of HIST_SUB bins; chunk 0 is exact */
	HIST_BINS = HIST_OCTAVES * HIST_SUB,
};

struct hist {
	uint64_t count;
	__uint128_t sum, sum_squares;
	uint64_t min, max;		   /* meaningless while count is 0 */
	uint64_t *octave[HIST_OCTAVES]; /* NULL: no value there yet */
};

/* The bin of a value, 0 .. HIST_BINS - 1, and the smallest value of a bin and how many it holds. */
static inline unsigned hist_bin(uint64_t value)
{
	if (value < HIST_SUB)
		return (unsigned)value;
	unsigned shift = 63 - HIST_SUB_BITS - (unsigned)__builtin_clzll(value);
	return (shift + 1) * HIST_SUB + (unsigned)(value >> shift) - HIST_SUB;
}
uint64_t hist_bin_low(unsigned bin);
uint64_t hist_bin_width(unsigned bin);

void hist_add_octave(struct hist *h, unsigned octave); /* makes a chunk of bins; for hist_add */

static inline void hist_add(struct hist *h, uint64_t value)
{
	unsigned bin = hist_bin(value), octave = bin / HIST_SUB;
	if (!h->octave[octave])
		hist_add_octave(h, octave);
	h->octave[octave][bin % HIST_SUB]++;
	h->min = h->count == 0 || value < h->min ? value : h->min;
	h->max = h->count == 0 || value > h->max ? value : h->max;
	h->count++;
	h->sum += value;
	h->sum_squares += (__uint128_t)value * value;
}

void hist_merge(struct hist *into, const struct hist *from);

/* The value at rank ceil(share * count) (nearest rank): the middle of its bin, kept within min and
 * max. 0 for an empty histogram. permille is in thousandths: 500 is the median, 999 is p99.9. */
uint64_t hist_percentile(const struct hist *h, unsigned permille);

double hist_mean(const struct hist *h);
double hist_stddev(const struct hist *h); /* of the population */

/* The text form for partials: "bin:count,bin:count" in bin order; empty for no values. */
void hist_write_bins(const struct hist *h, struct buf *b);
/* Adds such bins to h; count is updated, the exact sums are the caller's. False on bad text. */
bool hist_read_bins(struct hist *h, struct str text);

void hist_free(struct hist *h);

#endif
