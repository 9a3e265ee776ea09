/* pattern and fault: what a pattern matches, that it ends, and how slips of the fingers are found. */
#include "pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "unit.h"

static bool matches(const char *pattern, struct str subject)
{
	struct fault fault;
	struct pattern *p = pattern_compile(str_of(pattern), &fault);
	ck_assert_msg(p, "%s: %s", pattern, fault.what);
	bool found = pattern_match(p, subject);
	ck_assert_uint_eq(pattern_undecided(p), 0);
	pattern_free(p);
	return found;
}

START_TEST(subjects_are_bytes)
{
	ck_assert(matches("b", STR("abc")));
	ck_assert(matches("^a.c$", STR("a\0c")));
	ck_assert(matches("^\\xff.$", STR("\xff\xfe")));
	ck_assert(!matches("^abc$", STR("abc\n")));
	ck_assert(matches("^$", (struct str){0}));
	ck_assert(matches("", (struct str){0}));
	ck_assert(!matches("a", (struct str){0}));
	ck_assert(!matches("bc", (struct str){"abc", 2})); /* a slice, not a string */
}
END_TEST

START_TEST(faults_are_inside_the_pattern)
{
	static const struct {
		const char *pattern;
		size_t at;
	} cases[] = {{"a[b", 3}, {"(a", 2}, {"a)", 1}, {"*a", 0}, {"(*UCP)a", 6}, {"\\", 1}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fault fault;
		ck_assert_ptr_null(pattern_compile(str_of(cases[i].pattern), &fault));
		ck_assert_msg(fault.at == cases[i].at, "%s: %zu", cases[i].pattern, fault.at);
	}
}
END_TEST

START_TEST(what_is_required)
{
	static const struct {
		const char *pattern, *required;
	} cases[] = {
	    {"FUTEX_(WAIT|LOCK_PI)", "FUTEX_"}, {"\\.so($|\\.)", ".so"},	{"a|bcd", ""},
	    {"abc?d", "ab"},			{"abc+de", "abc"},	{"ab{0,2}cd", "cd"},
	    {"(?<=htons\\()\\d", "htons("},	{"(?!abc)x", ""},	{"(?:abc|abd)ef", "ef"},
	    {"(?i)abc", ""},			{"a(?i)bc", ""},	{"(abc)?de", "de"},
	    {"[]abc]de[^]x]", "de"},		{"[[:alpha:]]bc", "bc"},	{"(?<name>abc)", "abc"},
	    {"\\Qabc\\E", ""},		{"\\x41bc", ""},	{"(*UCP)abc", ""},
	    {"(?#abc)", ""},			{"ab\\dcde", "cde"},	{"(?|ab|cd)ef", ""},
	    {"a", ""},				{"", ""},		{"((a|bc)de){2}fgh", "fgh"},
	    {"ab{2,}cd", "cd"},			{"a{2|b}cd", ""},	{"a{2,3|b}cd", ""},
	    {"[[:]a|]bc", ""},			{"[[:^digit:]]bc", "bc"}, {"[[.]a|]bc", ""},
	    {"[\\E]bc]", ""},			{"[^\\E]bc]", ""},	{"[\\c]bc]", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char required[PATTERN_REQUIRED];
		struct str found = {required, pattern_required(str_of(cases[i].pattern), required)};
		ck_assert_msg(str_eq(found, str_of(cases[i].required)), "%s: %.*s", cases[i].pattern,
			      (int)found.n, found.p);
	}
}
END_TEST

/* Random patterns of the pieces of which they consist, some of them no patterns: what matches has what is
 * required. */
START_TEST(what_matches_has_what_is_required)
{
	static const char *const pieces[] = {"a",   "b",   "ab",   "(",	 ")",	 "(?:", "(?=", "(?!", "(?<=",
					     "|",   "?",   "*",	   "+",	 "{1,2}", "[ab]", "[^a]", ".",   "\\w",
					     "\\.", "$",   "(?<n>", "(?i)", "\\1",  "\\b",  "]",	"{",   "[]a]",
					     "[",   "[^",  "[[:", ":]",	 "[[.", "\\E", "\\c", "{2",  "}"};
	static const char alphabet[] = "abAB.]{[:}2|";
	uint64_t random = 1;
#define RANDOM(n) ((random = random * 6364136223846793005u + 1442695040888963407u) >> 33) % (n)
	size_t matched = 0;
	for (int i = 0; i < 100000; i++) {
		char pattern[64] = "", subject[12], required[PATTERN_REQUIRED];
		for (uint64_t n = 1 + RANDOM(8); n; n--)
			strcat(pattern, pieces[RANDOM(sizeof pieces / sizeof *pieces)]);
		int error;
		size_t at, n_required = pattern_required(str_of(pattern), required);
		pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern), 0, &error, &at, NULL);
		if (!code || n_required == 0) {
			pcre2_code_free(code);
			continue;
		}
		pcre2_match_data *data = pcre2_match_data_create(1, NULL);
		for (int j = 0; j < 20; j++) {
			size_t n = RANDOM(sizeof subject + 1);
			for (size_t k = 0; k < n; k++)
				subject[k] = alphabet[RANDOM(sizeof alphabet - 1)];
			if (pcre2_match(code, (PCRE2_SPTR)subject, n, 0, 0, data, NULL) < 0)
				continue;
			matched++;
			ck_assert_msg(str_find((struct str){subject, n}, (struct str){required, n_required}),
				      "%s matches %.*s without %.*s", pattern, (int)n, subject, (int)n_required,
				      required);
		}
		pcre2_match_data_free(data);
		pcre2_code_free(code);
	}
	ck_assert_uint_gt(matched, 500);
}
END_TEST

START_TEST(slow_patterns_are_given_up)
{
	struct fault fault;
	struct pattern *p = pattern_compile(STR("^(a|a)+$"), &fault);
	struct str subject = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	ck_assert(pattern_match(p, STR("aaa")));
	for (unsigned i = 1; i <= 100000; i++) {
		ck_assert(!pattern_match(p, subject));
		ck_assert_uint_eq(pattern_undecided(p), i);
	}
	pattern_free(p);
}
END_TEST

START_TEST(long_subjects)
{
	size_t n = 4 << 20;
	char *bytes = malloc(n);
	memset(bytes, 'a', n);
	bytes[0] = 'd';
	struct str subject = {bytes, n};
	ck_assert(!matches("a[^b]*c", subject));
	ck_assert(!matches("O_(SYNC|DIRECT)", subject));
	ck_assert(matches("^.*a$", subject));
	struct fault fault;
	struct pattern *p = pattern_compile(STR("a[^x]*[^x]*d"), &fault); /* minutes, if let run */
	for (unsigned i = 0; i < 1000; i++)
		ck_assert(!pattern_match(p, subject));
	ck_assert_uint_eq(pattern_undecided(p), 1000);
	pattern_free(p);
	free(bytes);
}
END_TEST

START_TEST(distances)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
	    {"", "", 0},	    {"a", "", 1},	   {"read", "read", 0}, {"read", "raed", 1},
	    {"read", "reads", 1},   {"read", "rad", 1},	   {"read", "road", 1}, {"read", "write", 4},
	    {"syscal", "syscall", 1}, {"eronn", "errno", 2}, {"abcd", "badc", 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
		ck_assert_msg(fault_distance(a, b) == cases[i].distance, "%s %s: %zu", cases[i].a,
			      cases[i].b, fault_distance(a, b));
		ck_assert_uint_eq(fault_distance(b, a), cases[i].distance);
	}
	char name[65];
	memset(name, 'x', sizeof name);
	ck_assert_uint_eq(fault_distance((struct str){name, 64}, STR("x")), SIZE_MAX);
	ck_assert_uint_eq(fault_distance((struct str){name, 63}, STR("x")), 62);
}
END_TEST

START_TEST(the_nearest_name)
{
	static const struct str candidates[] = {{"read", 4}, {"readv", 5}, {"write", 5}, {"openat", 6}};
	static const struct {
		const char *word, *nearest;
	} cases[] = {{"raed", "read"}, {"readb", "read"}, {"wirte", "write"}, {"opemat", "openat"},
		     {"close", NULL},  {"", NULL},	  {"x", NULL}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct nearest nearest = {0};
		for (size_t j = 0; j < sizeof candidates / sizeof *candidates; j++)
			fault_nearer(&nearest, str_of(cases[i].word), candidates[j]);
		if (cases[i].nearest)
			ck_assert(str_eq(nearest.name, str_of(cases[i].nearest)));
		else
			ck_assert_ptr_null(nearest.name.p);
	}
}
END_TEST

UNIT_MAIN("pattern", subjects_are_bytes, faults_are_inside_the_pattern, what_is_required,
	  what_matches_has_what_is_required, slow_patterns_are_given_up, long_subjects, distances,
	  the_nearest_name)
