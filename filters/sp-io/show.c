#include <stdlib.h>

#include "io.h"
#include "number.h"

struct row {
	const struct group *group;
	const struct options *options;
	struct stat_value sort[COLUMNS_SORTS];
};

struct rows {
	struct row *row;
	size_t n;
	struct group total;
};

/* ---- rows in order ---- */

/* Column i of the key; asked for seldom, so that rows need not keep them apart. */
static struct str key_at(const struct row *row, int i)
{
	struct str rest = row->group->base.key, part = STR("");
	while (i-- >= 0)
		if (!str_cut(&rest, '\t', &part))
			return STR("");
	return part;
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
		                       : compare_keys(key_at(a, c->key), key_at(b, c->key));
		if (order)
			return c->ascending ? order : -order;
	}
	return str_cmp(a->group->base.key, b->group->base.key);
}

static struct rows sorted_rows(const struct options *o, const struct agg *groups)
{
	struct rows rows = {.row = xcalloc(groups->groups + 1, sizeof *rows.row),
	                    .total = {.base = agg_group_empty()}};
	struct agg_group **list = agg_sorted(groups);
	for (size_t i = 0; i < groups->groups; i++)
		group_merge(&rows.total, (const struct group *)(const void *)list[i]);
	for (size_t i = 0; i < groups->groups; i++) {
		struct row *row = &rows.row[rows.n++];
		row->group = (const struct group *)(const void *)list[i];
		row->options = o;
		for (int s = 0; s < o->columns.sorts; s++)
			if (o->columns.sort[s].key < 0)
				row->sort[s] = measure_value((enum measure)o->columns.sort[s].value, row->group, o,
				                             rows.total.base.dur.sum);
	}
	qsort(rows.row, rows.n, sizeof *rows.row, compare_rows);
	free(list);
	return rows;
}

static void free_rows(struct rows *rows)
{
	group_free(&rows->total);
	free(rows->row);
}

/* ---- cells ---- */

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

static void print_measure(struct table *t, enum measure m, const struct group *g,
                          const struct options *o, __uint128_t total_ns)
{
	if (m == MEASURE_PATTERN)
		table_text(t, measure_pattern(g));
	else
		stat_cell(t, measure_value(m, g, o, total_ns));
}

static bool is_for_people(enum table_format format)
{
	return format == TABLE_ALIGNED || format == TABLE_MD;
}

/* Whether people see it unasked: programs get the same columns always, people those that say
 * something. */
static bool is_shown(const struct options *o, const struct column *c, const struct rows *rows)
{
	if (c->key >= 0 || o->columns.list)
		return true;
	if (!is_for_people(table_format_for(&output_stdout, o->columns.format)))
		return true;
	struct stat_value v = measure_value((enum measure)c->value, &rows->total, o, 1);
	return measure_table[(enum measure)c->value].standard &&
	       ((enum measure)c->value == MEASURE_CALLS || (enum measure)c->value == MEASURE_PATTERN ||
	        v.kind == STAT_NUMBER || v.i != 0);
}

/* ---- the table ---- */

/* The first key that is text, or the first key. */
static int label_column(const struct options *o, const struct column *column, int columns)
{
	int found = -1;
	for (int i = columns; i-- > 0;)
		if (column[i].key >= 0 &&
		    (found < 0 || o->keys.key[column[i].key].type == TABLE_TEXT ||
		     o->keys.key[column[found].key].type != TABLE_TEXT))
			found = i;
	return found;
}

static void print_total(struct table *t, const struct options *o, const struct column *column,
                        int columns, const struct group *total)
{
	int labelled = label_column(o, column, columns);
	if (labelled < 0)
		return;
	table_begin_totals(t);
	for (int i = 0; i < columns; i++) {
		if (column[i].key < 0)
			print_measure(t, (enum measure)column[i].value, total, o, total->base.dur.sum);
		else if (i == labelled)
			table_text(t, STR("total"));
		else
			table_empty(t);
	}
	table_end_row(t);
}

void show_groups(const struct options *o, const struct agg *groups)
{
	struct rows rows = sorted_rows(o, groups);
	struct table *t = table_new(&output_stdout, o->columns.format);
	struct column column[COLUMNS_MAX];
	int columns = 0;
	for (int i = 0; i < o->columns.n; i++) {
		const struct column *c = &o->columns.column[i];
		if (!is_shown(o, c, &rows))
			continue;
		column[columns++] = *c;
		if (c->key >= 0)
			table_column(t, o->keys.key[c->key].name.p, o->keys.key[c->key].type);
		else
			table_column(t, measure_table[(enum measure)c->value].name,
			             measure_table[(enum measure)c->value].type);
	}
	table_keep_totals(t, o->columns.total);
	for (size_t r = 0; r < rows.n && r < o->columns.top; r++) {
		for (int i = 0; i < columns; i++) {
			if (column[i].key >= 0)
				print_key(t, &o->keys.key[column[i].key],
				          key_at(&rows.row[r], column[i].key));
			else
				print_measure(t, (enum measure)column[i].value, rows.row[r].group, o,
				              rows.total.base.dur.sum);
		}
		table_end_row(t);
	}
	if (rows.n)
		print_total(t, o, column, columns, &rows.total);
	table_finish(t);
	free_rows(&rows);
}

/* ---- sizes ---- */

enum { POWERS = 64 };

/* Calls by the largest power of two that their size reaches. */
static void count_powers(const struct group *g, enum which_hist which, uint64_t counts[POWERS])
{
	uint64_t count;
	for (unsigned bin = 0; group_has(g, which) && hist_next(g->hist[which], &bin, &count);
	     bin++)
		counts[63 - __builtin_clzll(hist_bin_low(bin) | 1)] += count;
}

static void print_share(struct table *t, uint64_t part, const struct group *g,
                        enum which_hist which)
{
	table_int(t, part);
	if (group_has(g, which))
		table_number(t, (double)part * 100 / (double)g->hist[which]->count);
	else
		table_empty(t);
}

static void print_sizes(struct table *t, const struct options *o, const struct row *row)
{
	uint64_t reads[POWERS] = {0}, writes[POWERS] = {0};
	count_powers(row->group, HIST_READ_BYTES, reads);
	count_powers(row->group, HIST_WRITE_BYTES, writes);
	for (int i = 0; i < POWERS; i++) {
		if (!reads[i] && !writes[i])
			continue;
		for (int k = 0; k < o->keys.n; k++)
			print_key(t, &o->keys.key[k], key_at(row, k));
		table_int(t, (__int128_t)1 << i);
		table_int(t, (__int128_t)1 << (i + 1));
		print_share(t, reads[i], row->group, HIST_READ_BYTES);
		print_share(t, writes[i], row->group, HIST_WRITE_BYTES);
		table_end_row(t);
	}
}

void show_sizes(const struct options *o, const struct agg *groups)
{
	struct rows rows = sorted_rows(o, groups);
	struct table *t = table_new(&output_stdout, o->columns.format);
	for (int i = 0; i < o->keys.n; i++)
		table_column(t, o->keys.key[i].name.p, o->keys.key[i].type);
	table_column(t, "low_bytes", TABLE_BYTES);
	table_column(t, "high_bytes", TABLE_BYTES);
	table_column(t, "reads", TABLE_COUNT);
	table_column(t, "reads_percent", TABLE_PERCENT);
	table_column(t, "writes", TABLE_COUNT);
	table_column(t, "writes_percent", TABLE_PERCENT);
	for (size_t r = 0; r < rows.n && r < o->columns.top; r++)
		print_sizes(t, o, &rows.row[r]);
	table_finish(t);
	free_rows(&rows);
}
