#include <stdlib.h>

#include "row.h"
#include "thread.h"

struct rows {
	const struct options *options;
	struct stat_row *row;
	size_t n;
	struct group total;
};

/* ---- rows in order ---- */

static bool is_for_people(enum table_format format)
{
	return format == TABLE_ALIGNED || format == TABLE_MD;
}

/* Programs get none unless they ask for it: it adds up all histograms. */
static bool has_total_row(const struct options *o)
{
	return o->columns.total || is_for_people(table_format_for(&output_stdout, o->columns.format));
}

/* Whether rows are sorted by what is in histograms. */
static bool sorts_by_values(const struct options *o)
{
	bool values = false;
	for (int s = 0; s < o->columns.sorts; s++)
		values |= o->columns.sort[s].key < 0 && o->columns.sort[s].value != MEASURE_TOTAL &&
		          o->columns.sort[s].value != MEASURE_CALLS;
	return values;
}

static struct stat_value value_of(const void *rows, int value, const void *group)
{
	const struct rows *r = rows;
	return measure_value((enum measure)value, group, r->options, r->total.total_ns);
}

/* Groups are all over memory, and so are their keys: what is looked at soon is fetched. */
static void fetch_soon(const struct rows *rows, size_t r)
{
	enum { AHEAD = 8 };
	if (r + 2 * AHEAD < rows->n)
		__builtin_prefetch(rows->row[r + 2 * AHEAD].group);
	if (r + AHEAD >= rows->n)
		return;
	const struct group *g = rows->row[r + AHEAD].group;
	__builtin_prefetch(g->key.p);
	__builtin_prefetch(g->key.p + g->key.n);
}

static struct rows collected_rows(const struct options *o, const struct keyed *groups)
{
	struct rows rows = {.options = o, .row = xcalloc(groups->records + 1, sizeof *rows.row)};
	struct group *g;
	bool total_row = has_total_row(o), values = sorts_by_values(o);
	for (size_t at = 0; (g = keyed_next(groups, &at)); at++)
		rows.row[rows.n++].group = g;
	for (size_t r = 0; r < rows.n; r++) {
		g = (struct group *)rows.row[r].group;
		fetch_soon(&rows, r);
		if (values)
			group_settle(g);
		if (total_row)
			group_merge(&rows.total, g);
		else
			rows.total.total_ns += g->total_ns;
	}
	return rows;
}

static void sort_rows(struct rows *rows)
{
	stat_sort(rows->row, rows->n, &rows->options->columns, value_of, rows);
}

static struct rows sorted_rows(const struct options *o, const struct keyed *groups)
{
	struct rows rows = collected_rows(o, groups);
	sort_rows(&rows);
	return rows;
}

static void free_rows(struct rows *rows)
{
	group_free(&rows->total);
	free(rows->row);
}

/* ---- cells ---- */

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

static void print_total(struct table *t, const struct options *o, const struct columns *columns,
                        const struct group *total)
{
	int labelled = columns_label(columns);
	if (labelled < 0)
		return;
	table_begin_totals(t);
	for (int i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];
		if (c->key < 0)
			measure_cell(t, (enum measure)c->value, total, o, total->total_ns);
		else if (i == labelled)
			table_text(t, STR("total"));
		else
			table_empty(t);
	}
	table_end_row(t);
}

/* The group of row r with its histograms. Groups are all over memory, as their order is that of the table: what the
 * next rows need is fetched in two steps, since where it is is known when the group is there. */
static struct group *shown_group(const struct rows *rows, size_t r, struct group_room *room)
{
	enum { STEP = 2, LINE = 64 };
	const char *far = r + 2 * STEP < rows->n ? rows->row[r + 2 * STEP].group : NULL;
	const struct group *near = r + STEP < rows->n ? rows->row[r + STEP].group : NULL;
	struct group *g = (struct group *)rows->row[r].group;
	for (size_t i = 0; far && i < sizeof *g; i += LINE)
		__builtin_prefetch(far + i);
	for (int op = 0; near && op < ACCESS_OPS; op++)
		if (near->moves[op])
			__builtin_prefetch(near->moves[op]);
	group_show(g, room);
	return g;
}

/* What all rows of the table have in common. */
struct sheet {
	const struct row *row;
	const struct rows *rows;
	size_t n; /* of rows that are shown */
};

static void print_rows(struct table *t, const struct sheet *s, size_t from, size_t to, struct group_room *room)
{
	for (size_t r = from; r < to; r++) {
		struct group *g = shown_group(s->rows, r, room);
		row_print(s->row, g, t);
		group_shown(g, room);
	}
}

/* ---- by several threads ---- */

/* At the end of the input other cores are idle: rows are made in parts, each by who has time, and written in order.
 * What is ahead of the part that is written next waits in one of the slots. */
enum { PART_ROWS = 256, SLOTS = 16 };

struct parts {
	struct sheet sheet;
	size_t n, begun, written;
	struct slot {
		struct table *table;
		bool done;
	} slot[SLOTS];
	pthread_mutex_t lock; /* for all but the tables */
	pthread_cond_t changed;
};

/* Makes a part that nobody has begun; false: there is none, or no slot for it. The lock is held. */
static bool make_part(struct parts *p, struct group_room *room)
{
	if (p->begun == p->n || p->begun == p->written + SLOTS)
		return false;
	size_t from = p->begun * PART_ROWS, to = from + PART_ROWS;
	struct slot *slot = &p->slot[p->begun++ % SLOTS];
	pthread_mutex_unlock(&p->lock);
	print_rows(slot->table, &p->sheet, from, to < p->sheet.n ? to : p->sheet.n, room);
	pthread_mutex_lock(&p->lock);
	slot->done = true;
	pthread_cond_broadcast(&p->changed);
	return true;
}

static void *make_parts(void *parts)
{
	struct parts *p = parts;
	struct group_room room = {0};
	pthread_mutex_lock(&p->lock);
	while (p->begun < p->n)
		if (!make_part(p, &room))
			pthread_cond_wait(&p->changed, &p->lock);
	pthread_mutex_unlock(&p->lock);
	group_room_free(&room);
	return NULL;
}

static void write_parts(struct parts *p, struct table *t, struct group_room *room)
{
	pthread_mutex_lock(&p->lock);
	while (p->written < p->n) {
		struct slot *slot = &p->slot[p->written % SLOTS];
		if (!slot->done) {
			if (!make_part(p, room))
				pthread_cond_wait(&p->changed, &p->lock);
			continue;
		}
		pthread_mutex_unlock(&p->lock);
		table_join(t, slot->table);
		pthread_mutex_lock(&p->lock);
		slot->done = false;
		p->written++;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
}

static void print_parts(struct table *t, const struct sheet *sheet, struct group_room *room)
{
	struct parts p = {.sheet = *sheet, .n = (sheet->n + PART_ROWS - 1) / PART_ROWS};
	struct thread_helpers helpers;
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.changed, NULL);
	for (int i = 0; i < SLOTS; i++)
		p.slot[i].table = table_part(t);
	thread_help(&helpers, make_parts, &p);
	write_parts(&p, t, room);
	thread_helped(&helpers);
	for (int i = 0; i < SLOTS; i++)
		table_part_free(p.slot[i].table);
}

static void print_all(struct table *t, const struct options *o, const struct columns *columns, const struct rows *rows)
{
	struct group_room room = {0};
	struct row row;
	row_open(&row, o, columns, rows->total.total_ns, t);
	struct sheet sheet = {&row, rows, rows->n < columns->top ? rows->n : columns->top};
	if (sheet.n > 2 * PART_ROWS && table_has_parts(t) && thread_cores() > 1)
		print_parts(t, &sheet, &room);
	else
		print_rows(t, &sheet, 0, sheet.n, &room);
	row_close(&row);
	group_room_free(&room);
}

void show_groups(const struct options *o, const struct keyed *groups)
{
	struct rows rows = sorted_rows(o, groups);
	struct columns shown = o->columns;
	shown.n = 0;
	for (int i = 0; i < o->columns.n; i++)
		if (is_shown(o, &o->columns.column[i], &rows))
			shown.column[shown.n++] = o->columns.column[i];
	struct table *t = columns_table(&shown, &output_stdout);
	print_all(t, o, &shown, &rows);
	if (rows.n && has_total_row(o))
		print_total(t, o, &shown, &rows.total);
	table_finish(t);
	free_rows(&rows);
}

/* ---- a table for each kind ---- */

enum kind { FILES, SOCKETS, PIPES, KINDS };

static struct {
	const char *name;
	struct str fdtype; /* none: the others */
	struct buf path;
	struct output out;
} kinds[KINDS] = {{.name = "files"}, {.name = "sockets", .fdtype = {"socket", 6}}, {.name = "pipes", .fdtype = {"pipe", 4}}};

void tables_open(const char *folder)
{
	for (int k = 0; k < KINDS; k++) {
		buf_printf(&kinds[k].path, "%s/%s.tsv", folder, kinds[k].name);
		output_open(&kinds[k].out, kinds[k].path.p);
	}
}

/* KINDS: none, as it has no name. */
static enum kind kind_of(const struct group *g)
{
	if (keys_part(g->key, 0).n == 0)
		return KINDS;
	struct str fdtype = keys_part(g->key, 1);
	for (enum kind k = SOCKETS; k < KINDS; k++)
		if (str_eq(fdtype, kinds[k].fdtype))
			return k;
	return FILES;
}

void show_tables(const struct options *o, const struct keyed *groups)
{
	struct rows rows = collected_rows(o, groups), of_kind = rows;
	unsigned char *kind = xcalloc(rows.n + 1, 1);
	for (size_t r = 0; r < rows.n; r++) {
		fetch_soon(&rows, r);
		kind[r] = (unsigned char)kind_of(rows.row[r].group);
	}
	of_kind.row = xcalloc(rows.n + 1, sizeof *rows.row);
	for (enum kind k = FILES; k < KINDS; k++) {
		of_kind.n = 0;
		for (size_t r = 0; r < rows.n; r++)
			if (kind[r] == k)
				of_kind.row[of_kind.n++] = rows.row[r];
		sort_rows(&of_kind);
		struct table *t = columns_table(&o->columns, &kinds[k].out);
		print_all(t, o, &o->columns, &of_kind);
		table_finish(t);
		output_close(&kinds[k].out);
		buf_free(&kinds[k].path);
	}
	free(kind);
	free(of_kind.row);
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

static void print_sizes(struct table *t, const struct options *o, const struct group *g)
{
	uint64_t reads[POWERS] = {0}, writes[POWERS] = {0};
	count_powers(g, HIST_READ_BYTES, reads);
	count_powers(g, HIST_WRITE_BYTES, writes);
	for (int i = 0; i < POWERS; i++) {
		if (!reads[i] && !writes[i])
			continue;
		keys_cells(&o->keys, g->key, t);
		table_int(t, (__int128_t)1 << i);
		table_int(t, (__int128_t)1 << (i + 1));
		print_share(t, reads[i], g, HIST_READ_BYTES);
		print_share(t, writes[i], g, HIST_WRITE_BYTES);
		table_end_row(t);
	}
}

void show_sizes(const struct options *o, const struct keyed *groups)
{
	struct rows rows = sorted_rows(o, groups);
	struct table *t = table_new(&output_stdout, o->columns.format);
	keys_columns(&o->keys, t);
	table_column(t, "low_bytes", TABLE_BYTES);
	table_column(t, "high_bytes", TABLE_BYTES);
	table_column(t, "reads", TABLE_COUNT);
	table_column(t, "reads_percent", TABLE_PERCENT);
	table_column(t, "writes", TABLE_COUNT);
	table_column(t, "writes_percent", TABLE_PERCENT);
	struct group_room room = {0};
	for (size_t r = 0; r < rows.n && r < o->columns.top; r++) {
		struct group *g = shown_group(&rows, r, &room);
		print_sizes(t, o, g);
		group_shown(g, &room);
	}
	group_room_free(&room);
	table_finish(t);
	free_rows(&rows);
}
