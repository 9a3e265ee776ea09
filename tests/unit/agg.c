#include "agg_tally.h"

#include <stdio.h>

#include "unit.h"

/* A key with the 16 readable bytes that agg_group asks for. */
static struct str key(const char *format, int n)
{
	static char text[256];
	memset(text, 'z', sizeof text);
	int length = snprintf(text, sizeof text - 16, format, n);
	return (struct str){text, (size_t)length};
}

START_TEST(one_group_for_a_key)
{
	struct agg a;
	agg_open(&a, AGG_BINS_DUR);
	struct agg_group *g = agg_group(&a, key("read%d", 1));
	assert_str(g->key, "read1");
	ck_assert_ptr_eq(agg_group(&a, key("read%d", 1)), g);
	ck_assert_ptr_ne(agg_group(&a, key("read%d", 2)), g);
	ck_assert_uint_eq(a.groups.records, 2);
	ck_assert(g->first_ns > g->last_ns); /* no time is known */
	agg_close(&a);
}
END_TEST

/* Lengths on both sides of what fits a slot, the empty key, and keys that differ in the last byte
 * or only in length. */
START_TEST(keys_of_all_lengths)
{
	struct agg a;
	char text[64];
	agg_open(&a, AGG_BINS_DUR);
	for (size_t n = 0; n <= 40; n++) {
		memset(text, 'k', sizeof text);
		agg_group(&a, (struct str){text, n})->calls = n + 1;
	}
	text[39] = 'x';
	agg_group(&a, (struct str){text, 40})->calls = 100;
	text[15] = 'x';
	agg_group(&a, (struct str){text, 16})->calls = 200;
	memset(text, 'k', sizeof text);
	memset(text + 8, 0, 8); /* bytes of value 0 are part of a key */
	agg_group(&a, (struct str){text, 8})->errors = 1;
	agg_group(&a, (struct str){text, 9})->calls = 300;
	ck_assert_uint_eq(a.groups.records, 44);
	memset(text, 'k', sizeof text);
	for (size_t n = 0; n <= 40; n++)
		ck_assert_uint_eq(agg_group(&a, (struct str){text, n})->calls, n + 1);
	ck_assert_uint_eq(agg_group(&a, (struct str){text, 8})->errors, 1);
	agg_close(&a);
}
END_TEST

START_TEST(many_groups_in_order)
{
	enum { N = 100000 };
	struct agg a;
	agg_open(&a, AGG_BINS_DUR);
	for (int i = 0; i < N; i++)
		agg_group(&a, key(i % 2 ? "/a/path/that/is/long/%07d" : "k%07d", i))->calls =
		    (uint64_t)i;
	for (int i = 0; i < N; i++)
		ck_assert_uint_eq(
		    agg_group(&a, key(i % 2 ? "/a/path/that/is/long/%07d" : "k%07d", i))->calls,
		    (uint64_t)i);
	ck_assert_uint_eq(a.groups.records, N);
	struct agg_group **sorted = agg_sorted(&a);
	for (size_t i = 1; i < a.groups.records; i++)
		ck_assert_int_lt(str_cmp(sorted[i - 1]->key, sorted[i]->key), 0);
	free(sorted);
	agg_clear(&a);
	ck_assert_uint_eq(a.groups.records, 0);
	ck_assert_uint_eq(agg_group(&a, key("k%07d", 0))->calls, 0);
	agg_close(&a);
}
END_TEST

START_TEST(long_keys_with_the_same_end)
{
	enum { N = 3000 };
	struct agg a;
	agg_open(&a, AGG_BINS_DUR);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++)
			agg_group(&a, key("/%07d/all/paths/end/like/this", i))->calls += (uint64_t)i;
	ck_assert_uint_eq(a.groups.records, N);
	for (int i = 0; i < N; i++)
		ck_assert_uint_eq(agg_group(&a, key("/%07d/all/paths/end/like/this", i))->calls,
		                  2 * (uint64_t)i);
	agg_clear(&a);
	ck_assert_uint_eq(agg_group(&a, key("/%07d/all/paths/end/like/this", 1))->calls, 0);
	agg_close(&a);
}
END_TEST

/* What was added for words goes to their groups, at the latest with a flush, and no other place is taken for theirs. */
START_TEST(tallies_go_to_groups)
{
	enum { N = 5000 };
	struct agg a;
	struct keys_words words = {0};
	agg_open(&a, AGG_BINS_DUR);
	ck_assert(!agg_tally_is_for(agg_tally_at(&a, &words), &words)); /* zeros are words, too */
	for (int i = 0; i < N; i++) {
		words.part[i % KEYS_VECTORS] = _mm_set_epi64x(i, (long long)i << i % 50);
		struct agg_tally *t = agg_tally_at(&a, &words);
		ck_assert(!agg_tally_is_for(t, &words));
		agg_tally_empty(t);
		t->words = words;
		t->group[0] = agg_group(&a, key("k%d", i));
		t->group[1] = agg_group(&a, key("all", 0));
		ck_assert_ptr_eq(agg_tally_at(&a, &words), t);
		ck_assert(agg_tally_is_for(t, &words));
		t->sum.calls = (uint64_t)i;
		bucket_counts_add(&t->sum.buckets, 3, 1);
	}
	agg_tally_flush(&a);
	ck_assert(!agg_tally_is_for(agg_tally_at(&a, &words), &words));
	for (int i = 0; i < N; i++) {
		ck_assert_uint_eq(agg_group(&a, key("k%d", i))->calls, (uint64_t)i);
		ck_assert_uint_eq(bucket_counts_at(&agg_group(&a, key("k%d", i))->buckets, 3), 1);
	}
	ck_assert_uint_eq(agg_group(&a, key("all", 0))->calls, N * (N - 1) / 2);
	agg_close(&a);
}
END_TEST

START_TEST(merging_groups)
{
	struct buckets buckets;
	ck_assert(buckets_parse(&buckets, STR("10us,1ms"), false));
	struct agg_group a = agg_group_empty(), b = agg_group_empty(), none = agg_group_empty();
	a.calls = 3;
	a.errors = 1;
	a.first_ns = 100;
	a.last_ns = 200;
	hist_add(&a.dur, 7);
	hist_add_sums(&a.bytes, 4096);
	bucket_counts_add(&a.buckets, buckets_index(&buckets, 7), 1);
	b.calls = 5;
	b.wait_calls = 2;
	b.wait_ns = 30;
	b.first_ns = 50;
	b.last_ns = 150;
	hist_add(&b.dur, 30000);
	bucket_counts_add(&b.buckets, buckets_index(&buckets, 30000), 1);
	agg_merge(&a, &none);
	agg_merge(&a, &b);
	ck_assert_uint_eq(a.calls, 8);
	ck_assert_uint_eq(a.errors, 1);
	ck_assert_uint_eq(a.wait_calls, 2);
	ck_assert(a.wait_ns == 30 && a.dur.sum == 30007 && a.bytes.sum == 4096);
	ck_assert_int_eq(a.first_ns, 50);
	ck_assert_int_eq(a.last_ns, 200);
	ck_assert_uint_eq(bucket_counts_at(&a.buckets, 0), 1);
	ck_assert_uint_eq(bucket_counts_at(&a.buckets, 1), 1);
	ck_assert_uint_eq(bucket_counts_at(&a.buckets, 2), 0);
	agg_group_free(&a);
	agg_group_free(&b);
}
END_TEST

START_TEST(buckets_hold_what_they_say)
{
	static const char *const specs[] = {"log2", "decades", "linear:100us",
	                                    "10us,50us,100us,1ms"};
	static const uint64_t values[] = {
	    0,        1,     2,     7,      999,    1000,    1001,    9999,      10000,
	    65535,    65536, 99999, 100000, 999999, 1 << 20, 1000000, 123456789, UINT64_C(1) << 62,
	    INT64_MAX};
	for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
		for (int of_bytes = 0; of_bytes < 2 - (s > 1); of_bytes++) {
			struct buckets b;
			ck_assert(buckets_parse(&b, str_of(specs[s]), of_bytes));
			for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
				unsigned i = buckets_index(&b, values[v]);
				uint64_t high;
				ck_assert_uint_lt(i, buckets_count(&b));
				ck_assert_uint_ge(values[v], buckets_low(&b, i));
				if (buckets_high(&b, i, &high))
					ck_assert_uint_lt(values[v], high);
			}
			uint64_t high;
			for (unsigned i = 0; buckets_high(&b, i, &high) && i < 62; i++)
				ck_assert_uint_gt(high, buckets_low(&b, i));
		}
	}
}
END_TEST

START_TEST(buckets_that_are_none)
{
	static const char *const bad[] = {"",         "log3", "linear:", "linear:0", "linear:-1us",
	                                  "10us,5us", "5,5",  "10us,",   "x",        "1KiB"};
	struct buckets b;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!buckets_parse(&b, str_of(bad[i]), false), "%s", bad[i]);
	ck_assert(buckets_parse(&b, STR("512,4KiB,1MiB"), true));
}
END_TEST

START_TEST(bucket_counts_as_text_and_back)
{
	struct buckets b, other;
	struct bucket_counts c = {0}, back = {0};
	struct buf text = {0};
	bool same;
	buckets_parse(&b, STR("10us,1ms"), false);
	buckets_parse(&other, STR("10us,2ms"), false);
	bucket_counts_add(&c, 2, 5);
	bucket_counts_add(&c, 0, 7);
	bucket_counts_write(&c, &b, &text);
	assert_str(buf_str(&text), "10000,1000000|0:7,2:5");
	ck_assert(bucket_counts_read(&back, &b, buf_str(&text), &same) && same);
	ck_assert_uint_eq(bucket_counts_at(&back, 0), 7);
	ck_assert_uint_eq(bucket_counts_at(&back, 2), 5);
	ck_assert(bucket_counts_read(&back, &other, buf_str(&text), &same) && !same);
	ck_assert(!bucket_counts_read(&back, &b, STR("10000,1000000|3:1"), &same));
	ck_assert(!bucket_counts_read(&back, &b, STR("10000,1000000|1"), &same));
	bucket_counts_free(&c);
	bucket_counts_free(&back);
	buf_free(&text);
}
END_TEST

UNIT_MAIN("agg", one_group_for_a_key, keys_of_all_lengths, many_groups_in_order,
          long_keys_with_the_same_end, tallies_go_to_groups, merging_groups, buckets_hold_what_they_say,
          buckets_that_are_none, bucket_counts_as_text_and_back)
