#include "number.h"
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

uint64_t span_low(const struct span *s, unsigned bucket)
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
	table_int(t, span_low(s, bucket));
	if (buckets_high(s->buckets, bucket, &high))
		table_int(t, high);
	else
		table_empty(t);
}

/* "10", "1.5", "1.02": three digits, no zeros behind the point. Returns the unit, apart. */
static const char *split_unit(bool of_bytes, uint64_t value, char out[NUMBER_HUMAN])
{
	int64_t v = value > INT64_MAX ? INT64_MAX : (int64_t)value;
	if (of_bytes)
		number_human_bytes(out, v);
	else
		number_human_ns(out, v);
	char *blank = strchr(out, ' '), *end = blank;
	if (memchr(out, '.', (size_t)(blank - out))) {
		while (end[-1] == '0')
			end--;
		end -= end[-1] == '.';
	}
	*end = '\0';
	return blank == end ? blank + 1 : memmove(end + 1, blank + 1, strlen(blank + 1) + 1);
}

void show_range(bool of_bytes, uint64_t low, bool has_high, uint64_t high, struct buf *b)
{
	char from[NUMBER_HUMAN], to[NUMBER_HUMAN] = "";
	const char *unit_from = split_unit(of_bytes, low, from);
	const char *unit_to = has_high ? split_unit(of_bytes, high, to) : "";
	if (!has_high)
		buf_printf(b, ">= %s %s", from, unit_from);
	else if (low == 0)
		buf_printf(b, "< %s %s", to, unit_to);
	else if (strcmp(unit_from, unit_to) == 0)
		buf_printf(b, "%s-%s %s", from, to, unit_to);
	else
		buf_printf(b, "%s %s-%s %s", from, unit_from, to, unit_to);
}

void span_name(const struct span *s, unsigned bucket, struct buf *b)
{
	uint64_t high = 0;
	bool has_high = buckets_high(s->buckets, bucket, &high);
	show_range(s->buckets->of_bytes, span_low(s, bucket), has_high, high, b);
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
