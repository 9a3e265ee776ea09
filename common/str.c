#include "str.h"

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

/* One 64x64 to 128 bit multiplication per 8 bytes, halves folded together (the mixing step of
 * wyhash, Wang Yi 2019). The odd constants are digits of pi. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 0x243f6a8885a308d3u ^ s.n;
	const char *p = s.p;
	size_t n = s.n;
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		h = mix(h ^ word, 0x13198a2e03707345u);
	}
	uint64_t tail = 0;
	if (n)
		memcpy(&tail, p, n);
	return mix(h ^ tail, 0xa4093822299f31d1u);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}
