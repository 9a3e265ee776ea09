/* strace_bytes: 16 bytes of a line at a time, for finding the few that matter; 32 in a source that is
 * compiled for AVX2. */
#ifndef SP_STRACE_BYTES_H
#define SP_STRACE_BYTES_H

#include <immintrin.h>
#include <stdbool.h>

#include "scan.h"

#ifdef __AVX2__
typedef __m256i chunk;
#define BYTES(operation) _mm256_##operation
#define bytes_load(p) _mm256_loadu_si256((const chunk *)(const void *)(p))
#define bytes_or _mm256_or_si256
#else
typedef __m128i chunk;
#define BYTES(operation) _mm_##operation
#define bytes_load(p) _mm_loadu_si128((const chunk *)(const void *)(p))
#define bytes_or _mm_or_si128
#endif

enum { STRACE_STEP = sizeof(chunk) };

static inline chunk bytes_at(const char *p)
{
	return bytes_load(p);
}

static inline chunk bytes_equal(chunk b, char c)
{
	return BYTES(cmpeq_epi8)(b, BYTES(set1_epi8)(c));
}

static inline chunk bytes_either(chunk a, chunk b)
{
	return bytes_or(a, b);
}

/* Bytes from `first` to `last`. */
static inline chunk bytes_between(chunk b, char first, char last)
{
	chunk from_first = BYTES(sub_epi8)(b, BYTES(set1_epi8)(first));
	chunk limit = BYTES(set1_epi8)((char)(last - first));
	return BYTES(cmpeq_epi8)(BYTES(min_epu8)(from_first, limit), from_first);
}

/* Control bytes, DEL and what is beyond ASCII, which strace escapes all: adding 1 turns DEL
 * negative, as the bytes above it are already. */
static inline chunk bytes_not_plain(chunk b)
{
	return BYTES(cmpgt_epi8)(BYTES(set1_epi8)(0x21), BYTES(add_epi8)(b, BYTES(set1_epi8)(1)));
}

/* One bit a byte, the first byte in the lowest. */
static inline unsigned bytes_mask(chunk found)
{
	return (unsigned)BYTES(movemask_epi8)(found);
}

/* Those that decide where arguments end: ( ) * " < > and what is not plain. */
static inline chunk bytes_structural(chunk b)
{
	chunk angle = bytes_or(b, BYTES(set1_epi8)(2)); /* < to > */
	return bytes_either(bytes_either(bytes_between(b, '(', '*'), bytes_not_plain(b)),
	                    bytes_either(bytes_equal(b, '"'), bytes_equal(angle, '>')));
}

/* Those between arguments: comma and [ ] { }. */
static inline chunk bytes_separating(chunk b)
{
	chunk folded = bytes_or(b, BYTES(set1_epi8)(0x20)); /* [ ] to { } */
	chunk brackets = bytes_either(bytes_equal(folded, '{'), bytes_equal(folded, '}'));
	return bytes_either(bytes_equal(b, ','), brackets);
}

/* The opening parentheses among 16 bytes, which is where the longest name of a call ends. */
static inline unsigned parens_16(const char *p)
{
	return (unsigned)scan_16(p, _mm_set1_epi8('('));
}

static inline bool byte_is_plain(char c)
{
	return c >= 0x20 && c != 0x7f;
}

#endif
