#include <stdlib.h>

#include "stats.h"

/* ---- rows ---- */

static void print_row(struct table *t, const struct columns *columns, const struct agg_group *g,
                      const struct stat_whole *whole)
{
	for (int i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];
		if (c->key < 0)
			stat_cell(t, stat_value((enum stat)c->value, g, whole));
		else
			keys_cell(columns->keys, g->key, c->key, t);
	}
	table_end_row(t);
}

/* ---- totals ---- */

static bool is_sum(enum stat stat)
{
	return stat == STAT_CALLS || stat == STAT_TOTAL || stat == STAT_TIME_PERCENT ||
	       stat == STAT_SECONDS;
}

static bool shows_sums(const struct options *options)
{
	for (int i = 0; i < options->columns.n; i++)
		if (options->columns.column[i].key < 0 && is_sum((enum stat)options->columns.column[i].value))
			return true;
	return false;
}

static void print_total(struct table *t, const struct options *options, const char *label,
                        const struct agg_group *g, const struct stat_whole *whole, bool sums_only)
{
	int labelled = columns_label(&options->columns);
	for (int i = 0; i < options->columns.n; i++) {
		const struct column *c = &options->columns.column[i];
		if (c->key < 0 && (!sums_only || is_sum((enum stat)c->value))) {
			stat_cell(t, stat_value((enum stat)c->value, g, whole));
		} else if (i == labelled) {
			table_text(t, str_of(label));
		} else {
			table_empty(t);
		}
	}
	table_end_row(t);
}

/* Time spent waiting for others is no work: where there is some, the total is told apart. */
static void print_totals(struct table *t, const struct options *options,
                         const struct agg_group *total, const struct stat_whole *whole)
{
	table_begin_totals(t);
	print_total(t, options, "total", total, whole, false);
	if (total->wait_calls == 0 || total->wait_calls == total->calls || !shows_sums(options))
		return;
	struct agg_group waiting = {.calls = total->wait_calls};
	struct agg_group active = {.calls = total->calls - total->wait_calls};
	waiting.dur.count = active.dur.count = total->dur.count; /* whether times are known */
	waiting.dur.sum = total->wait_ns;
	active.dur.sum = total->dur.sum - total->wait_ns;
	print_total(t, options, "waiting", &waiting, whole, true);
	print_total(t, options, "active", &active, whole, true);
}

/* ---- blocks ---- */

static struct stat_value value_of(const void *whole, int value, const void *group)
{
	return stat_value((enum stat)value, group, whole);
}

static void print_block(struct table *t, const struct options *options, struct agg_group **groups,
                        size_t n)
{
	struct agg_group total = agg_group_empty();
	for (size_t i = 0; i < n; i++)
		agg_merge(&total, groups[i]);
	struct stat_whole whole = stat_whole_of(&total);
	if (options->every_ns)
		whole.wall_ns = (uint64_t)options->every_ns;

	struct stat_row *rows = xcalloc(n + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++)
		rows[i].group = groups[i];
	stat_sort(rows, n, &options->columns, value_of, &whole);
	for (size_t i = 0; i < n && i < options->columns.top; i++)
		print_row(t, &options->columns, rows[i].group, &whole);
	if (n && columns_label(&options->columns) >= 0)
		print_totals(t, options, &total, &whole);
	free(rows);
	agg_group_free(&total);
}

static struct str slice_of(const struct agg_group *g)
{
	return keys_part(g->key, 0);
}

static int compare_slices(const void *a, const void *b)
{
	struct agg_group *const *x = a, *const *y = b;
	int order = keys_compare_parts(slice_of(*x), slice_of(*y));
	return order ? order : str_cmp((*x)->key, (*y)->key);
}

void show_groups(struct table *t, const struct options *options, const struct agg *agg)
{
	struct agg_group **groups = agg_sorted(agg);
	if (options->every_ns)
		qsort(groups, agg->groups.records, sizeof *groups, compare_slices);
	for (size_t from = 0, to; from < agg->groups.records; from = to) {
		for (to = from; to < agg->groups.records; to++)
			if (options->every_ns &&
			    !str_eq(slice_of(groups[to]), slice_of(groups[from])))
				break;
		print_block(t, options, groups + from, to - from);
		if (options->every_ns)
			table_flush(t);
	}
	free(groups);
}

/* ---- ratio ---- */

void show_ratio(const struct options *options, struct agg *agg, struct output *out)
{
	uint64_t smallest = UINT64_MAX;
	struct agg_group **groups = agg_sorted(agg);
	struct buf ratio = {0};
	for (int pass = 0; pass < 2; pass++) { /* the smallest, then their relation to it */
		struct str list = str_of(options->ratio), name;
		while (str_cut(&list, ',', &name)) {
			uint64_t calls = 0;
			for (size_t i = 0; i < agg->groups.records; i++)
				if (str_eq(groups[i]->key, name))
					calls = groups[i]->calls;
			if (calls && calls < smallest)
				smallest = calls;
			if (pass)
				buf_printf(&ratio, "%s%.1f", ratio.n ? ":" : "",
				           (double)calls / (double)smallest);
		}
	}
	for (const char *p = options->ratio; *p; p++)
		output_char(out, *p == ',' ? ':' : *p);
	output_str(out, STR(" = "));
	output_str(out, buf_str(&ratio));
	output_char(out, '\n');
	buf_free(&ratio);
	free(groups);
}
