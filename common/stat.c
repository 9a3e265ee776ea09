#include "stat.h"

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

int stat_compare_rows(const void *x, const void *y)
{
	const struct stat_row *a = x, *b = y;
	for (int i = 0; i < a->columns->sorts; i++) {
		const struct column *c = &a->columns->sort[i];
		int order = c->key < 0 ? compare(&a->sort[i], &b->sort[i])
		                       : keys_compare_parts(keys_part(a->key, c->key),
		                                            keys_part(b->key, c->key));
		if (order)
			return c->ascending ? order : -order;
	}
	return str_cmp(a->key, b->key);
}
