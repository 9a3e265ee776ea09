/* Maps about system calls, as counts of them. What a map counts is told by its name, as scripts/aggregate.bt
 * and common one-liners have it. */
#include <stdlib.h>

#include "bpftrace.h"
#include "counts.h"
#include "hist.h"
#include "number.h"
#include "raw.h"
#include "syscall.h"

enum told { TOLD_NOTHING, TOLD_CALLS, TOLD_ERRORS, TOLD_TIMES };

static const struct {
	struct str map;
	enum told told;
	uint64_t unit_ns; /* of a histogram or sum of times */
} known_maps[] = {
    {{"calls", 5}, TOLD_CALLS, 1},	{{"errors", 6}, TOLD_ERRORS, 0},
    {{"syscall", 7}, TOLD_CALLS, 1},	{{"syscalls", 8}, TOLD_CALLS, 1},
    {{"ns", 2}, TOLD_TIMES, 1},	{{"nsecs", 5}, TOLD_TIMES, 1},
    {{"us", 2}, TOLD_TIMES, 1000},	{{"usecs", 5}, TOLD_TIMES, 1000},
    {{"ms", 2}, TOLD_TIMES, 1000000}, {{"msecs", 5}, TOLD_TIMES, 1000000},
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

static enum told what_told(struct str map, uint64_t *unit_ns)
{
	*unit_ns = 1;
	if (map.n == 0) /* @[probe] = count() */
		return TOLD_CALLS;
	for (size_t i = 0; i < sizeof known_maps / sizeof *known_maps; i++) {
		if (str_eq(map, known_maps[i].map)) {
			*unit_ns = known_maps[i].unit_ns;
			return known_maps[i].told;
		}
	}
	return TOLD_NOTHING;
}

void tables_take(struct tables *t, const struct map_line *l)
{
	uint64_t unit_ns;
	if (l->kind == MAP_HEAD) {
		t->last = NULL;
		if (what_told(l->map, &unit_ns) == TOLD_NOTHING || t->n == UINT32_MAX - 1)
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

/* The call that a key names: "read", "0", "tracepoint:syscalls:sys_enter_read"; the first of its parts
 * that names one. bare: names and numbers alone count. *exits: it is about returns. */
static struct counts_group *group_of_key(struct counts *counts, struct str key, bool bare, bool *exits)
{
	static const struct str enter = {"tracepoint:syscalls:sys_enter_", 30};
	static const struct str exit = {"tracepoint:syscalls:sys_exit_", 29};
	struct str part;
	struct buf name = {0};
	struct counts_group *found = NULL;
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
		buf_reserve(&name, INPUT_SLACK);
		if (counts_is_name(buf_str(&name))) /* in a damaged line it is anything */
			found = counts_of(counts, buf_str(&name), info);
	}
	buf_free(&name);
	return found;
}

static void add_bars(struct counts_group *g, const struct entry *e, uint64_t unit_ns)
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
		counts_extremes(g, low, last);
		__uint128_t sum = (__uint128_t)middle * bar->count, squares;
		g->sum_ns += sum;
		if (__builtin_mul_overflow(sum, (__uint128_t)middle, &squares) ||
		    __builtin_add_overflow(g->squares_ns, squares, &g->squares_ns))
			g->squares_ns = ~(__uint128_t)0;
		g->bin = xrealloc(g->bin, g->bins + 1, sizeof *g->bin);
		g->bin[g->bins++] = (struct counts_bin){hist_bin(middle), bar->count};
	}
}

static void add_entry(struct counts *all, const struct entry *e)
{
	uint64_t unit_ns;
	bool exits;
	enum told told = what_told(e->map, &unit_ns);
	struct counts_group *g = group_of_key(all, e->key, e->map.n > 0, &exits);
	if (!g)
		return;
	if (told == TOLD_ERRORS)
		g->errors += e->number;
	else if (told == TOLD_CALLS && exits)
		g->exits += e->number;
	else if (told == TOLD_CALLS)
		g->calls += e->number;
	else
		add_bars(g, e, unit_ns);
	if (e->is_stats && told != TOLD_ERRORS) {
		g->has_total = true;
		g->total_ns += (__uint128_t)e->total * unit_ns;
	}
}

bool tables_write(struct tables *t, struct buf *out)
{
	struct counts counts = {0};
	for (size_t i = 0; i < t->n; i++)
		add_entry(&counts, &t->entry[i]);
	bool any = counts_write(&counts, out);
	counts_free(&counts);
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
