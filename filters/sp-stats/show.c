#include <stdlib.h>

#include "number.h"
#include "stats.h"

struct row {
	const struct agg_group *group;
	const struct options *options;
	struct str key[KEYS_MAX];
	struct stat_value sort[COLUMNS_SORTS];
};

struct table *show_table(const struct options *options)
{
	struct table *t = table_new(&output_stdout, options->columns.format);
	for (int i = 0; i < options->columns.n; i++) {
		const struct column *c = &options->columns.column[i];
		if (c->key >= 0)
			table_column(t, options->keys.key[c->key].name.p,
			             options->keys.key[c->key].type);
		else
			table_column(t, stat_table[(enum stat)c->value].name, stat_table[(enum stat)c->value].type);
	}
	table_keep_totals(t, options->columns.total);
	return t;
}

/* ---- rows ---- */

static void split_key(struct str key, struct str parts[KEYS_MAX])
{
	for (int i = 0; i < KEYS_MAX; i++)
		if (!str_cut(&key, '\t', &parts[i]))
			parts[i] = STR("");
}

static int compare_keys(struct str a, struct str b)
{
	int64_t x, y;
	if (number_i64(a, &x) && number_i64(b, &y))
		return (x > y) - (x < y);
	return str_cmp(a, b);
}

/* By --sort, then by key: the same order in every run. */
static int compare_rows(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	for (int i = 0; i < a->options->columns.sorts; i++) {
		const struct column *c = &a->options->columns.sort[i];
		int order = c->key < 0 ? stat_compare(a->sort[i], b->sort[i])
		                       : compare_keys(a->key[c->key], b->key[c->key]);
		if (order)
			return c->ascending ? order : -order;
	}
	return str_cmp(a->group->key, b->group->key);
}

static void print_key(struct table *t, const struct key *key, struct str value)
{
	int64_t number;
	if (key->type == TABLE_TEXT)
		table_text(t, value);
	else if (number_i64(value, &number))
		table_int(t, number);
	else
		table_empty(t);
}

static void print_row(struct table *t, const struct row *row, const struct stat_whole *whole)
{
	for (int i = 0; i < row->options->columns.n; i++) {
		const struct column *c = &row->options->columns.column[i];
		if (c->key < 0)
			stat_cell(t, stat_value((enum stat)c->value, row->group, whole));
		else
			print_key(t, &row->options->keys.key[c->key], row->key[c->key]);
	}
	table_end_row(t);
}

/* ---- totals ---- */

static bool is_sum(enum stat stat)
{
	return stat == STAT_CALLS || stat == STAT_TOTAL || stat == STAT_TIME_PERCENT ||
	       stat == STAT_SECONDS;
}

/* The first key that is text, or the first key. */
static int label_column(const struct options *options)
{
	int found = -1;
	for (int i = options->columns.n; i-- > 0;)
		if (options->columns.column[i].key >= 0 &&
		    (found < 0 || options->keys.key[options->columns.column[i].key].type == TABLE_TEXT ||
		     options->keys.key[options->columns.column[found].key].type != TABLE_TEXT))
			found = i;
	return found;
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
	int labelled = label_column(options);
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

static void print_block(struct table *t, const struct options *options, struct agg_group **groups,
                        size_t n)
{
	struct agg_group total = agg_group_empty();
	for (size_t i = 0; i < n; i++)
		agg_merge(&total, groups[i]);
	struct stat_whole whole = stat_whole_of(&total);
	if (options->every_ns)
		whole.wall_ns = (uint64_t)options->every_ns;

	struct row *rows = xcalloc(n + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i].group = groups[i];
		rows[i].options = options;
		split_key(groups[i]->key, rows[i].key);
		for (int s = 0; s < options->columns.sorts; s++)
			if (options->columns.sort[s].key < 0)
				rows[i].sort[s] =
				    stat_value((enum stat)options->columns.sort[s].value, groups[i], &whole);
	}
	qsort(rows, n, sizeof *rows, compare_rows);
	for (size_t i = 0; i < n && i < options->columns.top; i++)
		print_row(t, &rows[i], &whole);
	if (n && label_column(options) >= 0)
		print_totals(t, options, &total, &whole);
	free(rows);
	agg_group_free(&total);
}

static struct str slice_of(const struct agg_group *g)
{
	struct str rest = g->key, slice = STR("");
	str_cut(&rest, '\t', &slice);
	return slice;
}

static int compare_slices(const void *a, const void *b)
{
	struct agg_group *const *x = a, *const *y = b;
	int order = compare_keys(slice_of(*x), slice_of(*y));
	return order ? order : str_cmp((*x)->key, (*y)->key);
}

void show_groups(struct table *t, const struct options *options, const struct agg *agg)
{
	struct agg_group **groups = agg_sorted(agg);
	if (options->every_ns)
		qsort(groups, agg->groups, sizeof *groups, compare_slices);
	for (size_t from = 0, to; from < agg->groups; from = to) {
		for (to = from; to < agg->groups; to++)
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
			for (size_t i = 0; i < agg->groups; i++)
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
