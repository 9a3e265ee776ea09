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
	struct ranked *ranked = xcalloc(agg->groups.records + 1, sizeof *ranked);
	*n = 0;
	for (size_t i = 0; i < agg->groups.records; i++)
		if (hist_is_binned(show_hist(o, groups[i])))
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

void show_bound_columns(const struct options *o, struct table *t)
{
	enum table_type type = o->of_bytes ? TABLE_BYTES : TABLE_NS;
	table_column(t, o->of_bytes ? "low_bytes" : "low_ns", type);
	table_column(t, o->of_bytes ? "high_bytes" : "high_ns", type);
}

void show_calls(uint64_t calls, struct buf *b)
{
	char out[NUMBER_HUMAN];
	buf_printf(b, "%s call%s", number_human_count(out, (int64_t)calls), calls == 1 ? "" : "s");
}

size_t show_width(void)
{
	struct winsize size;
	uint64_t columns;
	const char *wanted = getenv("COLUMNS");
	if (wanted && number_u64(str_of(wanted), &columns) && columns >= 40 && columns <= 1000)
		return (size_t)columns;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

/* ---- rows ---- */

void show_rows(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = show_order(o, agg, &n);
	struct table *t = table_new(&output_stdout, o->format);
	keys_columns(&o->keys, t);
	show_bound_columns(o, t);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "calls_percent", TABLE_PERCENT);
	table_column(t, "below_percent", TABLE_PERCENT);
	for (size_t i = 0; i < n; i++) {
		struct span span = span_of(o, groups[i]);
		double all = (double)show_hist(o, groups[i])->count;
		uint64_t below = 0;
		for (unsigned b = span.from; b < span.to; b++) {
			uint64_t count = span_count(&span, span.counts, b);
			below += count;
			keys_cells(&o->keys, groups[i]->key, t);
			span_cells(&span, b, t);
			table_int(t, (int64_t)count);
			table_number(t, 100 * (double)count / all);
			table_number(t, 100 * (double)below / all);
			table_end_row(t);
		}
	}
	table_finish(t);
	free(groups);
}
