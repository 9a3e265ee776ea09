#include "hist.h"

#include <math.h>

#include "unit.h"

/* A generator whose numbers are the same in every run (xorshift64*, Vigna 2014). */
static uint64_t state;

static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint64_t random_value(void) /* of any size */
{
	return next_random() >> (1 + next_random() % 62);
}

START_TEST(every_value_is_in_its_bin)
{
	for (unsigned bin = 0; bin < HIST_BINS; bin++) {
		uint64_t low = hist_bin_low(bin), last = low + (hist_bin_width(bin) - 1);
		ck_assert_uint_eq(hist_bin(low), bin);
		ck_assert_uint_eq(hist_bin(last), bin);
		if (bin + 1 < HIST_BINS)
			ck_assert_uint_eq(hist_bin_low(bin + 1), last + 1);
		else
			ck_assert_uint_eq(last, UINT64_MAX);
	}
}
END_TEST

START_TEST(the_middle_is_within_1_in_256)
{
	for (unsigned bin = 0; bin < HIST_BINS; bin++) {
		uint64_t low = hist_bin_low(bin), last = low + (hist_bin_width(bin) - 1);
		uint64_t middle = hist_bin_middle(bin);
		ck_assert((double)(middle - low) <= (double)low / 256 + 0.5);
		ck_assert((double)(last - middle) <= (double)last / 256 + 0.5);
	}
}
END_TEST

START_TEST(an_empty_one)
{
	struct hist h = {0};
	unsigned bin = 0;
	uint64_t count;
	struct buf text = {0};
	ck_assert_uint_eq(hist_percentile(&h, 50000), 0);
	ck_assert_uint_eq(hist_mean(&h), 0);
	ck_assert_uint_eq(hist_stddev(&h), 0);
	ck_assert(!hist_next(&h, &bin, &count));
	hist_write_bins(&h, &text);
	ck_assert_uint_eq(text.n, 0);
	hist_free(&h);
}
END_TEST

START_TEST(one_value_is_exact)
{
	struct hist h = {0};
	hist_add(&h, 123456789);
	for (unsigned share = 0; share <= 100000; share += 1000)
		ck_assert_uint_eq(hist_percentile(&h, share), 123456789);
	ck_assert_uint_eq(hist_mean(&h), 123456789);
	ck_assert_uint_eq(hist_stddev(&h), 0);
	hist_free(&h);
}
END_TEST

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

START_TEST(percentiles_are_near_those_of_sorting)
{
	enum { N = 10001 };
	static uint64_t values[N];
	for (int round = 0; round < 20; round++) {
		struct hist h = {0};
		state = (uint64_t)round + 1;
		size_t n = round < 10 ? (size_t)round + 1 : N;
		for (size_t i = 0; i < n; i++) {
			values[i] = random_value();
			hist_add(&h, values[i]);
		}
		qsort(values, n, sizeof *values, compare);
		for (unsigned share = 1; share <= 100000; share += 997) {
			size_t rank = (n * share + 99999) / 100000;
			uint64_t exact = values[rank - 1], got = hist_percentile(&h, share);
			double error = got > exact ? (double)(got - exact) : (double)(exact - got);
			ck_assert(error <= (double)exact / 256 + 0.5);
		}
		ck_assert_uint_eq(hist_percentile(&h, 100000), values[n - 1]);
		ck_assert_uint_eq(hist_percentile(&h, 0), values[0]);
		hist_free(&h);
	}
}
END_TEST

/* Where doubles would have lost all digits: a small spread around a large mean. */
START_TEST(stddev_is_exact)
{
	struct hist h = {0};
	for (int i = 0; i < 1000; i++) {
		hist_add(&h, UINT64_C(3600000000000000) + 1000);
		hist_add(&h, UINT64_C(3600000000000000) - 1000);
	}
	ck_assert_uint_eq(hist_mean(&h), UINT64_C(3600000000000000));
	ck_assert_uint_eq(hist_stddev(&h), 1000);
	hist_free(&h);
	for (uint64_t v = 1; v <= 5; v++)
		hist_add(&h, v * 100);
	ck_assert_uint_eq(hist_mean(&h), 300);
	ck_assert_uint_eq(hist_stddev(&h), 141); /* sqrt(20000) */
	hist_free(&h);
}
END_TEST

START_TEST(sums_do_not_overflow)
{
	struct hist h = {0};
	for (int i = 0; i < 100; i++)
		hist_add(&h, UINT64_MAX);
	ck_assert(h.sum == (__uint128_t)UINT64_MAX * 100);
	ck_assert(h.sum_squares == ~(__uint128_t)0);
	ck_assert_uint_eq(hist_mean(&h), UINT64_MAX);
	hist_stddev(&h);
	hist_free(&h);
}
END_TEST

START_TEST(counts_of_any_size)
{
	struct hist h = {0};
	uint64_t count;
	unsigned bin = 0;
	hist_add_bin(&h, 5, (UINT64_C(1) << 48) - 1);
	hist_add_bin(&h, 5, 1);
	hist_add_bin(&h, 6, UINT64_C(1) << 60);
	ck_assert(hist_next(&h, &bin, &count) && bin == 5 && count == UINT64_C(1) << 48);
	bin++;
	ck_assert(hist_next(&h, &bin, &count) && bin == 6 && count == UINT64_C(1) << 60);
	hist_free(&h);
}
END_TEST

static bool same(const struct hist *a, const struct hist *b)
{
	struct buf x = {0}, y = {0};
	hist_write_bins(a, &x);
	hist_write_bins(b, &y);
	bool equal = str_eq(buf_str(&x), buf_str(&y)) && a->count == b->count && a->sum == b->sum &&
	             a->sum_squares == b->sum_squares &&
	             (a->count == 0 || (a->min == b->min && a->max == b->max));
	buf_free(&x);
	buf_free(&y);
	return equal;
}

/* Parts of every size, from none to beyond what is kept as a list, in any order. */
START_TEST(merging_is_adding)
{
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct hist whole = {0}, part[4] = {{0}}, forth = {0}, back = {0};
		state = seed;
		unsigned n = (unsigned)(next_random() % 400);
		for (unsigned i = 0; i < n; i++) {
			uint64_t value = random_value();
			hist_add(&whole, value);
			hist_add(&part[next_random() % 4], value);
		}
		for (int i = 0; i < 4; i++) {
			hist_merge(&forth, &part[i]);
			hist_merge(&back, &part[3 - i]);
		}
		ck_assert(same(&whole, &forth));
		ck_assert(same(&whole, &back));
		hist_free(&whole);
		hist_free(&forth);
		hist_free(&back);
		for (int i = 0; i < 4; i++)
			hist_free(&part[i]);
	}
}
END_TEST

START_TEST(bins_as_text_and_back)
{
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct hist h = {0}, back = {0};
		struct buf text = {0};
		uint64_t total = 0;
		state = seed;
		for (uint64_t n = next_random() % 300; n > 0; n--)
			hist_add(&h, random_value());
		hist_write_bins(&h, &text);
		back.min = h.min;
		back.max = h.max;
		ck_assert(hist_read_bins(&back, buf_str(&text), &total));
		ck_assert_uint_eq(total, h.count);
		back.count = h.count;
		back.sum = h.sum;
		back.sum_squares = h.sum_squares;
		ck_assert(same(&h, &back));
		hist_free(&h);
		hist_free(&back);
		buf_free(&text);
	}
}
END_TEST

START_TEST(text_that_is_no_bins)
{
	static const char *const bad[] = {
	    "1",    "1:",   ":1",      "a:1",      "1:2:3", "1;2",
	    "1:-1", "-1:1", "99999:1", "1:1,,2:1", "1: 1",  "1:18446744073709551615,2:1",
	    "0:1", "4:1"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct hist h = {.min = 1, .max = 3};
		uint64_t total = 0;
		ck_assert_msg(!hist_read_bins(&h, str_of(bad[i]), &total), "%s", bad[i]);
		hist_free(&h);
	}
}
END_TEST

UNIT_MAIN("hist", every_value_is_in_its_bin, the_middle_is_within_1_in_256, an_empty_one,
          one_value_is_exact, percentiles_are_near_those_of_sorting, stddev_is_exact,
          sums_do_not_overflow, counts_of_any_size, merging_is_adding, bins_as_text_and_back,
          text_that_is_no_bins)
