#include "str.h"

#include "scan.h"

bool str_cut(struct str *rest, char sep, struct str *piece)
{
	if (!rest->p)
		return false;
	const char *at = str_chr(*rest, sep);
	if (!at) {
		*piece = *rest;
		*rest = (struct str){0};
		return true;
	}
	*piece = str_between(rest->p, at);
	*rest = str_between(at + 1, rest->p + rest->n);
	return true;
}

/* Where first and last byte of the needle stand as far apart as in it, among 16 places at once. (glibc's
 * memmem makes a table of the needle first.) */
const char *str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return s.n ? s.p : NULL;
	if (s.n < needle.n)
		return NULL;
	size_t apart = needle.n - 1, places = s.n - apart, i = 0;
	char first = needle.p[0], last = needle.p[apart];
	for (; i + 16 <= places; i += 16) {
		unsigned found = (unsigned)(scan_16(s.p + i, _mm_set1_epi8(first)) &
					    scan_16(s.p + i + apart, _mm_set1_epi8(last)));
		for (; found; found &= found - 1) {
			const char *at = s.p + i + __builtin_ctz(found);
			if (memcmp(at, needle.p, needle.n) == 0)
				return at;
		}
	}
	for (; i < places; i++)
		if (s.p[i] == first && s.p[i + apart] == last && memcmp(s.p + i, needle.p, needle.n) == 0)
			return s.p + i;
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

const uint64_t str_mask[8 + STR_WORDS + 1] = {
#define ONES(n) [8 + (n)] = UINT64_MAX >> (64 - 8 * (n))
    ONES(1),           ONES(2),           ONES(3),           ONES(4),
    ONES(5),           ONES(6),           ONES(7),           ONES(8),
#undef ONES
    [17] = UINT64_MAX, [18] = UINT64_MAX, [19] = UINT64_MAX, [20] = UINT64_MAX,
    [21] = UINT64_MAX, [22] = UINT64_MAX, [23] = UINT64_MAX, [24] = UINT64_MAX,
};

/* Two words are mixed by one 64x64 to 128 bit multiplication, whose halves are folded together (wyhash,
 * Wang Yi 2019). The constants are digits of pi. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const char *p)
{
	uint64_t word;
	memcpy(&word, p, 8);
	return word;
}

static uint64_t half_word_at(const char *p)
{
	uint32_t half;
	memcpy(&half, p, 4);
	return half;
}

/* All of 1 to 3 bytes. */
static uint64_t few_at(const char *p, size_t n)
{
	return (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
	       (unsigned char)p[n - 1];
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 0x243f6a8885a308d3u, first = 0, last = 0;
	const char *p = s.p, *end = s.p + s.n;
	for (size_t n = s.n; n > 16; n -= 16, p += 16)
		h = mix(word_at(p) ^ 0x13198a2e03707345u, word_at(p + 8) ^ h);
	/* The last 1 to 16 bytes, those in the middle twice. */
	if (end - p >= 8) {
		first = word_at(p);
		last = word_at(end - 8);
	} else if (end - p >= 4) {
		first = half_word_at(p);
		last = half_word_at(end - 4);
	} else if (end > p) {
		first = few_at(p, (size_t)(end - p));
	}
	return mix(s.n ^ 0xa4093822299f31d1u, mix(first ^ 0x082efa98ec4e6c89u, last ^ h));
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}
