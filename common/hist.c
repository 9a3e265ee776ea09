#include "hist.h"

#include <math.h>
#include <stdlib.h>

#include "number.h"

/* From this many additions to bins it has on, a list costs more time than it saves memory. */
enum { MANY = 256 };

/* Bins in order of their numbers, each in one word: 16 bits of number, 48 of count. */
struct hist_few {
	uint16_t n, cap;
	unsigned added;
	uint64_t at[];
};

enum { COUNT_BITS = 48 };
static const uint64_t most_counted = (UINT64_C(1) << COUNT_BITS) - 1;

static unsigned word_bin(uint64_t word)
{
	return (unsigned)(word >> COUNT_BITS);
}

static uint64_t word_count(uint64_t word)
{
	return word & most_counted;
}

uint64_t hist_bin_low(unsigned bin)
{
	unsigned octave = bin / HIST_SUB;
	if (octave == 0)
		return bin;
	return (uint64_t)(HIST_SUB + bin % HIST_SUB) << (octave - 1);
}

uint64_t hist_bin_width(unsigned bin)
{
	unsigned octave = bin / HIST_SUB;
	return octave == 0 ? 1 : UINT64_C(1) << (octave - 1);
}

uint64_t hist_bin_middle(unsigned bin)
{
	return hist_bin_low(bin) + (hist_bin_width(bin) - 1) / 2;
}

static void add_to_octave(struct hist *h, unsigned bin, uint64_t count)
{
	uint64_t **octave = &h->octave[bin / HIST_SUB];
	if (!*octave)
		*octave = xcalloc(HIST_SUB, sizeof **octave);
	(*octave)[bin % HIST_SUB] += count;
}

static void spread_out(struct hist *h)
{
	struct hist_few *few = h->few;
	h->octave = xcalloc(HIST_OCTAVES, sizeof *h->octave);
	h->few = NULL;
	for (unsigned i = 0; few && i < few->n; i++)
		add_to_octave(h, word_bin(few->at[i]), word_count(few->at[i]));
	free(few);
}

/* Without a branch on what is found, which nobody can predict. */
static unsigned few_position(const struct hist_few *few, unsigned bin)
{
	unsigned low = 0, n = few ? few->n : 0;
	uint64_t word = (uint64_t)bin << COUNT_BITS;
	for (; n > 1; n -= n / 2)
		low += few->at[low + n / 2 - 1] < word ? n / 2 : 0;
	return low + (n && few->at[low] < word);
}

/* False when there are as many as a list, or a word, may hold. */
static bool add_to_few(struct hist *h, unsigned bin, uint64_t count)
{
	struct hist_few *few = h->few;
	unsigned at = few_position(few, bin), n = few ? few->n : 0;
	if (at < n && word_bin(few->at[at]) == bin) {
		if (few->added == MANY || count > most_counted - word_count(few->at[at]))
			return false;
		few->added++;
		few->at[at] += count;
		return true;
	}
	if (n == HIST_FEW || count > most_counted)
		return false;
	if (!few || n == few->cap) {
		unsigned cap = n ? n * 2 : 2;
		few = xrealloc(few, 1, sizeof *few + cap * sizeof few->at[0]);
		if (!n)
			*few = (struct hist_few){0};
		few->cap = (uint16_t)cap;
		h->few = few;
	}
	memmove(&few->at[at + 1], &few->at[at], (n - at) * sizeof few->at[0]);
	few->at[at] = (uint64_t)bin << COUNT_BITS | count;
	few->n++;
	return true;
}

void hist_add_bin(struct hist *h, unsigned bin, uint64_t count)
{
	if (!h->octave) {
		if (add_to_few(h, bin, count))
			return;
		spread_out(h);
	}
	add_to_octave(h, bin, count);
}

void hist_add_bins(struct hist *h, const uint16_t *bin, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t *octave = h->octave ? h->octave[bin[i] / HIST_SUB] : NULL;
		if (octave)
			octave[bin[i] % HIST_SUB]++;
		else
			hist_add_bin(h, bin[i], 1);
	}
}

bool hist_next(const struct hist *h, unsigned *bin, uint64_t *count)
{
	if (!h->octave) {
		unsigned at = few_position(h->few, *bin);
		if (!h->few || at == h->few->n)
			return false;
		*bin = word_bin(h->few->at[at]);
		*count = word_count(h->few->at[at]);
		return true;
	}
	for (unsigned b = *bin; b < HIST_BINS; b++) {
		const uint64_t *octave = h->octave[b / HIST_SUB];
		if (!octave) {
			b |= HIST_SUB - 1;
			continue;
		}
		if (octave[b % HIST_SUB]) {
			*bin = b;
			*count = octave[b % HIST_SUB];
			return true;
		}
	}
	return false;
}

/* Its bins from this one on. */
static void add_octave(struct hist *into, const uint64_t *octave, unsigned bin)
{
	if (!octave)
		return;
	uint64_t **to = &into->octave[bin / HIST_SUB];
	if (!*to)
		*to = xcalloc(HIST_SUB, sizeof **to);
	for (unsigned i = bin % HIST_SUB; i < HIST_SUB; i++)
		(*to)[i] += octave[i];
}

void hist_merge(struct hist *into, const struct hist *from)
{
	if (from->count == 0)
		return;
	into->min = into->count == 0 || from->min < into->min ? from->min : into->min;
	into->max = into->count == 0 || from->max > into->max ? from->max : into->max;
	into->count += from->count;
	into->sum += from->sum;
	into->unbinned |= from->unbinned;
	into->unbounded |= from->unbounded;
	if (__builtin_add_overflow(into->sum_squares, from->sum_squares, &into->sum_squares))
		into->sum_squares = ~(__uint128_t)0;
	uint64_t count;
	unsigned bin = 0;
	for (; !(into->octave && from->octave) && hist_next(from, &bin, &count); bin++)
		hist_add_bin(into, bin, count);
	for (; into->octave && from->octave && bin < HIST_BINS; bin += HIST_SUB - bin % HIST_SUB)
		add_octave(into, from->octave[bin / HIST_SUB], bin);
}

uint64_t hist_percentile(const struct hist *h, unsigned per_100k)
{
	enum { WHOLE = 100000 };
	if (h->count == 0)
		return 0;
	uint64_t rank = (uint64_t)(((__uint128_t)h->count * per_100k + WHOLE - 1) / WHOLE);
	if (rank <= 1)
		return h->min;
	if (rank >= h->count)
		return h->max;
	uint64_t below = 0, count;
	unsigned bin = 0;
	for (unsigned i = 0; h->few && i < h->few->n && below < rank; i++) {
		bin = word_bin(h->few->at[i]);
		below += word_count(h->few->at[i]);
	}
	for (; !h->few && hist_next(h, &bin, &count); bin++)
		if ((below += count) >= rank)
			break;
	uint64_t middle = hist_bin_middle(bin);
	return middle < h->min ? h->min : middle > h->max || below < rank ? h->max : middle;
}

uint64_t hist_mean(const struct hist *h)
{
	return h->count ? (uint64_t)((h->sum + h->count / 2) / h->count) : 0;
}

/* The squares around the integer part of the mean are summed modulo 2^128: what is subtracted may
 * overflow, the result does not, so nothing is lost to cancellation as it would be in doubles. */
uint64_t hist_stddev(const struct hist *h)
{
	if (h->count == 0)
		return 0;
	long double n = (long double)h->count;
	__uint128_t mean = h->sum / h->count;
	__uint128_t around = h->sum_squares - 2 * mean * h->sum + h->count * mean * mean;
	if (h->sum_squares == ~(__uint128_t)0) /* values of centuries: a rough answer */
		around = h->sum_squares - (__uint128_t)((long double)mean * (long double)mean * n);
	long double rest = (long double)(h->sum - mean * h->count) / n;
	long double variance = (long double)around / n - rest * rest;
	return variance > 0 ? (uint64_t)llroundl(sqrtl(variance)) : 0;
}

void hist_write_bins(const struct hist *h, struct buf *b)
{
	uint64_t count;
	bool first = true;
	for (unsigned bin = 0; hist_next(h, &bin, &count); bin++) {
		if (!first)
			buf_add_char(b, ',');
		first = false;
		buf_add_number(b, bin);
		buf_add_char(b, ':');
		buf_add_number(b, count);
	}
}

static bool take_char(struct str *s, char c)
{
	bool is = s->n && s->p[0] == c;
	*s = str_drop(*s, is);
	return is;
}

bool hist_read_bins(struct hist *h, struct str text, uint64_t *total)
{
	unsigned least = hist_bin(h->min), most = hist_bin(h->max);
	while (text.n) {
		uint64_t bin, count;
		if (!number_take_u64(&text, &bin) || bin < least || bin > most || !take_char(&text, ':') ||
		    !number_take_u64(&text, &count) || (text.n && !take_char(&text, ',')) ||
		    __builtin_add_overflow(*total, count, total))
			return false;
		if (count)
			hist_add_bin(h, (unsigned)bin, count);
	}
	return true;
}

void hist_drop_bins(struct hist *h)
{
	for (unsigned i = 0; h->octave && i < HIST_OCTAVES; i++)
		free(h->octave[i]);
	free(h->octave);
	free(h->few);
	h->octave = NULL;
	h->few = NULL;
}

void hist_clear(struct hist *h)
{
	struct hist_few *few = h->few;
	if (few) {
		few->n = 0;
		few->added = 0;
	}
	h->few = NULL;
	hist_drop_bins(h);
	*h = (struct hist){.few = few};
}

void hist_free(struct hist *h)
{
	hist_drop_bins(h);
	*h = (struct hist){0};
}
