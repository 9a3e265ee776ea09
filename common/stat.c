#include "stat.h"

const struct column_info stat_table[STAT_COUNT] = {
#define STAT(id, name, cells, standard) [STAT_##id] = {name, TABLE_##cells, standard},
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

struct stat_value stat_integer(bool known, __uint128_t value)
{
	return known ? (struct stat_value){STAT_INT, (__int128_t)value, 0} : (struct stat_value){0};
}

struct stat_value stat_ratio(__uint128_t part, __uint128_t whole, double scale)
{
	if (whole == 0)
		return (struct stat_value){0};
	return (struct stat_value){STAT_NUMBER, 0, (double)part * scale / (double)whole};
}

static struct stat_value percentile(const struct hist *h, unsigned per_100k)
{
	return stat_integer(h->count > 0, h->count ? hist_percentile(h, per_100k) : 0);
}

struct stat_value stat_value(enum stat stat, const struct agg_group *g,
                             const struct stat_whole *whole)
{
	const struct hist *dur = &g->dur, *bytes = &g->bytes;
	bool timed = dur->count > 0, moved = bytes->count > 0, placed = g->first_ns <= g->last_ns;
	__uint128_t active = dur->sum - g->wait_ns;
	struct stat_value rate;
	switch (stat) {
	case STAT_CALLS:
		return stat_integer(true, g->calls);
	case STAT_ERRORS:
		return stat_integer(true, g->errors);
	case STAT_ERROR_PERCENT:
		return stat_ratio(g->errors, g->calls, 100);
	case STAT_TIMED:
		return stat_integer(true, dur->count);
	case STAT_TOTAL:
		return stat_integer(timed, dur->sum);
	case STAT_TIME_PERCENT:
		return stat_ratio(timed ? dur->sum : 0, timed ? whole->total_ns : 0, 100);
	case STAT_SECONDS:
		return stat_ratio(timed ? dur->sum : 0, timed, 1e-9);
	case STAT_USECS_PER_CALL:
		return stat_integer(timed, timed ? dur->sum / dur->count / 1000 : 0);
	case STAT_WAIT:
		return stat_integer(timed, g->wait_ns);
	case STAT_ACTIVE:
		return stat_integer(timed, active);
	case STAT_ACTIVE_PERCENT: /* of waiting calls there is no share: they are not work */
		return stat_ratio(active, timed && (active || !g->wait_calls) ? whole->active_ns : 0,
		             100);
	case STAT_WALL:
		return stat_integer(placed, (uint64_t)g->last_ns - (uint64_t)g->first_ns);
	case STAT_WALL_PERCENT:
		return stat_ratio(timed ? dur->sum : 0, timed ? whole->wall_ns : 0, 100);
	case STAT_MIN:
		return stat_integer(timed, dur->min);
	case STAT_MEAN:
		return stat_integer(timed, hist_mean(dur));
	case STAT_STDDEV:
		return stat_integer(timed, hist_stddev(dur));
	case STAT_MAX:
		return stat_integer(timed, dur->max);
	case STAT_P50:
		return percentile(dur, 50000);
	case STAT_P75:
		return percentile(dur, 75000);
	case STAT_P90:
		return percentile(dur, 90000);
	case STAT_P95:
		return percentile(dur, 95000);
	case STAT_P99:
		return percentile(dur, 99000);
	case STAT_P999:
		return percentile(dur, 99900);
	case STAT_BYTES:
		return stat_integer(moved, bytes->sum);
	case STAT_MOVES:
		return stat_integer(true, bytes->count);
	case STAT_MEAN_BYTES:
		return stat_integer(moved, hist_mean(bytes));
	case STAT_MIN_BYTES:
		return stat_integer(moved, bytes->min);
	case STAT_MAX_BYTES:
		return stat_integer(moved, bytes->max);
	case STAT_STDDEV_BYTES:
		return stat_integer(moved, hist_stddev(bytes));
	case STAT_BYTES_PER_S:
		rate = stat_ratio(bytes->sum, moved ? dur->sum : 0, 1e9);
		return stat_integer(rate.kind == STAT_NUMBER, (__uint128_t)(rate.d + 0.5));
	case STAT_CALLS_PER_S:
		return stat_ratio(g->calls, whole->wall_ns, 1e9);
	case STAT_FIRST:
	case STAT_LAST:
		if (!placed)
			break;
		return (struct stat_value){STAT_INT, stat == STAT_FIRST ? g->first_ns : g->last_ns,
		                           0};
	case STAT_COUNT:
		break;
	}
	return (struct stat_value){0};
}

static int compare(struct stat_value a, struct stat_value b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	if (a.kind == STAT_INT)
		return (a.i > b.i) - (a.i < b.i);
	return (a.d > b.d) - (a.d < b.d);
}

int stat_compare_rows(const void *x, const void *y)
{
	const struct stat_row *a = x, *b = y;
	for (int i = 0; i < a->columns->sorts; i++) {
		const struct column *c = &a->columns->sort[i];
		int order = c->key < 0 ? compare(a->sort[i], b->sort[i])
		                       : keys_compare_parts(keys_part(a->key, c->key),
		                                            keys_part(b->key, c->key));
		if (order)
			return c->ascending ? order : -order;
	}
	return str_cmp(a->key, b->key);
}

void stat_cell(struct table *t, struct stat_value v)
{
	if (v.kind == STAT_INT)
		table_int(t, v.i);
	else if (v.kind == STAT_NUMBER)
		table_number(t, v.d);
	else
		table_empty(t);
}
