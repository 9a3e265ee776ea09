#include "show.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "number.h"

/* ---- groups ---- */

struct ranked {
	struct agg_group *group;
	__uint128_t sum;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->sum != y->sum)
		return x->sum < y->sum ? 1 : -1;
	return str_cmp(x->group->key, y->group->key);
}

struct agg_group **show_order(const struct options *o, const struct agg *agg, size_t *n)
{
	struct agg_group **groups = agg_sorted(agg);
	struct ranked *ranked = xcalloc(agg->groups + 1, sizeof *ranked);
	*n = 0;
	for (size_t i = 0; i < agg->groups; i++)
		if (show_hist(o, groups[i])->count)
			ranked[(*n)++] = (struct ranked){groups[i], show_hist(o, groups[i])->sum};
	qsort(ranked, *n, sizeof *ranked, compare_ranked);
	if (*n > o->top)
		*n = (size_t)o->top;
	for (size_t i = 0; i < *n; i++)
		groups[i] = ranked[i].group;
	free(ranked);
	return groups;
}

void show_name(struct str key, int parts, struct buf *b)
{
	struct str part;
	if (parts == 0)
		buf_add_str(b, STR("all"));
	for (int i = 0; i < parts && str_cut(&key, '\t', &part); i++) {
		buf_printf(b, "%s", i ? ", " : "");
		table_clean(b, part);
	}
}

void show_keys(const struct options *o, struct table *t)
{
	for (int i = 0; i < o->keys.n; i++)
		table_column(t, o->keys.key[i].name.p, o->keys.key[i].type);
}

void show_key_cells(const struct options *o, struct table *t, struct str key)
{
	for (int i = 0; i < o->keys.n; i++) {
		struct str part = STR("");
		int64_t number;
		str_cut(&key, '\t', &part);
		if (o->keys.key[i].type == TABLE_TEXT)
			table_text(t, part);
		else if (number_i64(part, &number))
			table_int(t, number);
		else
			table_empty(t);
	}
}

/* ---- words ---- */

/* "10", "1.5", "1.02": three digits, no zeros behind the point; the unit apart. */
static const char *split_unit(const struct options *o, uint64_t value, char out[NUMBER_HUMAN])
{
	int64_t v = value > INT64_MAX ? INT64_MAX : (int64_t)value;
	if (o->of_bytes)
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

void show_range(const struct options *o, uint64_t low, bool has_high, uint64_t high, struct buf *b)
{
	char from[NUMBER_HUMAN], to[NUMBER_HUMAN] = "";
	const char *unit_from = split_unit(o, low, from);
	const char *unit_to = has_high ? split_unit(o, high, to) : "";
	if (!has_high)
		buf_printf(b, ">= %s %s", from, unit_from);
	else if (low == 0)
		buf_printf(b, "< %s %s", to, unit_to);
	else if (strcmp(unit_from, unit_to) == 0)
		buf_printf(b, "%s-%s %s", from, to, unit_to);
	else
		buf_printf(b, "%s %s-%s %s", from, unit_from, to, unit_to);
}

void show_bucket(const struct options *o, unsigned bucket, struct buf *b)
{
	uint64_t high = 0;
	bool has_high = buckets_high(&o->buckets, bucket, &high);
	show_range(o, buckets_low(&o->buckets, bucket), has_high, high, b);
}

size_t show_bucket_width(const struct options *o, unsigned from, unsigned to)
{
	struct buf label = {0};
	size_t width = 0;
	for (unsigned i = from; i < to; i++) {
		label.n = 0;
		show_bucket(o, i, &label);
		width = label.n > width ? label.n : width;
	}
	buf_free(&label);
	return width;
}

size_t show_width(void)
{
	struct winsize size;
	uint64_t columns;
	const char *wanted = getenv("COLUMNS");
	if (wanted && number_u64(str_of(wanted), &columns) && columns >= 40 && columns <= 1000)
		return (size_t)columns;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

void show_used(const struct options *o, const struct agg_group *g, unsigned *from, unsigned *to)
{
	*from = 0;
	*to = buckets_count(&o->buckets);
	if (o->buckets.kind == BUCKETS_OF_LIST)
		return;
	while (*from < *to && bucket_counts_at(&g->buckets, *from) == 0)
		++*from;
	while (*to > *from && bucket_counts_at(&g->buckets, *to - 1) == 0)
		--*to;
}

/* ---- rows ---- */

void show_rows(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = show_order(o, agg, &n);
	struct table *t = table_new(&output_stdout, o->format);
	enum table_type type = o->of_bytes ? TABLE_BYTES : TABLE_NS;
	show_keys(o, t);
	table_column(t, o->of_bytes ? "low_bytes" : "low_ns", type);
	table_column(t, o->of_bytes ? "high_bytes" : "high_ns", type);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "calls_percent", TABLE_PERCENT);
	table_column(t, "below_percent", TABLE_PERCENT);
	for (size_t i = 0; i < n; i++) {
		unsigned from, to;
		double all = (double)show_hist(o, groups[i])->count;
		uint64_t below = 0, high;
		show_used(o, groups[i], &from, &to);
		for (unsigned b = from; b < to; b++) {
			uint64_t count = bucket_counts_at(&groups[i]->buckets, b);
			below += count;
			show_key_cells(o, t, groups[i]->key);
			table_int(t, buckets_low(&o->buckets, b));
			if (buckets_high(&o->buckets, b, &high))
				table_int(t, high);
			else
				table_empty(t);
			table_int(t, (int64_t)count);
			table_number(t, 100 * (double)count / all);
			table_number(t, 100 * (double)below / all);
			table_end_row(t);
		}
	}
	table_finish(t);
	free(groups);
}
