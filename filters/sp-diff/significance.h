/* significance: whether two samples of latencies differ by more than chance, from their histograms.
 *
 * Shift: the Mann-Whitney U test (Mann and Whitney 1947), with the correction for ties (Lehmann,
 * Nonparametrics, 1975) that values in the same bin are, in the normal approximation. That is wrong where
 * nearly all values are tied and one sample is small: a single outlier among five is many of its standard
 * deviations away. So the variance is at least the one that the samples show (Brunner and Munzel 2000). Its effect
 * size is A of Vargha and Delaney (2000): the chance that a call of B took longer than a call of A,
 * half of the ties counted; 0.5 is no effect, 0.56 or 0.44 a small one. U needs no assumption about
 * the shape of the distribution, which latencies never fit; Kolmogorov-Smirnov's needs none either,
 * but is conservative with ties, and does not say which side is slower.
 *
 * Quantile: a shift of the tail alone leaves U as it is. So percentiles have a test of their own,
 * the quantile test, Mood's median test for any quantile (Conover, Practical Nonparametric
 * Statistics, 1999, section 3.2 and 4.3): of the values above the pooled quantile, as many should
 * be B's as its share of all values; Fisher's exact test says how likely the deviation is. Values tied
 * with the quantile count as above it where that comes nearer to its share: calls that time out may all
 * take the same time. The percentiles must have moved in the same direction, and where the trace has
 * whole microseconds, by more than one.
 *
 * Many groups are tested at once: Holm's step-down (1979) bounds the chance of one false alarm
 * among them all. Both tests take calls as independent; calls that come in bursts are not quite. */
#ifndef SP_SIGNIFICANCE_H
#define SP_SIGNIFICANCE_H

#include "hist.h"

struct test {
	bool done;        /* both samples were large enough to say something */
	bool significant; /* after Holm's correction */
	double p;         /* two-sided, uncorrected */
	double
	    effect; /* shift: A; quantile: B's share above the pooled quantile, over that of all */
};

/* Fewer values than these cannot be significant at any level worth naming. */
enum { TEST_LEAST = 5 };

struct test test_shift(const struct hist *a, const struct hist *b);
/* per_100k: the quantile in 1/100,000, as in hist_percentile. */
struct test test_quantile(const struct hist *a, const struct hist *b, unsigned per_100k);

/* Sets `significant` in those of the n tests that stand at this level together. */
void test_holm(struct test **tests, size_t n, double level);

#endif
