/* str: a slice of bytes that somebody else owns, and the few things every layer does with one.
 * A slice is valid until its owner moves on (a line: until the next line is read). To keep one,
 * copy it: arena_str() or buf_add_str(). Slices may hold any byte, NUL included. */
#ifndef SP_STR_H
#define SP_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

static inline struct str str_of(const char *z)
{
	return (struct str){z, strlen(z)};
}

static inline struct str str_between(const char *from, const char *to)
{
	return (struct str){from, (size_t)(to - from)};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0;
}

/* The first byte c of s, or NULL. */
static inline const char *str_chr(struct str s, char c)
{
	return s.n ? memchr(s.p, c, s.n) : NULL;
}

/* The first occurrence of needle in s, or NULL. */
const char *str_find(struct str s, struct str needle);

static inline struct str str_drop(struct str s, size_t n)
{
	return n < s.n ? (struct str){s.p + n, s.n - n} : (struct str){s.p + s.n, 0};
}

/* Takes the text before the next sep off the front of *rest (all of it when there is no sep) and
 * drops the sep. False when *rest was used up: its p is NULL from then on. */
bool str_cut(struct str *rest, char sep, struct str *piece);

/* Without blanks (space, TAB, CR) at both ends. */
struct str str_trim(struct str s);

/* The up to STR_WORDS bytes of s as two words, zeros behind them. All 16 must be readable: they are loaded,
 * and the rest is masked away without a branch. */
enum { STR_WORDS = 16 };
extern const uint64_t str_mask[8 + STR_WORDS + 1]; /* [8 + n] keeps the first n bytes of a word */
static inline void str_words(struct str s, uint64_t *head, uint64_t *tail)
{
	memcpy(head, s.p, 8);
	memcpy(tail, s.p + 8, 8);
	*head &= str_mask[8 + s.n];
	*tail &= str_mask[s.n];
}

/* The 1 to 8 bytes at p as a number that no other text of that length gives, and no other text without NULs.
 * Eight must be readable. */
static inline uint64_t str_word(const char *p, size_t n)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return word << 8 * (sizeof word - n);
}

/* Whether one of the eight bytes of a word is c. */
static inline bool str_has_byte(uint64_t word, char c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t differs = word ^ ones * (unsigned char)c;
	return (differs - ones) & ~differs & ones << 7;
}

/* A short field as a word that no other field gives; 0 where it is empty or longer than STR_SHORT. Eight bytes from
 * it on must be readable. */
enum { STR_SHORT = 7 };
static inline uint64_t str_short(struct str s)
{
	return s.n - 1 < STR_SHORT ? str_word(s.p, s.n) + s.n : 0; /* no text is in the last byte */
}

/* A well-mixed 64-bit hash, the same in every run. */
uint64_t str_hash(struct str s);

/* Compares bytes as unsigned; a prefix sorts first. <0, 0, >0. */
int str_cmp(struct str a, struct str b);

#endif
