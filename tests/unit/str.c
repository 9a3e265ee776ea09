#include "unit.h"

START_TEST(cut_gives_every_piece)
{
	struct str rest = STR("a,,b,"), piece;
	ck_assert(str_cut(&rest, ',', &piece));
	assert_str(piece, "a");
	ck_assert(str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	ck_assert(str_cut(&rest, ',', &piece));
	assert_str(piece, "b");
	ck_assert(str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	ck_assert(!str_cut(&rest, ',', &piece));
	ck_assert_ptr_null(rest.p);
}
END_TEST

START_TEST(cut_of_an_empty_string_is_one_empty_piece)
{
	struct str rest = STR(""), piece;
	ck_assert(str_cut(&rest, ',', &piece));
	assert_str(piece, "");
	ck_assert(!str_cut(&rest, ',', &piece));
}
END_TEST

START_TEST(comparison_counts_nul_bytes)
{
	ck_assert(str_eq(STR("a\0b"), STR("a\0b")));
	ck_assert(!str_eq(STR("a\0b"), STR("a\0c")));
	ck_assert(!str_eq(STR("a"), STR("a\0")));
	ck_assert(str_eq((struct str){0}, STR("")));
	ck_assert_int_lt(str_cmp(STR("a"), STR("a\0")), 0);
	ck_assert_int_lt(str_cmp(STR("a\x7f"), STR("a\x80")), 0); /* bytes are unsigned */
	ck_assert_int_eq(str_cmp((struct str){0}, STR("")), 0);
	ck_assert_int_gt(str_cmp(STR("b"), STR("ab")), 0);
}
END_TEST

START_TEST(prefixes_and_suffixes)
{
	ck_assert(str_starts(STR("resumed>"), STR("res")));
	ck_assert(str_starts(STR("x"), STR("")));
	ck_assert(!str_starts(STR("re"), STR("res")));
	ck_assert(str_ends(STR("<unfinished ...>"), STR("...>")));
	ck_assert(!str_ends(STR(">"), STR("...>")));
	assert_str(str_drop(STR("abc"), 2), "c");
	assert_str(str_drop(STR("abc"), 9), "");
}
END_TEST

START_TEST(search)
{
	struct str s = STR("a\0b) = 3");
	ck_assert_ptr_eq(str_chr(s, 'b'), s.p + 2);
	ck_assert_ptr_eq(str_find(s, STR(") = ")), s.p + 3);
	ck_assert_ptr_null(str_chr(s, 'z'));
	ck_assert_ptr_null(str_find(s, STR(") = 33")));
	ck_assert_ptr_null(str_chr((struct str){0}, 'z'));
}
END_TEST

START_TEST(trim_takes_blanks_and_carriage_returns)
{
	assert_str(str_trim(STR(" \ta b\t\r")), "a b");
	assert_str(str_trim(STR(" \t\r")), "");
	assert_str(str_trim(STR("\n")), "\n");
}
END_TEST

START_TEST(hash_depends_on_every_byte_and_the_length)
{
	char bytes[33] = {0};
	for (size_t n = 0; n < sizeof bytes; n++) {
		uint64_t plain = str_hash((struct str){bytes, n});
		ck_assert_uint_eq(plain, str_hash((struct str){bytes, n}));
		ck_assert_uint_ne(plain, str_hash((struct str){bytes, n + 1}));
		for (size_t i = 0; i < n; i++) {
			bytes[i] = 1;
			ck_assert_uint_ne(plain, str_hash((struct str){bytes, n}));
			bytes[i] = 0;
		}
	}
}
END_TEST

/* Every part of texts of few letters, in copies without a byte more, for the sanitizers. */
START_TEST(search_finds_what_memmem_finds)
{
	uint64_t random = 1;
	for (size_t n = 0; n < 70; n++) {
		char *text = malloc(n + 1); /* none is 0 bytes */
		for (size_t i = 0; i < n; i++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			text[i] = (char)('a' + (random >> 62) % 2);
		}
		char *tight = memcpy(malloc(n ? n : 1), text, n);
		for (size_t from = 0; from <= n; from++)
			for (size_t to = from; to <= n && to < from + 20; to++) {
				struct str needle = {text + from, to - from};
				ck_assert_ptr_eq(str_find((struct str){tight, n}, needle),
						 n ? memmem(tight, n, needle.p, needle.n) : NULL);
			}
		ck_assert_ptr_null(str_find((struct str){tight, n}, STR("ac")));
		free(tight);
		free(text);
	}
}
END_TEST

START_TEST(short_texts_are_words_of_their_own)
{
	static const struct str texts[] = {STR("\0"), STR("\0\0"), STR("a"), STR("a\0"), STR("\0a"), STR("ab"), STR("b"), STR("aaaaaaa"),
	                                   STR("aaaaaab")};
	char field[16] = {0};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		memset(field, 'x', sizeof field); /* what is behind it does not matter */
		memcpy(field, texts[i].p, texts[i].n);
		uint64_t word = str_short((struct str){field, texts[i].n});
		ck_assert_uint_ne(word, 0);
		for (size_t j = 0; j < i; j++) {
			memset(field, 'y', sizeof field);
			memcpy(field, texts[j].p, texts[j].n);
			ck_assert_uint_ne(word, str_short((struct str){field, texts[j].n}));
		}
	}
	ck_assert_uint_eq(str_short(STR("")), 0);
	ck_assert_uint_eq(str_short((struct str){field, STR_SHORT + 1}), 0);
}
END_TEST

START_TEST(a_byte_is_found_in_a_word)
{
	for (unsigned c = 0; c < 256; c++)
		for (unsigned i = 0; i < 8; i++) {
			uint64_t others = UINT64_C(0x0101010101010101) * (c ^ 1), mask = UINT64_C(0xff) << 8 * i;
			ck_assert(!str_has_byte(others, (char)c));
			ck_assert(!str_has_byte(others ^ (UINT64_C(0x80) << 8 * i), (char)c));
			ck_assert(str_has_byte((others & ~mask) | (uint64_t)c << 8 * i, (char)c));
		}
}
END_TEST

UNIT_MAIN("str", cut_gives_every_piece, cut_of_an_empty_string_is_one_empty_piece,
	  comparison_counts_nul_bytes, prefixes_and_suffixes, search, search_finds_what_memmem_finds,
	  trim_takes_blanks_and_carriage_returns, hash_depends_on_every_byte_and_the_length,
	  short_texts_are_words_of_their_own, a_byte_is_found_in_a_word)
