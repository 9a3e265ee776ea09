#include "buckets.h"

#include <stdlib.h>

#include "number.h"

enum { LOG2_COUNT = 65, DECADES_COUNT = 21 }; /* that hold all of 64 bits, 0 included */

static bool parse_value(struct str text, bool of_bytes, uint64_t *value)
{
	int64_t v;
	text = str_trim(text);
	if (!(of_bytes ? number_size(text, &v) : number_duration(text, &v)) || v <= 0)
		return false;
	*value = (uint64_t)v;
	return true;
}

/* Where the search among the bounds begins, and how far it can go. */
static void note_steps(struct buckets *b)
{
	b->edge[b->edges] = UINT64_MAX;
	for (unsigned bits = 1, n = 0; bits <= 64; bits++) {
		unsigned before = n;
		while (n < b->edges && b->edge[n] <= UINT64_C(1) << (bits - 1))
			n++;
		b->below[bits] = (uint8_t)n;
		b->steps = (uint8_t)(n - before > b->steps ? n - before : b->steps);
	}
	unsigned last = b->edges - b->below[64];
	b->steps = (uint8_t)(last > b->steps ? last : b->steps);
}

bool buckets_parse(struct buckets *b, struct str text, bool of_bytes)
{
	struct str linear = STR("linear:"), bound;
	*b = (struct buckets){.of_bytes = of_bytes, .kind = BUCKETS_OF_LIST};
	if (str_eq(text, STR("log2")) || str_eq(text, STR("decades"))) {
		b->kind = text.p[0] == 'l' ? BUCKETS_OF_LOG2 : BUCKETS_OF_DECADES;
		return true;
	}
	if (str_starts(text, linear)) {
		b->kind = BUCKETS_OF_WIDTH;
		return parse_value(str_drop(text, linear.n), of_bytes, &b->width) &&
		       b->width < UINT64_MAX / BUCKETS_LINEAR;
	}
	while (str_cut(&text, ',', &bound)) {
		uint64_t value;
		if (b->edges == BUCKETS_LIST || !parse_value(bound, of_bytes, &value) ||
		    (b->edges && value <= b->edge[b->edges - 1]))
			return false;
		b->edge[b->edges++] = value;
	}
	note_steps(b);
	return b->edges > 0;
}

unsigned buckets_count(const struct buckets *b)
{
	return b->kind == BUCKETS_OF_LOG2      ? LOG2_COUNT
	       : b->kind == BUCKETS_OF_DECADES ? DECADES_COUNT
	       : b->kind == BUCKETS_OF_WIDTH   ? BUCKETS_LINEAR
	                                       : b->edges + 1;
}

/* 1, 10, 100 ... */
static uint64_t power_of_ten(unsigned n)
{
	uint64_t p = 1;
	while (n-- > 0)
		p *= 10;
	return p;
}

/* 1, 3, 7, 15, 31, 62, 125, 250, 500, 1000, 2000 ... ns; 1, 2, 4 ... bytes. */
static uint64_t octave_low(const struct buckets *b, unsigned index)
{
	return (uint64_t)(((__uint128_t)(b->of_bytes ? 512 : 1000) << index) >> 10);
}

uint64_t buckets_low(const struct buckets *b, unsigned index)
{
	if (index == 0)
		return 0;
	return b->kind == BUCKETS_OF_LOG2      ? octave_low(b, index)
	       : b->kind == BUCKETS_OF_DECADES ? power_of_ten(index - 1)
	       : b->kind == BUCKETS_OF_WIDTH   ? index * b->width
	                                       : b->edge[index - 1];
}

bool buckets_high(const struct buckets *b, unsigned index, uint64_t *high)
{
	if (index + 1 >= buckets_count(b))
		return false;
	*high = buckets_low(b, index + 1);
	return true;
}

unsigned buckets_index_slow(const struct buckets *b, uint64_t value)
{
	if (b->kind == BUCKETS_OF_LOG2) {
		unsigned bits = value ? 64 - (unsigned)__builtin_clzll(value) : 0;
		return bits && value < octave_low(b, bits) ? bits - 1 : bits;
	}
	if (b->kind == BUCKETS_OF_WIDTH) {
		uint64_t index = value / b->width;
		return index < BUCKETS_LINEAR ? (unsigned)index : BUCKETS_LINEAR - 1;
	}
	unsigned index = 0;
	while (index + 1 < DECADES_COUNT && value >= power_of_ten(index))
		index++;
	return index;
}

void bucket_counts_grow(struct bucket_counts *c, unsigned index)
{
	unsigned size = index + 8;
	c->n = xrealloc(c->n, size, sizeof *c->n);
	memset(c->n + c->size, 0, (size - c->size) * sizeof *c->n);
	c->size = size;
}

void bucket_counts_merge(struct bucket_counts *into, const struct bucket_counts *from)
{
	for (unsigned i = 0; i < from->size; i++)
		if (from->n[i])
			bucket_counts_add(into, i, from->n[i]);
}

void bucket_counts_add_bins(struct bucket_counts *c, const struct buckets *b, const struct hist *h)
{
	uint64_t count;
	for (unsigned bin = 0; hist_next(h, &bin, &count); bin++)
		bucket_counts_add(c, buckets_index(b, hist_bin_middle(bin)), count);
}

void bucket_counts_clear(struct bucket_counts *c)
{
	if (c->size)
		memset(c->n, 0, c->size * sizeof *c->n);
}

void bucket_counts_free(struct bucket_counts *c)
{
	free(c->n);
	*c = (struct bucket_counts){0};
}

static void write_spec(const struct buckets *b, struct buf *out)
{
	if (b->kind == BUCKETS_OF_WIDTH)
		buf_printf(out, "linear:%llu", (unsigned long long)b->width);
	else if (b->kind != BUCKETS_OF_LIST)
		buf_printf(out, b->kind == BUCKETS_OF_LOG2 ? "log2" : "decades");
	else
		for (unsigned i = 0; i < b->edges; i++) {
			if (i)
				buf_add_char(out, ',');
			buf_add_number(out, b->edge[i]);
		}
}

void bucket_counts_write(const struct bucket_counts *c, const struct buckets *b, struct buf *out)
{
	char separator = '|';
	write_spec(b, out);
	for (unsigned i = 0; i < c->size; i++) {
		if (!c->n[i])
			continue;
		buf_add_char(out, separator);
		buf_add_number(out, i);
		buf_add_char(out, ':');
		buf_add_number(out, c->n[i]);
		separator = ',';
	}
}

bool bucket_counts_read(struct bucket_counts *c, const struct buckets *b, struct str text,
                        bool *same)
{
	struct buf ours = {0};
	struct str spec, piece;
	write_spec(b, &ours);
	*same = str_cut(&text, '|', &spec) && str_eq(spec, buf_str(&ours));
	buf_free(&ours);
	while (*same && text.n && str_cut(&text, ',', &piece)) {
		uint64_t index, count;
		if (!number_take_u64(&piece, &index) || index >= buckets_count(b) || piece.n == 0 ||
		    piece.p[0] != ':' || !number_u64(str_drop(piece, 1), &count))
			return false;
		bucket_counts_add(c, (unsigned)index, count);
	}
	return true;
}
