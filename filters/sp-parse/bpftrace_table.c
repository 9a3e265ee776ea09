/* Maps about system calls become a table of groups that aggregating programs read like one they have
 * written themselves (common/agg.def). What a map counts is told by its name, as scripts/aggregate.bt
 * and common one-liners have it. */
#include <stdlib.h>

#include "bpftrace.h"
#include "hist.h"
#include "number.h"
#include "raw.h"
#include "syscall.h"

enum counts { COUNTS_NOTHING, COUNTS_CALLS, COUNTS_ERRORS, COUNTS_TIMES };

static const struct {
	struct str map;
	enum counts counts;
	uint64_t unit_ns; /* of a histogram or sum of times */
} known_maps[] = {
    {{"calls", 5}, COUNTS_CALLS, 1},	{{"errors", 6}, COUNTS_ERRORS, 0},
    {{"syscall", 7}, COUNTS_CALLS, 1},	{{"syscalls", 8}, COUNTS_CALLS, 1},
    {{"ns", 2}, COUNTS_TIMES, 1},	{{"nsecs", 5}, COUNTS_TIMES, 1},
    {{"us", 2}, COUNTS_TIMES, 1000},	{{"usecs", 5}, COUNTS_TIMES, 1000},
    {{"ms", 2}, COUNTS_TIMES, 1000000}, {{"msecs", 5}, COUNTS_TIMES, 1000000},
};

/* The value of one key of one map: the last one printed, as maps grow. */
struct entry {
	struct str map, key;
	bool is_stats;
	uint64_t number, total;
	struct map_bar *bar;
	size_t bars, room;
};

struct tables {
	struct arena arena;
	struct entry *entry;
	size_t n, room;
	uint32_t *slot; /* entry + 1 by hash of map and key; 0: free */
	size_t slots;
	struct entry *last; /* whose bars come */
};

struct tables *tables_open(void)
{
	return xcalloc(1, sizeof(struct tables));
}

static uint64_t hash_of(struct str map, struct str key)
{
	return str_hash(map) * 31 + str_hash(key);
}

static void index_all(struct tables *t)
{
	free(t->slot);
	t->slots = t->slots ? t->slots * 2 : 256;
	t->slot = xcalloc(t->slots, sizeof *t->slot);
	for (size_t i = 0; i < t->n; i++) {
		size_t s = hash_of(t->entry[i].map, t->entry[i].key) & (t->slots - 1);
		while (t->slot[s])
			s = (s + 1) & (t->slots - 1);
		t->slot[s] = (uint32_t)(i + 1);
	}
}

static struct entry *entry_of(struct tables *t, struct str map, struct str key)
{
	if (t->n * 2 >= t->slots)
		index_all(t);
	size_t s = hash_of(map, key) & (t->slots - 1);
	for (; t->slot[s]; s = (s + 1) & (t->slots - 1)) {
		struct entry *e = &t->entry[t->slot[s] - 1];
		if (str_eq(e->map, map) && str_eq(e->key, key))
			return e;
	}
	if (t->n == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->entry = xrealloc(t->entry, t->room, sizeof *t->entry);
	}
	t->slot[s] = (uint32_t)(t->n + 1);
	struct entry *e = &t->entry[t->n++];
	*e = (struct entry){.map = arena_str(&t->arena, map), .key = arena_str(&t->arena, key)};
	return e;
}

static enum counts what_counts(struct str map, uint64_t *unit_ns)
{
	*unit_ns = 1;
	if (map.n == 0) /* @[probe] = count() */
		return COUNTS_CALLS;
	for (size_t i = 0; i < sizeof known_maps / sizeof *known_maps; i++) {
		if (str_eq(map, known_maps[i].map)) {
			*unit_ns = known_maps[i].unit_ns;
			return known_maps[i].counts;
		}
	}
	return COUNTS_NOTHING;
}

void tables_take(struct tables *t, const struct map_line *l)
{
	uint64_t unit_ns;
	if (l->kind == MAP_HEAD) {
		t->last = NULL;
		if (what_counts(l->map, &unit_ns) == COUNTS_NOTHING || t->n == UINT32_MAX - 1)
			return;
		struct entry *e = entry_of(t, l->map, l->key);
		e->is_stats = l->is_stats;
		e->number = l->has_number ? l->number : 0;
		e->total = l->has_number ? l->total : 0;
		e->bars = 0;
		t->last = e;
	} else if (l->kind == MAP_BAR && t->last && l->bar.count) {
		struct entry *e = t->last;
		if (e->bars == e->room) {
			e->room = e->room ? e->room * 2 : 64;
			e->bar = xrealloc(e->bar, e->room, sizeof *e->bar);
		}
		e->bar[e->bars++] = l->bar;
	}
}

/* ---- groups ---- */

struct bin {
	unsigned bin;
	uint64_t count;
};

struct group {
	struct str name;
	bool waits;
	uint64_t calls, exits, errors, timed, min_ns, max_ns;
	bool has_total;
	__uint128_t total_ns, sum_ns, squares_ns; /* told; of the middles of bars */
	struct bin *bin;
	size_t bins;
};

struct groups {
	struct group *group;
	size_t n;
	struct arena names;
};

static struct group *group_of(struct groups *g, struct str name, const struct syscall_info *info)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->group[i].name, name))
			return &g->group[i];
	g->group = xrealloc(g->group, g->n + 1, sizeof *g->group);
	g->group[g->n] =
	    (struct group){.name = arena_str(&g->names, name), .waits = info && info->waits};
	return &g->group[g->n++];
}

/* The call that a key names: "read", "0", "tracepoint:syscalls:sys_enter_read"; the first of its parts
 * that names one. bare: names and numbers alone count. *exits: it is about returns. */
static struct group *group_of_key(struct groups *g, struct str key, bool bare, bool *exits)
{
	static const struct str enter = {"tracepoint:syscalls:sys_enter_", 30};
	static const struct str exit = {"tracepoint:syscalls:sys_exit_", 29};
	struct str part;
	struct buf name = {0};
	struct group *found = NULL;
	*exits = false;
	while (!found && str_cut(&key, ',', &part)) {
		const struct syscall_info *info = NULL;
		int64_t number;
		part = str_trim(part);
		*exits = str_starts(part, exit);
		name.n = 0;
		if (*exits || str_starts(part, enter))
			info = raw_call_by_name(str_drop(part, *exits ? exit.n : enter.n), &name);
		else if (bare && number_i64(part, &number))
			info = raw_call_by_number(number, &name);
		else if (bare && ((info = syscall_by_name(part)) || str_starts(part, STR("syscall_0x"))))
			buf_add_str(&name, part);
		if (maps_is_name(buf_str(&name))) /* in a damaged line it is anything */
			found = group_of(g, buf_str(&name), info);
	}
	buf_free(&name);
	return found;
}

static void add_bars(struct group *g, const struct entry *e, uint64_t unit_ns)
{
	for (size_t i = 0; i < e->bars; i++) {
		const struct map_bar *bar = &e->bar[i];
		uint64_t low, last, middle = bar->low + (bar->high - bar->low) / 2;
		last = bar->high > bar->low ? bar->high - 1 : bar->low;
		if (__builtin_mul_overflow(middle, unit_ns, &middle) ||
		    __builtin_mul_overflow(last, unit_ns, &last) ||
		    __builtin_add_overflow(g->timed, bar->count, &g->timed))
			continue;
		low = bar->low * unit_ns;
		g->min_ns = g->bins == 0 || low < g->min_ns ? low : g->min_ns;
		g->max_ns = g->bins == 0 || last > g->max_ns ? last : g->max_ns;
		__uint128_t sum = (__uint128_t)middle * bar->count, squares;
		g->sum_ns += sum;
		if (__builtin_mul_overflow(sum, (__uint128_t)middle, &squares) ||
		    __builtin_add_overflow(g->squares_ns, squares, &g->squares_ns))
			g->squares_ns = ~(__uint128_t)0;
		g->bin = xrealloc(g->bin, g->bins + 1, sizeof *g->bin);
		g->bin[g->bins++] = (struct bin){hist_bin(middle), bar->count};
	}
}

static void add_entry(struct groups *groups, const struct entry *e)
{
	uint64_t unit_ns;
	bool exits;
	enum counts counts = what_counts(e->map, &unit_ns);
	struct group *g = group_of_key(groups, e->key, e->map.n > 0, &exits);
	if (!g)
		return;
	if (counts == COUNTS_ERRORS)
		g->errors += e->number;
	else if (counts == COUNTS_CALLS && exits)
		g->exits += e->number;
	else if (counts == COUNTS_CALLS)
		g->calls += e->number;
	else
		add_bars(g, e, unit_ns);
	if (e->is_stats && counts != COUNTS_ERRORS) {
		g->has_total = true;
		g->total_ns += (__uint128_t)e->total * unit_ns;
	}
}

/* ---- text ---- */

static void put_u128(struct buf *b, __uint128_t value)
{
	char text[40], *p = text + sizeof text;
	do
		*--p = (char)('0' + (int)(value % 10));
	while ((value /= 10) > 0);
	buf_add_str(b, str_between(p, text + sizeof text));
}

static int by_bin(const void *a, const void *b)
{
	const struct bin *x = a, *y = b;
	return (x->bin > y->bin) - (x->bin < y->bin);
}

static void put_bins(struct buf *b, struct group *g)
{
	if (g->bins)
		qsort(g->bin, g->bins, sizeof *g->bin, by_bin);
	for (size_t i = 0; i < g->bins;) {
		uint64_t count = 0;
		unsigned bin = g->bin[i].bin;
		for (; i < g->bins && g->bin[i].bin == bin; i++)
			count += g->bin[i].count;
		buf_printf(b, "%u:%llu%s", bin, (unsigned long long)count, i < g->bins ? "," : "");
	}
}

enum how { SUM64, SUM128, FIRST, LAST, EXTREME, BINS, BUCKETS };

static void put_column(struct buf *b, struct group *g, const char *column, enum how how)
{
	__uint128_t total = g->has_total ? g->total_ns : g->sum_ns;
	const struct {
		const char *column;
		__uint128_t value;
	} values[] = {
	    {"calls", g->calls},
	    {"errors", g->errors},
	    {"wait_calls", g->waits ? g->calls : 0},
	    {"wait_ns", g->waits && g->timed ? total : 0},
	    {"timed", g->timed},
	    {"total_ns", g->timed ? total : 0}, /* a total without a distribution is no histogram */
	    {"squares_ns", g->squares_ns},
	    {"min_ns", g->min_ns},
	    {"max_ns", g->max_ns},
	};
	if (strcmp(column, "bins_ns") == 0)
		put_bins(b, g);
	bool extreme = how == EXTREME && g->timed && str_ends(str_of(column), STR("_ns"));
	if (how != SUM64 && how != SUM128 && !extreme)
		return; /* not known */
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (strcmp(column, values[i].column) == 0) {
			put_u128(b, values[i].value);
			return;
		}
	}
	buf_add_char(b, '0');
}

/* One call's time is exact: it is the total. */
static void sharpen(struct group *g)
{
	if (g->timed != 1 || !g->has_total || g->total_ns > UINT32_MAX)
		return;
	g->min_ns = g->max_ns = (uint64_t)g->total_ns;
	g->squares_ns = g->total_ns * g->total_ns;
	g->bin[0] = (struct bin){hist_bin(g->min_ns), 1};
	g->bins = 1;
}

static void put_row(struct buf *b, struct group *g)
{
	sharpen(g);
	if (g->calls == 0)
		g->calls = g->exits ? g->exits : g->timed;
	buf_add_str(b, g->name);
#define AGG(member, column, how)                                                                   \
	if (how != BUCKETS) {                                                                      \
		buf_add_char(b, '\t');                                                             \
		put_column(b, g, column, how);                                                     \
	}
#include "agg.def"
#undef AGG
	buf_add_char(b, '\n');
}

bool tables_write(struct tables *t, struct buf *out)
{
	struct groups groups = {0};
	for (size_t i = 0; i < t->n; i++)
		add_entry(&groups, &t->entry[i]);
	if (groups.n) {
		buf_add_str(out, STR("syscall"));
#define AGG(member, column, how)                                                                   \
	if (how != BUCKETS)                                                                        \
		buf_add_str(out, STR("\t" column));
#include "agg.def"
#undef AGG
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < groups.n; i++) {
		put_row(out, &groups.group[i]);
		free(groups.group[i].bin);
	}
	bool any = groups.n > 0;
	free(groups.group);
	arena_free(&groups.names);
	return any;
}

void tables_close(struct tables *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->entry[i].bar);
	free(t->entry);
	free(t->slot);
	arena_free(&t->arena);
	free(t);
}
