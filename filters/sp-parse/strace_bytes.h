/* strace_bytes: sixteen bytes of a line at a time, for finding the few that matter. */
#ifndef SP_STRACE_BYTES_H
#define SP_STRACE_BYTES_H

#include <emmintrin.h>
#include <stdbool.h>

enum { STRACE_STEP = 16 };

static inline __m128i bytes_at(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i bytes_equal(__m128i bytes, char c)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

static inline __m128i bytes_either(__m128i a, __m128i b)
{
	return _mm_or_si128(a, b);
}

/* Bytes from `first` to `last`. */
static inline __m128i bytes_between(__m128i bytes, char first, char last)
{
	__m128i from_first = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
	__m128i limit = _mm_set1_epi8((char)(last - first));
	return _mm_cmpeq_epi8(_mm_min_epu8(from_first, limit), from_first);
}

/* Control bytes, DEL and what is beyond ASCII, which strace escapes all: adding 1 turns DEL
 * negative, as the bytes above it are already. */
static inline __m128i bytes_not_plain(__m128i bytes)
{
	return _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
}

/* One bit a byte, the first byte in the lowest. */
static inline unsigned bytes_mask(__m128i found)
{
	return (unsigned)_mm_movemask_epi8(found);
}

/* Those that decide where arguments end: ( ) * " < > and what is not plain. */
static inline __m128i bytes_structural(__m128i bytes)
{
	__m128i angle = _mm_or_si128(bytes, _mm_set1_epi8(2)); /* < to > */
	return bytes_either(bytes_either(bytes_between(bytes, '(', '*'), bytes_not_plain(bytes)),
	                    bytes_either(bytes_equal(bytes, '"'), bytes_equal(angle, '>')));
}

/* Those between arguments: comma and [ ] { }. */
static inline __m128i bytes_separating(__m128i bytes)
{
	__m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20)); /* [ ] to { } */
	__m128i brackets = bytes_either(bytes_equal(folded, '{'), bytes_equal(folded, '}'));
	return bytes_either(bytes_equal(bytes, ','), brackets);
}

static inline bool byte_is_plain(char c)
{
	return c >= 0x20 && c != 0x7f;
}

static inline bool byte_is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

#endif
