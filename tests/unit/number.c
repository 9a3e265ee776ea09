#include "number.h"

#include <stdio.h>

#include "unit.h"

/* A value that no conversion in these tests gives: proof that a failed one leaves it alone. */
enum { UNTOUCHED = 4711 };

static int64_t i64(const char *text)
{
	int64_t v = UNTOUCHED;
	ck_assert_msg(number_i64(str_of(text), &v), "%s is a number", text);
	return v;
}

static bool no_i64(const char *text)
{
	int64_t v = UNTOUCHED;
	return !number_i64(str_of(text), &v) && v == UNTOUCHED;
}

START_TEST(decimals_up_to_their_limits)
{
	ck_assert_int_eq(i64("0"), 0);
	ck_assert_int_eq(i64("-0"), 0);
	ck_assert_int_eq(i64("007"), 7);
	ck_assert_int_eq(i64("9223372036854775807"), INT64_MAX);
	ck_assert_int_eq(i64("-9223372036854775808"), INT64_MIN);
	ck_assert_int_eq(i64("00000000000000000000000000000009"), 9);
	uint64_t v;
	ck_assert(number_u64(STR("18446744073709551615"), &v));
	ck_assert_uint_eq(v, UINT64_MAX);
}
END_TEST

START_TEST(what_does_not_fit_is_no_number)
{
	ck_assert(no_i64("9223372036854775808"));
	ck_assert(no_i64("-9223372036854775809"));
	ck_assert(no_i64("18446744073709551616"));
	ck_assert(no_i64("99999999999999999999999999"));
	uint64_t v = UNTOUCHED;
	ck_assert(!number_u64(STR("18446744073709551616"), &v));
	ck_assert(!number_u64(STR("18446744073709551620"), &v));
	ck_assert(!number_u64(STR("100000000000000000000"), &v));
	ck_assert(!number_u64(STR("-1"), &v));
	ck_assert_uint_eq(v, UNTOUCHED);
}
END_TEST

START_TEST(other_text_is_no_number)
{
	ck_assert(no_i64(""));
	ck_assert(no_i64("-"));
	ck_assert(no_i64("--1"));
	ck_assert(no_i64("+1"));
	ck_assert(no_i64(" 1"));
	ck_assert(no_i64("1 "));
	ck_assert(no_i64("1.0"));
	ck_assert(no_i64("0x10"));
	int64_t v;
	ck_assert(!number_i64(STR("1\0"), &v));
	ck_assert(!number_i64((struct str){0}, &v));
}
END_TEST

START_TEST(taking_leaves_the_rest)
{
	struct str s = STR("123abc");
	uint64_t v;
	ck_assert(number_take_u64(&s, &v));
	ck_assert_uint_eq(v, 123);
	assert_str(s, "abc");
	ck_assert(!number_take_u64(&s, &v));
	assert_str(s, "abc");
	s = STR("99999999999999999999 ");
	ck_assert(!number_take_u64(&s, &v));
	assert_str(s, "99999999999999999999 ");
}
END_TEST

START_TEST(any_base)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
	    {"0", 0},
	    {"12", 12},
	    {"-12", -12},
	    {"0x1f", 31},
	    {"0X1F", 31},
	    {"-0x10", -16},
	    {"0644", 0644},
	    {"00", 0},
	    {"0x7fffffffffffffff", INT64_MAX},
	    {"0x8000000000000000", INT64_MIN},
	    {"0xffffffffffffffff", -1},
	    {"0xfffffffffffffffb", -5},
	    {"0777777777777777777777", INT64_MAX},
	    {"0x00000000000000000001", 1},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t v;
		ck_assert_msg(number_any(str_of(good[i].text), &v), "%s", good[i].text);
		ck_assert_msg(v == good[i].value, "%s is not %lld", good[i].text, (long long)v);
	}
	static const char *const bad[] = {"",	  "-",	 "0x",	"0xg", "08",	     "1a",
					  "0x1 ", "1x2", "12 ", "x10", "9223372036854775808",
					  "0x10000000000000000", "01000000000000000000000"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t v = UNTOUCHED;
		ck_assert_msg(!number_any(str_of(bad[i]), &v), "%s", bad[i]);
	}
}
END_TEST

START_TEST(seconds)
{
	static const struct {
		const char *text;
		int64_t ns;
		const char *rest;
	} good[] = {
	    {"0.000021>", 21000, ">"},
	    {"1795223557.280987181 x", 1795223557280987181, " x"},
	    {"12", 12000000000, ""},
	    {"0.1234567899", 123456789, ""},
	    {"3.", 3000000000, "."},
	    {"3.x", 3000000000, ".x"},
	    {"0.000", 0, ""},
	    {"9223372035.999999999", 9223372035999999999, ""},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct str s = str_of(good[i].text);
		int64_t ns;
		ck_assert_msg(number_take_seconds(&s, &ns), "%s", good[i].text);
		ck_assert_int_eq(ns, good[i].ns);
		ck_assert(str_eq(s, str_of(good[i].rest)));
	}
	static const char *const bad[] = {"", ".5", "-1", "x", "9223372037", "99999999999999999999"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct str s = str_of(bad[i]);
		int64_t ns;
		ck_assert_msg(!number_take_seconds(&s, &ns), "%s", bad[i]);
		ck_assert(str_eq(s, str_of(bad[i])));
	}
}
END_TEST

static void units(bool (*parse)(struct str, int64_t *), const char *text, int64_t expected)
{
	int64_t v = UNTOUCHED;
	ck_assert_msg(parse(str_of(text), &v) == (expected >= 0), "%s", text);
	if (expected >= 0)
		ck_assert_msg(v == expected, "%s is not %lld", text, (long long)v);
}

START_TEST(durations)
{
	static const struct {
		const char *text;
		int64_t ns; /* -1: none */
	} cases[] = {
	    {"10", 10},		{"10ns", 10},	     {"250us", 250000},
	    {"250µs", 250000},	{"1ms", 1000000},    {"1.5s", 1500000000},
	    {"2min", 120000000000}, {"3h", 10800000000000}, {"0.000000001s", 1},
	    {"1 ms", 1000000},	{"0s", 0},	     {"9223372036s", 9223372036000000000},
	    {"9223372037s", -1},    {"2562048h", -1},    {"18446744073709551616", -1},
	    {"ms", -1},		{"-1ms", -1},	     {"1.ms", -1},
	    {"1..5s", -1},	{"1x", -1},	     {"", -1},
	    {"1.5h", 5400000000000},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		units(number_duration, cases[i].text, cases[i].ns);
}
END_TEST

START_TEST(sizes)
{
	static const struct {
		const char *text;
		int64_t bytes; /* -1: none */
	} cases[] = {
	    {"10", 10},		{"0B", 0},	      {"4KiB", 4096},
	    {"4K", 4096},	{"4k", 4096},	      {"1kB", 1000},
	    {"1MB", 1000000},	{"1MiB", 1048576},    {"1.5G", 1610612736},
	    {"8388607TiB", 8388607LL << 40},	      {"8388608TiB", -1},
	    {"1.5", -1},	{"1.99K", 2037},     {"4 KiB", 4096},      {"KiB", -1},
	    {"-4K", -1},	{"1e3", -1},	      {"9223372036854775807", INT64_MAX},
	    {"9223372036854775808", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		units(number_size, cases[i].text, cases[i].bytes);
}
END_TEST

START_TEST(floors)
{
	static const struct {
		int64_t value, step, floor;
	} cases[] = {
	    {0, 10, 0}, {9, 10, 0}, {10, 10, 10}, {-1, 10, -10}, {-10, 10, -10}, {7, 1, 7},
	    {INT64_MAX, INT64_MAX, INT64_MAX}, {INT64_MIN, 1, INT64_MIN}, {INT64_MIN + 1, 1000, INT64_MIN},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_int_eq(number_floor(cases[i].value, cases[i].step), cases[i].floor);
}
END_TEST

START_TEST(putting)
{
	char out[32];
	*number_put_i64(out, INT64_MIN) = '\0';
	ck_assert_str_eq(out, "-9223372036854775808");
	*number_put_i64(out, INT64_MAX) = '\0';
	ck_assert_str_eq(out, "9223372036854775807");
	*number_put_u64(out, UINT64_MAX) = '\0';
	ck_assert_str_eq(out, "18446744073709551615");
	char expected[32];
	for (uint64_t v = 1, n = 0; n < 64; n++, v *= 3) { /* every length, both digit parities */
		*number_put_u64(out, v) = '\0';
		snprintf(expected, sizeof expected, "%llu", (unsigned long long)v);
		ck_assert_str_eq(out, expected);
	}
	*number_put_u64(out, 0) = '\0';
	ck_assert_str_eq(out, "0");
}
END_TEST

START_TEST(for_people)
{
	char out[NUMBER_HUMAN];
	ck_assert_str_eq(number_human_ns(out, 0), "0 ns");
	ck_assert_str_eq(number_human_ns(out, 21), "21 ns");
	ck_assert_str_eq(number_human_ns(out, 999), "999 ns");
	ck_assert_str_eq(number_human_ns(out, 1000), "1.00 us");
	ck_assert_str_eq(number_human_ns(out, 890000), "890 us");
	ck_assert_str_eq(number_human_ns(out, 12400000000), "12.4 s");
	ck_assert_str_eq(number_human_ns(out, 9996000), "10.0 ms");
	ck_assert_str_eq(number_human_ns(out, 142000000000), "142 s");
	ck_assert_str_eq(number_human_ns(out, 999499999999), "999 s");
	ck_assert_str_eq(number_human_ns(out, 999500000000), "16.7 min");
	ck_assert_str_eq(number_human_ns(out, -5996000000000), "-99.9 min");
	ck_assert_str_eq(number_human_ns(out, 5997000000000), "1.67 h");
	ck_assert_str_eq(number_human_ns(out, INT64_MAX), "2562048 h");
	ck_assert_str_eq(number_human_ns(out, INT64_MIN), "-2562048 h");
	ck_assert_str_eq(number_human_ns(out, -1500), "-1.50 us");
	ck_assert_str_eq(number_human_bytes(out, 4096), "4.00 KiB");
	ck_assert_str_eq(number_human_bytes(out, 1023), "1023 B");
	ck_assert_str_eq(number_human_count(out, 423891), "423,891");
	ck_assert_str_eq(number_human_count(out, 0), "0");
	ck_assert_str_eq(number_human_count(out, 999), "999");
	ck_assert_str_eq(number_human_count(out, 1000), "1,000");
	ck_assert_str_eq(number_human_count(out, -123456), "-123,456");
	ck_assert_str_eq(number_human_count(out, INT64_MIN), "-9,223,372,036,854,775,808");
}
END_TEST

START_TEST(rounding_never_shows_a_thousand_of_a_unit)
{
	char out[NUMBER_HUMAN];
	ck_assert_str_eq(number_human_ns(out, 999600), "1.00 ms");
	ck_assert_str_eq(number_human_ns(out, 999499), "999 us");
	ck_assert_str_eq(number_human_ns(out, 999999999), "1.00 s");
	ck_assert_str_eq(number_human_bytes(out, (1 << 20) - 1), "1.00 MiB");
}
END_TEST

START_TEST(times_one_after_the_other)
{
	static const char *const texts[] = {
	    "123456789", "123456790", "12345678", "47881507222000", "47881507222000", "47881607222001", "47881x07222001",
	    "478816072220x1", "47881607222001", "4788160722200", "1714521600000001", "1714521600000002", "2714521600000002",
	    "123456712345678", "\377023456712345679", "1714521600000001000", "123456789", "\1", "0", "", "-5",
	    "000000000", "00000000000000001", "1000000000", "000000001000000000"};
	struct number_before before = {0};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char field[40] = {0};
		int64_t value = UNTOUCHED, expected = UNTOUCHED;
		strcpy(field, texts[i]);
		struct str f = str_of(field);
		if (f.n && field[0] == '\1') /* a NUL, and the digits from before */
			f.n = 10, memcpy(field, "\0" "123456789", 10);
		ck_assert_int_eq(f.n && number_time(f, &before, &value), f.n && number_field(f, &expected));
		ck_assert_int_eq(value, expected);
	}
}
END_TEST

/* What is read once for rows that have the same is what each of them has. */
START_TEST(a_number_that_comes_again)
{
	static const char *const texts[] = {"1",       "1",       "12",       "2",        "1234567", "1234567", "12345678", "12345679",
	                                    "1234567", "-5",      "1234567",  "x",        "x",       "0",       "00",       "0",
	                                    "123456x", "1234567", "99999999", "19999999", "-1",      "9999999", "12345678901"};
	struct number_again before = {0};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char field[40] = {0};
		int64_t value = UNTOUCHED, expected = UNTOUCHED;
		strcpy(field, texts[i]);
		struct str f = str_of(field);
		ck_assert_int_eq(number_again(f, &before, &value), number_field(f, &expected));
		ck_assert_int_eq(value, expected);
	}
}
END_TEST

START_TEST(fields_of_any_length)
{
	char digits[40] = "1234567890123456789012";
	for (size_t n = 0; n <= 22; n++)
		for (size_t bad = 0; bad <= n; bad++) {
			int64_t value = UNTOUCHED, expected = UNTOUCHED;
			char kept = digits[bad];
			digits[bad] = bad < n ? 'x' : kept;
			struct str f = {digits, n};
			ck_assert_int_eq(number_field(f, &value), number_i64(f, &expected));
			ck_assert(!number_i64(f, &expected) || value == expected);
			digits[bad] = kept;
		}
}
END_TEST

UNIT_MAIN("number", decimals_up_to_their_limits, what_does_not_fit_is_no_number,
	  other_text_is_no_number, taking_leaves_the_rest, any_base, seconds, durations, sizes,
	  floors, putting, for_people, rounding_never_shows_a_thousand_of_a_unit, times_one_after_the_other,
	  a_number_that_comes_again, fields_of_any_length)
