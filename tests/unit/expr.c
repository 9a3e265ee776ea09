/* expr: formulas and conditions over given numbers, exactness, times, limits; whatever text comes, it
 * is compiled or refused with a fault inside the text. Conditions over tables are in select.t. */
#include "expr.h"

#include <stdio.h>
#include <unistd.h>

#include "arena.h"
#include "unit.h"

static const struct str names[] = {
    {"calls", 5}, {"total_ns", 8}, {"p99_ns", 6}, {"bytes", 5}, {"share", 5}, {"none", 4}, {"big", 3},
};
static const struct expr_value values[] = {
    {.kind = EXPR_INT, .integer = 1000},   {.kind = EXPR_INT, .integer = 2500000000},
    {.kind = EXPR_INT, .integer = 900000}, {.kind = EXPR_INT, .integer = 4096},
    {.kind = EXPR_REAL, .real = 0.25},	   {.kind = EXPR_MISSING},
    {.kind = EXPR_INT, .integer = INT64_MAX},
};
enum { NAMES = sizeof names / sizeof *names };

static struct expr *compiled(const char *text, enum expr_result result)
{
	struct fault fault;
	struct expr *e = expr_compile(str_of(text), result, &fault);
	ck_assert_msg(e, "%s: %zu: %s", text, fault.at, fault.what);
	ck_assert_msg(expr_bind(e, NULL, names, NAMES, &fault), "%s: %s", text, fault.what);
	return e;
}

static struct expr_value computed(const char *text)
{
	struct expr *e = compiled(text, EXPR_FORMULA);
	struct expr_value v = expr_compute(e, NULL, values);
	expr_free(e);
	return v;
}

START_TEST(integers_stay_integers)
{
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = {
	    {"calls", 1000},
	    {"total / calls", 2500000},
	    {"bytes / 3 * 3 - bytes / 3 * 3", 0},
	    {"(calls - 10) * p99", 891000000},
	    {"calls % 7", 6},
	    {"-calls % 7", -6},
	    {"2 - 3 - 4", -5},
	    {"2 - (3 - 4)", 3},
	    {"100 / 10 / 5", 2},
	    {"--7", 7},
	    {"- -7", 7},
	    {"2 * 3 + 4 * 5", 26},
	    {"4KiB + 1", 4097},
	    {"1.5ms", 1500000},
	    {"0x10", 16},
	    {"big", INT64_MAX},
	    {"big - 1", INT64_MAX - 1},
	    {"-big - 1", INT64_MIN},
	    {"1795264220123456789 + 1", 1795264220123456790},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expr_value v = computed(cases[i].text);
		if (v.kind == EXPR_REAL) /* only where a quotient was not whole */
			v.integer = (int64_t)v.real;
		ck_assert_msg(v.kind != EXPR_MISSING && v.integer == cases[i].value, "%s is %lld",
			      cases[i].text, (long long)v.integer);
	}
}
END_TEST

START_TEST(quotients_and_decimals_are_real)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
	    {"bytes / calls", 4.096}, {"share * 100", 25},	{"0.5 + 0.25", 0.75},
	    {"share - 1", -0.75},     {"-share", -0.25},	{"1 / 4", 0.25},
	    {"calls / 3", 1000 / 3.}, {"share / share", 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expr_value v = computed(cases[i].text);
		ck_assert_msg(v.kind == EXPR_REAL, "%s", cases[i].text);
		ck_assert_double_eq(v.real, cases[i].value);
	}
}
END_TEST

START_TEST(what_has_no_value_is_missing)
{
	static const char *const cases[] = {
	    "none",	  "none + 1",  "-none",	       "big + 1",	    "big * 2",
	    "-big - 2",	  "calls / 0", "calls % 0",    "share / 0",	    "share % 2",
	    "none * 0.5", "-(0 - big - 1)", "(0 - big - 1) / -1", "(0 - big - 1) % -1",
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(computed(cases[i]).kind == EXPR_MISSING, "%s", cases[i]);
}
END_TEST

START_TEST(conditions_on_numbers)
{
	static const struct {
		const char *text;
		bool holds;
	} cases[] = {
	    {"calls >= 1000 and share > 0.2", true},
	    {"calls > 1000 or share >= 0.25", true},
	    {"not (calls == 1000)", false},
	    {"p99 < 1ms", true},
	    {"p99 < total / calls", true},
	    {"total > 2.4s and total < 2.6s", true},
	    {"none == none", false},
	    {"none != 1", false},
	    {"none < 1 or none >= 1", false},
	    {"not none < 1", true},
	    {"none == \"\"", true},
	    {"\"\" != calls", true},
	    {"calls / none == \"\"", true},
	    {"calls in {1, 1000}", true},
	    {"calls * 2 in {2000}", true},
	    {"none in {1, \"\"}", true},
	    {"none in {1}", false},
	    {"share in {0.25}", true},
	    {"share in {25, 0.5}", false},
	    {"calls not in {}", true},
	    {"big == 9223372036854775807", true},
	    {"big < 9223372036854775808.0", true}, /* 2^63 - 1 against 2^63: not in doubles */
	    {"big > 9223372036854775806.5", false}, /* ... which that decimal becomes */
	    {"9007199254740993 > 9007199254740992.0", true},
	    {"1 == 1", true},
	    {"\"a\" < \"b\" and \"b\" > \"a\" and \"a\" != \"b\"", true},
	    {"\"abc\" =~ \"^a.c$\" && \"abc\" !~ \"b$\"", true},
	    {"\"\" == \"\"", true},
	    {"\"a\\x62\" in {ab}", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expr *e = compiled(cases[i].text, EXPR_CONDITION);
		ck_assert_msg(expr_test(e, NULL, values) == cases[i].holds, "%s", cases[i].text);
		expr_free(e);
	}
}
END_TEST

START_TEST(names_that_are_not_given)
{
	static const struct {
		const char *text;
		size_t at;
		const char *what;
	} cases[] = {
	    {"calls > 1 and shares > 0.2", 14, "there is no column shares; the nearest is share"},
	    {"durration > 1ms", 0, "there is no column durration; there are: calls total_ns p99_ns "
				   "bytes share none big"},
	    {"calls =~ \"1\"", 0, "calls is a number, not text"},
	    {"share == \"x\"", 0, "share is a number, not text"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fault fault;
		struct expr *e = expr_compile(str_of(cases[i].text), EXPR_CONDITION, &fault);
		ck_assert_ptr_nonnull(e);
		ck_assert(!expr_bind(e, NULL, names, NAMES, &fault));
		ck_assert_str_eq(fault.what, cases[i].what);
		ck_assert_uint_eq(fault.at, cases[i].at);
		expr_free(e);
	}
}
END_TEST

START_TEST(a_formula_is_no_condition)
{
	struct fault fault;
	ck_assert_ptr_null(expr_compile(STR("calls > 1"), EXPR_FORMULA, &fault));
	ck_assert_ptr_null(expr_compile(STR("\"text\""), EXPR_FORMULA, &fault));
	ck_assert_ptr_null(expr_compile(STR("calls + 1"), EXPR_CONDITION, &fault));
	ck_assert_ptr_null(expr_compile(STR(""), EXPR_FORMULA, &fault));
}
END_TEST

static char path[] = "/tmp/sp-unit-expr-XXXXXX";

static struct tsv *open_text(const char *text)
{
	static char *paths[2] = {path, NULL};
	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	int fd = mkstemp(path);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return tsv_open(paths);
}

START_TEST(columns_and_numbers_together)
{
	struct tsv *t = open_text("dur_ns\tsyscall\n900001\tread\n900000\tread\n7\twrite\n");
	struct fault fault;
	struct expr *e = expr_compile(STR("dur > p99 and syscall == \"read\" or dur < calls"),
				      EXPR_CONDITION, &fault);
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert(expr_bind(e, t, names, NAMES, &fault));
	static const bool expected[] = {true, false, true};
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(tsv_next(t), TSV_ROW);
		ck_assert(expr_test(e, t->field, values) == expected[i]);
	}
	expr_free(e);
	tsv_close(t);
	unlink(path);
}
END_TEST

/* The first `equal` rows of so many hold. */
static void holds_of_first(const char *condition, const char *table, int equal, int rows)
{
	struct tsv *t = open_text(table);
	struct fault fault;
	struct expr *e = expr_compile(str_of(condition), EXPR_CONDITION, &fault);
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert(expr_bind(e, t, NULL, 0, &fault));
	for (int i = 0; i < rows; i++) {
		ck_assert_int_eq(tsv_next(t), TSV_ROW);
		ck_assert_msg(expr_test(e, t->field, NULL) == (i < equal), "%s: row %d", condition, i);
	}
	expr_free(e);
	tsv_close(t);
	unlink(path);
}

START_TEST(texts_are_compared_by_value)
{
	holds_of_first("path == \"/var/tmp/\\tx\"",
		       "dur_ns\tpath\n1\t/var/tmp/\\tx\n1\t/var/tm\\160/\\tx\n1\t/v\\141r/tmp/\\x09x\n"
		       "1\t/var/tmp/tx\n1\t/var\n1\t/usr/tmp/\\tx\n1\t/v\\\\r/tmp/\\tx\n1\t/var/tmp/\\tx/y\n",
		       3, 8);
	holds_of_first("path == \"ab\\\\cdefgh\"",
		       "dur_ns\tpath\n1\tab\\\\cdefgh\n1\tab\\x5ccdefgh\n1\tab\\134cdefgh\n1\ta\\x62\\\\cdefgh\n"
		       "1\tab\\cdefgh\n1\tab\\x5cdefgh\n1\tab/cdefgh\n",
		       5, 7);
}
END_TEST

START_TEST(times_wait_for_the_trace_to_begin)
{
	struct tsv *t = open_text("start_ns\n3600000000001\n");
	struct fault fault;
	struct expr *clock = expr_compile(STR("start >= 01:00"), EXPR_CONDITION, &fault);
	struct expr *elapsed = expr_compile(STR("elapsed"), EXPR_FORMULA, &fault);
	struct expr *neither = expr_compile(STR("start > 1s"), EXPR_CONDITION, &fault);
	ck_assert(expr_needs_start(clock) && expr_needs_start(elapsed) && !expr_needs_start(neither));
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert(expr_bind(clock, t, NULL, 0, &fault) && expr_bind(elapsed, t, NULL, 0, &fault));
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	ck_assert(!expr_test(clock, t->field, NULL));
	ck_assert_int_eq(expr_compute(elapsed, t->field, NULL).kind, EXPR_MISSING);
	expr_begin_trace(clock, 5);
	expr_begin_trace(elapsed, 3600000000000);
	ck_assert(expr_test(clock, t->field, NULL));
	ck_assert_int_eq(expr_compute(elapsed, t->field, NULL).integer, 1);
	expr_begin_trace(clock, 86400000000005); /* the second day */
	ck_assert(!expr_test(clock, t->field, NULL));
	expr_free(clock);
	expr_free(elapsed);
	expr_free(neither);
	tsv_close(t);
	unlink(path);
}
END_TEST

START_TEST(clock_times)
{
	static const struct {
		const char *text;
		int64_t ns; /* -1: none */
	} cases[] = {
	    {"00:00", 0},	       {"12:34", 45240000000000}, {"12:34:56", 45296000000000},
	    {"1:02:03.5", 3723500000000}, {"25:10", 90600000000000}, {"12:34:60", 45300000000000},
	    {"12:34:56.123456789", 45296123456789},
	    {"", -1},		       {"12", -1},		  {"12:", -1},
	    {"12:3", -1},	       {"12:60", -1},		  {"12:34:", -1},
	    {"12:34:5", -1},	       {"12:34:61", -1},	  {"12:34:56.", -1},
	    {"12:34:56.5x", -1},       {"12:34.5", -1},		  {":34", -1},
	    {"-1:00", -1},	       {"10000:00", -1},	  {"12:34:56:78", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t ns = -1;
		ck_assert_msg(expr_clock_time(str_of(cases[i].text), &ns) == (cases[i].ns >= 0), "%s",
			      cases[i].text);
		ck_assert_msg(cases[i].ns < 0 || ns == cases[i].ns, "%s is %lld", cases[i].text,
			      (long long)ns);
	}
}
END_TEST

START_TEST(long_expressions)
{
	struct buf text = {0};
	for (int i = 0; i < 4000; i++)
		buf_printf(&text, "calls == %d or ", i);
	buf_printf(&text, "calls in {-1");
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, ",%d", 100000 - i);
	buf_printf(&text, "}");
	struct fault fault;
	struct expr *e = expr_compile(buf_str(&text), EXPR_CONDITION, &fault);
	ck_assert_ptr_nonnull(e);
	ck_assert(expr_bind(e, NULL, names, NAMES, &fault));
	ck_assert(expr_test(e, NULL, values));
	expr_free(e);
	buf_free(&text);
}
END_TEST

/* Pieces of the language in any order, and any bytes. */
START_TEST(any_text_is_compiled_or_refused)
{
	static const char *const pieces[] = {
	    "dur",  "path",  "calls", "elapsed", "x",	 "12",	"1.5ms", "4KiB", "12:30", "\"a\"",
	    "\"\"",
	    "'b'",  "\"[\"", "==",    "!=",	 "<",	 ">=",	"=~",	 "!~",	 "and",	  "or",
	    "not",
	    "in",   "{",     "}",     "(",	 ")",	 ",",	"+",	 "-",	 "*",	  "/",	   "%",
	    "{1}",  "{a,b}", "\"",    "'",	 "\\",	 "&",	"=",	 "\n",	 "\xff",  "0x",	   ">",
	};
	uint64_t random = 42;
	size_t good = 0;
	for (int i = 0; i < 200000; i++) {
		struct buf text = {0};
		for (uint64_t n = 1 + random % 9; n; n--) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			uint64_t bits = random >> 33;
			if (bits % 50 == 0)
				buf_add_char(&text, (char)(bits >> 8));
			else
				buf_printf(&text, "%s ", pieces[bits % (sizeof pieces / sizeof *pieces)]);
		}
		struct fault fault = {.at = SIZE_MAX};
		struct expr *e = expr_compile(buf_str(&text), (enum expr_result)(i % 2), &fault);
		if (!e)
			ck_assert_msg(fault.at <= text.n && fault.at + fault.n <= text.n + 1,
				      "%.*s: %zu", (int)text.n, text.p, fault.at);
		good += e != NULL;
		if (e && expr_bind(e, NULL, names, NAMES, &fault) && i % 2 == 0)
			(void)expr_test(e, NULL, values);
		else if (e && expr_bind(e, NULL, names, NAMES, &fault))
			(void)expr_compute(e, NULL, values);
		expr_free(e);
		buf_free(&text);
	}
	ck_assert_uint_gt(good, 1000);
}
END_TEST

/* Only calls (variable 0) and bytes (3) are known. */
START_TEST(what_is_certain_of_a_condition)
{
	static const struct {
		const char *text;
		enum expr_certainty certainty;
	} cases[] = {
	    {"calls > 10", EXPR_YES},
	    {"calls > 1000", EXPR_NO},
	    {"p99 > 10", EXPR_MAYBE},
	    {"calls > 10 and p99 > 10", EXPR_MAYBE},
	    {"p99 > 10 and calls > 1000", EXPR_NO},
	    {"p99 > 10 or calls > 10", EXPR_YES},
	    {"calls > 1000 or p99 > 10", EXPR_MAYBE},
	    {"not (calls > 1000)", EXPR_YES},
	    {"not (p99 > 10)", EXPR_MAYBE},
	    {"not (p99 > 10 and calls > 1000)", EXPR_YES},
	    {"calls + bytes in {5096, 7}", EXPR_YES},
	    {"calls + p99 == 7", EXPR_MAYBE},
	    {"calls == \"\"", EXPR_NO},
	    {"-bytes < 0 and calls / bytes < 1", EXPR_YES},
	};
	const uint64_t known = 1 << 0 | 1 << 3;
	struct arena memory = {0};
	struct expr_term *term;
	struct str name;
	int slot;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expr *e = compiled(cases[i].text, EXPR_CONDITION);
		ck_assert_msg(expr_decide(e, NULL, values, 0, known) == cases[i].certainty, "%s", cases[i].text);
		if (cases[i].certainty == EXPR_MAYBE) {
			size_t n = expr_rest(e, NULL, values, 0, known, &memory, &term);
			bool holds = true;
			for (size_t j = 0; j < n; j++) {
				ck_assert_uint_eq(term[j].variables & ~known, 1 << 2);
				holds &= expr_holds(e, &term[j], NULL, values);
			}
			ck_assert_msg(holds == expr_test(e, NULL, values), "%s", cases[i].text);
		}
		expr_free(e);
	}
	struct expr *three = compiled("p99 > 1 and (calls > 1000 or p99 < 7 and total > 1) and calls > 1", EXPR_CONDITION);
	ck_assert_uint_eq(expr_rest(three, NULL, values, 0, known, &memory, &term), 3);
	expr_free(three);
	arena_free(&memory);
	struct expr *e = compiled("calls > 1 and p99 > 2ms", EXPR_CONDITION);
	ck_assert(expr_name(e, 0, &name, &slot) && str_eq(name, STR("calls")) && slot == -1);
	ck_assert(expr_name(e, 1, &name, &slot) && str_eq(name, STR("p99")) && slot == -3);
	ck_assert(!expr_name(e, 2, &name, &slot));
	expr_free(e);
}
END_TEST

UNIT_MAIN("expr", what_is_certain_of_a_condition, integers_stay_integers, quotients_and_decimals_are_real,
	  what_has_no_value_is_missing, conditions_on_numbers, names_that_are_not_given,
	  a_formula_is_no_condition, columns_and_numbers_together, texts_are_compared_by_value,
	  times_wait_for_the_trace_to_begin, clock_times, long_expressions, any_text_is_compiled_or_refused)
