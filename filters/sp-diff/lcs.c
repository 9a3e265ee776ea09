#include "lcs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

enum { WORD = 64 };

/* Where each number stands in a: positions sorted by number, and where a number's begin. */
struct places {
	size_t *begin;
	uint32_t *at;
};

static struct places places_of(const uint32_t *a, size_t n, size_t numbers)
{
	struct places p = {xcalloc(numbers + 2, sizeof *p.begin), xcalloc(n + 1, sizeof *p.at)};
	for (size_t i = 0; i < n; i++)
		p.begin[a[i] + 2]++;
	for (size_t i = 2; i < numbers + 2; i++)
		p.begin[i] += p.begin[i - 1];
	for (size_t i = 0; i < n; i++)
		p.at[p.begin[a[i] + 1]++] = (uint32_t)i;
	return p;
}

/* V = (V + (V & M)) | (V & ~M), where M has a bit for each place of the symbol in a; the zeros of V
 * are the answer. */
static void step(uint64_t *v, const uint64_t *m, size_t words)
{
	unsigned long long carry = 0;
	for (size_t i = 0; i < words; i++) {
		uint64_t u = v[i] & m[i], sum;
		bool over = __builtin_add_overflow(v[i], u, &sum);
		over |= __builtin_add_overflow(sum, carry, &sum);
		carry = over;
		v[i] = sum | (v[i] & ~m[i]);
	}
}

static size_t core(const uint32_t *a, size_t an, const uint32_t *b, size_t bn, size_t numbers)
{
	size_t words = (an + WORD - 1) / WORD, length = 0;
	struct places p = places_of(a, an, numbers);
	uint64_t *v = xcalloc(words + 1, sizeof *v), *m = xcalloc(words + 1, sizeof *m);
	memset(v, 0xff, words * sizeof *v);
	for (size_t j = 0; j < bn; j++) {
		size_t from = p.begin[b[j]], to = p.begin[b[j] + 1];
		for (size_t i = from; i < to; i++)
			m[p.at[i] / WORD] |= UINT64_C(1) << (p.at[i] % WORD);
		if (to > from)
			step(v, m, words);
		for (size_t i = from; i < to; i++)
			m[p.at[i] / WORD] = 0;
	}
	for (size_t i = 0; i < an; i++)
		length += !(v[i / WORD] >> (i % WORD) & 1);
	free(v);
	free(m);
	free(p.begin);
	free(p.at);
	return length;
}

/* What is equal at both ends is part of some longest one. */
size_t lcs_length(const uint32_t *a, size_t an, const uint32_t *b, size_t bn, size_t numbers)
{
	size_t head = 0, tail = 0;
	while (head < an && head < bn && a[head] == b[head])
		head++;
	while (tail < an - head && tail < bn - head && a[an - 1 - tail] == b[bn - 1 - tail])
		tail++;
	an -= head + tail;
	bn -= head + tail;
	return head + tail + (an && bn ? core(a + head, an, b + head, bn, numbers) : 0);
}
