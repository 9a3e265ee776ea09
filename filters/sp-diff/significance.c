#include "significance.h"

#include <math.h>
#include <stdlib.h>

/* The bins of two histograms together, in order. */
struct bins {
	const struct hist *h[2];
	unsigned next[2];
	uint64_t count[2];
	bool more[2];
	unsigned bin;
};

static void advance(struct bins *b, int i)
{
	b->more[i] = hist_next(b->h[i], &b->next[i], &b->count[i]);
}

static struct bins bins_of(const struct hist *x, const struct hist *y)
{
	struct bins b = {.h = {x, y}};
	advance(&b, 0);
	advance(&b, 1);
	return b;
}

/* The next bin that either has, with what each has in it. */
static bool next_bin(struct bins *b, uint64_t n[2])
{
	if (!b->more[0] && !b->more[1])
		return false;
	unsigned first = b->more[0] ? b->next[0] : b->next[1];
	if (b->more[1] && b->next[1] < first)
		first = b->next[1];
	b->bin = first;
	for (int i = 0; i < 2; i++) {
		bool here = b->more[i] && b->next[i] == first;
		n[i] = here ? b->count[i] : 0;
		if (!here)
			continue;
		b->next[i]++;
		advance(b, i);
	}
	return true;
}

static bool enough(const struct hist *a, const struct hist *b)
{
	return a->count >= TEST_LEAST && b->count >= TEST_LEAST;
}

struct test test_shift(const struct hist *a, const struct hist *b)
{
	struct test t = {.p = 1, .effect = 0.5};
	if (!enough(a, b))
		return t;
	long double na = (long double)a->count, nb = (long double)b->count, all = na + nb;
	long double u = 0, ties = 0, below_a = 0, below_b = 0; /* values in lower bins */
	long double squares_a = 0, squares_b = 0; /* of how many of the other sample each value exceeds */
	struct bins bins = bins_of(a, b);
	for (uint64_t n[2]; next_bin(&bins, n);) {
		long double x = (long double)n[0], y = (long double)n[1], tied = x + y;
		long double over_a = below_a + x / 2, over_b = below_b + y / 2;
		u += y * over_a;
		squares_a += x * over_b * over_b;
		squares_b += y * over_a * over_a;
		ties += tied * tied * tied - tied;
		below_a += x;
		below_b += y;
	}
	t.done = true;
	t.effect = (double)(u / (na * nb));
	long double v = na * nb - u; /* U of the other side */
	long double variance = na * nb / 12 * (all + 1 - ties / (all * (all - 1)));
	long double seen = nb * (squares_b - u * u / nb) / (nb - 1) + na * (squares_a - v * v / na) / (na - 1);
	long double off = fabsl(u - na * nb / 2) - 0.5L; /* continuity correction */
	if (variance > 0 && off > 0)
		t.p = (double)erfcl(off / sqrtl(2 * fmaxl(variance, seen)));
	return t;
}

static long double log_choose(long double n, long double k)
{
	return lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1);
}

/* Fisher's: of `all` values `over` are above; B, nb of all, has x of them. Probabilities of tables
 * that are no likelier than this one are added. Of more than ten thousand tables the normal distribution is as
 * good; of few it is not, however many values there are. */
static double fisher(uint64_t all, uint64_t nb, uint64_t over, uint64_t x)
{
	enum { EXACT = 10000 };
	long double n = (long double)all, k = (long double)over, m = (long double)nb, p = 0;
	uint64_t least = over + nb > all ? over + nb - all : 0, most = over < nb ? over : nb;
	if (most - least > EXACT) {
		long double mean = k * m / n, variance = mean * (n - m) / n * (n - k) / (n - 1);
		long double off = fabsl((long double)x - mean) - 0.5L;
		return variance > 0 && off > 0 ? (double)erfcl(off / sqrtl(2 * variance)) : 1;
	}
	long double tables = log_choose(n, m);
	long double here =
	    log_choose(k, (long double)x) + log_choose(n - k, m - (long double)x) - tables;
	for (uint64_t i = least; i <= most; i++) {
		long double this =
		    log_choose(k, (long double)i) + log_choose(n - k, m - (long double)i) - tables;
		if (this <= here + 1e-9L)
			p += expl(this);
	}
	return p < 1 ? (double)p : 1;
}

/* strace -T counts in whole microseconds. */
static bool is_in_us(const struct hist *h)
{
	return h->min % 1000 == 0 && h->max % 1000 == 0 && h->sum % 1000 == 0;
}

/* Whether the percentile went that way. Neighbours on a clock so coarse that the times behind them may be as
 * good as the same are one: 6.99 and 7.00 us are 6 and 7. Percentiles are the middles of bins, hence the half. */
static bool has_moved(const struct hist *a, const struct hist *b, unsigned per_100k, bool up)
{
	uint64_t x = hist_percentile(a, per_100k), y = hist_percentile(b, per_100k);
	uint64_t least = is_in_us(a) || is_in_us(b) ? 1500 : 1;
	return up ? y >= x + least : x >= y + least;
}

struct test test_quantile(const struct hist *a, const struct hist *b, unsigned per_100k)
{
	enum { WHOLE = 100000 };
	struct test t = {.p = 1, .effect = 1};
	if (!enough(a, b))
		return t;
	uint64_t all = a->count + b->count, n[2] = {0}, over = all, over_b = b->count;
	uint64_t rank = (uint64_t)(((__uint128_t)all * per_100k + WHOLE - 1) / WHOLE);
	struct bins bins = bins_of(a, b);
	while (all - over < rank && next_bin(&bins, n)) {
		over -= n[0] + n[1];
		over_b -= n[1];
	}
	/* Ties are all above or all not: what comes nearer to the quantile. */
	uint64_t with_ties = over + n[0] + n[1];
	if (over == 0 || with_ties - (all - rank) < all - rank - over) {
		over = with_ties;
		over_b += n[1];
	}
	t.done = true;
	t.effect = (double)over_b / (double)b->count / ((double)over / (double)all);
	if (has_moved(a, b, per_100k, t.effect > 1))
		t.p = fisher(all, b->count, over, over_b);
	return t;
}

static int by_p(const void *x, const void *y)
{
	const struct test *const *a = x, *const *b = y;
	return ((*a)->p > (*b)->p) - ((*a)->p < (*b)->p);
}

void test_holm(struct test **tests, size_t n, double level)
{
	size_t done = 0;
	for (size_t i = 0; i < n; i++)
		if (tests[i]->done)
			tests[done++] = tests[i];
	qsort(tests, done, sizeof *tests, by_p);
	for (size_t i = 0; i < done && tests[i]->p <= level / (double)(done - i); i++)
		tests[i]->significant = true;
}
