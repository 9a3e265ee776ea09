#include "stat.h"

#include <stdlib.h>

const struct column_info stat_table[STAT_COUNT] = {
#define STAT(id, name, cells, standard, value) [STAT_##id] = {name, TABLE_##cells, standard},
#include "stat.def"
#undef STAT
};

struct stat_whole stat_whole_of(const struct agg_group *total)
{
	struct stat_whole w = {.total_ns = total->dur.sum};
	w.active_ns = total->dur.sum - total->wait_ns;
	if (total->first_ns <= total->last_ns)
		w.wall_ns = (uint64_t)total->last_ns - (uint64_t)total->first_ns;
	return w;
}

struct stat_value stat_ratio(__uint128_t part, __uint128_t whole, double scale)
{
	if (whole == 0)
		return (struct stat_value){0};
	return (struct stat_value){STAT_NUMBER, 0, (double)part * scale / (double)whole};
}

static struct stat_value percentile(const struct hist *h, unsigned per_100k)
{
	bool known = hist_is_binned(h);
	return stat_integer(known, known ? hist_percentile(h, per_100k) : 0);
}

static struct stat_value stddev(const struct hist *h)
{
	bool known = hist_is_binned(h);
	return stat_integer(known, known ? hist_stddev(h) : 0);
}

static struct stat_value extreme(const struct hist *h, uint64_t value)
{
	return stat_integer(h->count > 0 && !h->unbounded, value);
}

/* Waiting calls have no share: they are not work. */
static struct stat_value active_percent(const struct agg_group *g, const struct stat_whole *whole)
{
	__uint128_t active = g->dur.sum - g->wait_ns;
	return stat_ratio(active, g->dur.count && (active || !g->wait_calls) ? whole->active_ns : 0, 100);
}

static struct stat_value bytes_per_s(const struct agg_group *g)
{
	struct stat_value rate = stat_ratio(g->bytes.sum, g->bytes.count ? g->dur.sum : 0, 1e9);
	return stat_integer(rate.kind == STAT_NUMBER, (__uint128_t)(rate.d + 0.5));
}

/* Times may be below 0. */
static struct stat_value time_of(bool known, int64_t ns)
{
	return known ? (struct stat_value){STAT_INT, ns, 0} : (struct stat_value){0};
}

struct stat_value stat_value(enum stat stat, const struct agg_group *g,
                             const struct stat_whole *whole)
{
	const struct hist *dur = &g->dur, *bytes = &g->bytes;
	bool timed = dur->count > 0, moved = bytes->count > 0, placed = g->first_ns <= g->last_ns;
	switch (stat) {
#define STAT(id, name, cells, standard, value)                                                     \
	case STAT_##id:                                                                            \
		return value;
#include "stat.def"
#undef STAT
	case STAT_COUNT:
		break;
	}
	return (struct stat_value){0};
}

static int compare(const struct stat_value *a, const struct stat_value *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == STAT_INT)
		return (a->i > b->i) - (a->i < b->i);
	return (a->d > b->d) - (a->d < b->d);
}

struct order {
	const struct columns *columns;
	stat_of *value;
	const void *context;
	bool inexact; /* places may be the same of values that are not */
};

static struct str key_of(const struct stat_row *row)
{
	return *(const struct str *)row->group;
}

static int compare_by(const struct order *o, const struct column *c, const struct stat_row *a, const struct stat_row *b)
{
	if (c->key >= 0)
		return keys_compare_parts(keys_part(key_of(a), c->key), keys_part(key_of(b), c->key));
	struct stat_value x = o->value(o->context, c->value, a->group), y = o->value(o->context, c->value, b->group);
	return compare(&x, &y);
}

/* By so many columns rows have places. */
static int places_of(const struct order *o)
{
	int n = 0;
	while (n < STAT_PLACES && n < o->columns->sorts && o->columns->sort[n].key < 0)
		n++;
	return n;
}

static int compare_rows(const void *x, const void *y, void *order)
{
	const struct stat_row *a = x, *b = y;
	const struct order *o = order;
	for (int i = o->inexact ? 0 : places_of(o); i < o->columns->sorts; i++) {
		const struct column *c = &o->columns->sort[i];
		int by = compare_by(o, c, a, b);
		if (by)
			return c->ascending ? by : -by;
	}
	return str_cmp(key_of(a), key_of(b));
}

/* A number that is larger for a larger value. Values of a column are all of one kind, or empty. */
static uint64_t size_of(struct stat_value v, bool *inexact)
{
	uint64_t size = 0;
	if (v.kind == STAT_NUMBER && v.d > 0)
		memcpy(&size, &v.d, sizeof size); /* bits of those are in their order */
	else if (v.kind == STAT_INT && v.i > 0)
		size = v.i < INT64_MAX ? (uint64_t)v.i : INT64_MAX;
	*inexact |= v.i < 0 || v.i >= INT64_MAX;
	return size + (v.kind != STAT_EMPTY);
}

static void find_place(struct stat_row *row, struct order *o)
{
	const struct column *c = o->columns->sort;
	for (int i = 0, n = places_of(o); i < n; i++) {
		uint64_t size = size_of(o->value(o->context, c[i].value, row->group), &o->inexact);
		row->place[i] = c[i].ascending ? size : ~size;
	}
}

static bool same_places(const struct stat_row *a, const struct stat_row *b)
{
	return memcmp(a->place, b->place, sizeof a->place) == 0;
}

static unsigned byte_of(const struct stat_row *row, int place, unsigned shift)
{
	return (unsigned)(row->place[place] >> shift) & UINT8_MAX;
}

/* Byte by byte, the last of the last place first, each time keeping the order of those that are equal. Most bytes are the
 * same in all rows; a comparison of two rows, of which nobody can predict what it says, takes as long as several. */
static void sort_by_places(struct stat_row *rows, size_t n)
{
	enum { BITS = 8, BYTES = UINT8_MAX + 1 };
	struct stat_row *from = rows, *to = xcalloc(n + 1, sizeof *to), *room = to;
	for (int place = STAT_PLACES; n && place-- > 0;)
		for (unsigned shift = 0; shift < 64; shift += BITS) {
			size_t at[BYTES] = {0}, before = 0;
			for (size_t i = 0; i < n; i++)
				at[byte_of(&from[i], place, shift)]++;
			if (at[byte_of(&from[0], place, shift)] == n)
				continue;
			for (int i = 0; i < BYTES; i++) {
				size_t rows_of_byte = at[i];
				at[i] = before;
				before += rows_of_byte;
			}
			for (size_t i = 0; i < n; i++)
				to[at[byte_of(&from[i], place, shift)]++] = from[i];
			struct stat_row *sorted = to;
			to = from;
			from = sorted;
		}
	if (from != rows)
		memcpy(rows, from, n * sizeof *rows);
	free(room);
}

/* Groups are all over memory: what is asked for soon is fetched. */
static void fetch_soon(const struct stat_row *rows, size_t n, size_t i)
{
	enum { AHEAD = 16, LINE = 64 };
	if (i + AHEAD >= n)
		return;
	__builtin_prefetch(rows[i + AHEAD].group);
	__builtin_prefetch((const char *)rows[i + AHEAD].group + LINE);
}

/* Places, which are side by side, leave few groups to be compared, those of one place at a time. */
void stat_sort(struct stat_row *rows, size_t n, const struct columns *columns, stat_of *value, const void *context)
{
	struct order order = {columns, value, context, false};
	for (size_t i = 0; i < n; i++) {
		fetch_soon(rows, n, i);
		find_place(&rows[i], &order);
	}
	if (order.inexact) { /* the second place must not be asked before the values of the first are */
		qsort_r(rows, n, sizeof *rows, compare_rows, &order);
		return;
	}
	sort_by_places(rows, n);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && same_places(&rows[from], &rows[to]); to++)
			;
		if (to - from > 1)
			qsort_r(&rows[from], to - from, sizeof *rows, compare_rows, &order);
	}
}
