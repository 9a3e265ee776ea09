#include "range.h"
#include "show.h"

static bool all_empty(const struct bucket_counts *c, unsigned from, unsigned to)
{
	for (; from < to; from++)
		if (bucket_counts_at(c, from))
			return false;
	return true;
}

struct span span_of(const struct options *o, const struct agg_group *g)
{
	const struct bucket_counts *c = &g->buckets;
	struct span s = {.buckets = &o->buckets, .counts = c, .to = buckets_count(&o->buckets)};
	if (o->buckets.kind == BUCKETS_OF_LIST)
		return s;
	while (s.to > 0 && bucket_counts_at(c, s.to - 1) == 0)
		s.to--;
	while (s.from < s.to && bucket_counts_at(c, s.from) == 0)
		s.from++;
	unsigned microsecond = buckets_index(&o->buckets, 1000);
	s.from_zero = !o->of_bytes && o->buckets.kind != BUCKETS_OF_WIDTH && s.from == 0 &&
	              s.to > 0 && all_empty(c, 1, microsecond);
	if (s.from_zero) {
		s.from = microsecond - 1;
		s.to = s.to > microsecond ? s.to : microsecond;
	}
	return s;
}

static uint64_t low_of(const struct span *s, unsigned bucket)
{
	return s->from_zero && bucket == s->from ? 0 : buckets_low(s->buckets, bucket);
}

uint64_t span_count(const struct span *s, const struct bucket_counts *c, unsigned bucket)
{
	bool with_zero = s->from_zero && bucket == s->from;
	return bucket_counts_at(c, bucket) + (with_zero ? bucket_counts_at(c, 0) : 0);
}

void span_cells(const struct span *s, unsigned bucket, struct table *t)
{
	uint64_t high;
	table_int(t, low_of(s, bucket));
	if (buckets_high(s->buckets, bucket, &high))
		table_int(t, high);
	else
		table_empty(t);
}

void span_name(const struct span *s, unsigned bucket, struct buf *b)
{
	uint64_t high = 0;
	bool has_high = buckets_high(s->buckets, bucket, &high);
	range_show(b, s->buckets->of_bytes, low_of(s, bucket), has_high, high);
}

size_t span_width(const struct span *s)
{
	struct buf name = {0};
	size_t width = 0;
	for (unsigned i = s->from; i < s->to; i++) {
		name.n = 0;
		span_name(s, i, &name);
		width = name.n > width ? name.n : width;
	}
	buf_free(&name);
	return width;
}
