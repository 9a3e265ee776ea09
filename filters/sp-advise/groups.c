#include "groups.h"

#include <stdlib.h>

#include "diag.h"

enum { FIRST_SLOTS = 64, CACHE_LINE = 64 };

void groups_open(struct groups *g, const enum slot_kind *kind, int slots, size_t limit)
{
	*g = (struct groups){.kind = kind, .slots = slots, .limit = limit, .mask = FIRST_SLOTS - 1};
	g->slot = xcalloc(FIRST_SLOTS, sizeof *g->slot);
	for (int i = 0; i < slots; i++)
		g->owns |= slot_owns(kind[i]);
}

static size_t size_of(const struct groups *g)
{
	return sizeof(struct group) + (size_t)g->slots * sizeof(struct slot);
}

static void begin(struct group *group)
{
	*group = (struct group){0};
	group->least = INT64_MIN;
	group->first_ns = INT64_MAX;
	group->last_ns = INT64_MIN;
}

struct group *group_new(const struct groups *g)
{
	struct group *group;
	if (posix_memalign((void **)&group, CACHE_LINE, size_of(g)))
		diag_die(DIAG_MEMORY, NULL);
	begin(group);
	memset(group->slot, 0, (size_t)g->slots * sizeof *group->slot);
	return group;
}

void group_free(const struct groups *g, struct group *group)
{
	for (int i = 0; g->owns && i < g->slots; i++)
		slot_free(g->kind[i], &group->slot[i]);
	if (group->dur.count)
		hist_free(&group->dur);
	free((char *)(uintptr_t)group->key.p);
	free(group);
}

/* Like a new one, but for its memory. */
static void renew(const struct groups *g, struct group *group)
{
	const char *key = group->key.p;
	size_t room = group->room;
	if (group->dur.count)
		hist_free(&group->dur);
	begin(group);
	group->key.p = key;
	group->room = room;
	for (int i = 0; i < g->slots; i++)
		slot_renew(g->kind[i], &group->slot[i]);
}

void group_name(struct group *group, struct str key)
{
	char *p = (char *)(uintptr_t)group->key.p;
	if (key.n >= group->room) {
		group->room = key.n + 32;
		p = xrealloc(p, group->room, 1);
	}
	if (key.n)
		memcpy(p, key.p, key.n);
	group->key = (struct str){p, key.n};
	group->is_new = false;
}

/* ---- the table ---- */

static void put(struct groups *g, struct group *group)
{
	size_t at = group->hash & g->mask;
	while (g->slot[at].group)
		at = (at + 1) & g->mask;
	g->slot[at] = (struct groups_slot){group->hash, group};
	g->seen[group->hash % GROUPS_SEEN / 64] |= UINT64_C(1) << group->hash % 64;
}

static struct group **list_of(const struct groups *g)
{
	struct group **list = xcalloc(g->n + 1, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i <= g->mask; i++)
		if (g->slot[i].group)
			list[n++] = g->slot[i].group;
	return list;
}

static uint64_t most_weight(const struct group *g)
{
	uint64_t most;
	return __builtin_add_overflow(g->weight, g->missed, &most) ? UINT64_MAX : most;
}

struct weighed {
	uint64_t weight, hash;
	struct group *group;
};

/* Of two that weigh the same, the hash of the key decides: the same in every run. */
static bool is_heavier(const struct weighed *a, const struct weighed *b)
{
	return a->weight != b->weight ? a->weight > b->weight : a->hash > b->hash;
}

/* Orders the n so that the `first` heaviest come first (Hoare's selection). */
static void select_heaviest(struct weighed *list, size_t n, size_t first)
{
	size_t low = 0, high = n - 1;
	while (low < high) {
		struct weighed pivot = list[low + (high - low) / 2];
		size_t i = low, j = high;
		for (;;) {
			while (is_heavier(&list[i], &pivot))
				i++;
			while (is_heavier(&pivot, &list[j]))
				j--;
			if (i >= j)
				break;
			struct weighed kept = list[i];
			list[i++] = list[j];
			list[j--] = kept;
		}
		if (first <= j)
			high = j;
		else
			low = j + 1;
	}
}

static void prune(struct groups *g)
{
	struct weighed *list = xcalloc(g->n, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i <= g->mask; i++) {
		struct group *group = g->slot[i].group;
		if (group)
			list[n++] = (struct weighed){most_weight(group), group->hash, group};
	}
	select_heaviest(list, n, g->limit);
	memset(g->slot, 0, (g->mask + 1) * sizeof *g->slot);
	memset(g->seen, 0, sizeof g->seen);
	for (size_t i = 0; i < g->limit; i++)
		put(g, list[i].group);
	if (!g->door)
		g->door = xcalloc(1, sizeof *g->door);
	if (!g->spare)
		g->spare = xcalloc(GROUPS_ROOM * g->limit, sizeof(struct group *));
	g->enough = 0;
	for (size_t i = g->limit; i < n; i++) {
		struct door_set *set = door_set(g->door, list[i].hash);
		set->floor = list[i].weight > set->floor ? list[i].weight : set->floor;
		if (list[i].group->weight / 2 > g->enough)
			g->enough = list[i].group->weight / 2;
		g->spare[g->spares++] = list[i].group;
	}
	g->forgotten += n - g->limit;
	g->n = g->limit;
	free(list);
}

static void grow(struct groups *g)
{
	struct groups_slot *old = g->slot;
	size_t count = g->mask + 1;
	g->slot = xcalloc(2 * count, sizeof *g->slot);
	g->mask = 2 * count - 1;
	for (size_t i = 0; i < count; i++)
		if (old[i].group)
			put(g, old[i].group);
	free(old);
}

static struct group *add(struct groups *g, uint64_t hash, uint64_t missed)
{
	struct group *group;
	if (g->n == GROUPS_ROOM * g->limit)
		prune(g);
	if (g->n + 1 > (g->mask + 1) / 2)
		grow(g);
	if (g->spares) {
		group = g->spare[--g->spares];
		renew(g, group);
	} else {
		group = group_new(g);
	}
	group->is_new = true;
	group->hash = hash;
	group->missed = missed + g->base;
	put(g, group);
	g->n++;
	return group;
}

struct group *groups_find_slow(const struct groups *g, uint64_t hash)
{
	if (!(g->seen[hash % GROUPS_SEEN / 64] >> hash % 64 & 1))
		return NULL;
	size_t at = hash & g->mask;
	while (g->slot[at].group && g->slot[at].hash != hash)
		at = (at + 1) & g->mask;
	return g->slot[at].group;
}

struct group *groups_add(struct groups *g, uint64_t hash, uint64_t weight)
{
	uint64_t missed = 0;
	if (g->door && !door_passes(g->door, hash, weight, g->enough, &missed))
		return NULL;
	return add(g, hash, missed);
}

uint64_t groups_floor(const struct groups *g)
{
	uint64_t most = 0;
	for (int i = 0; g->door && i < DOOR_SETS; i++)
		most = g->door->set[i].floor > most ? g->door->set[i].floor : most;
	return most + g->base;
}

struct group *groups_next(const struct groups *g, size_t *at)
{
	while (*at <= g->mask) {
		struct group *group = g->slot[(*at)++].group;
		if (group)
			return group;
	}
	return NULL;
}

static int by_key(const void *a, const void *b)
{
	return str_cmp((*(struct group *const *)a)->key, (*(struct group *const *)b)->key);
}

struct group **groups_sorted(const struct groups *g)
{
	struct group **list = list_of(g);
	qsort(list, g->n, sizeof *list, by_key);
	return list;
}

/* ---- contents ---- */

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* <0: a is worse. */
static int compare_examples(const struct example *a, const struct example *b)
{
	int order = compare(b->value, a->value);
	order = order ? order : compare(a->start_ns, b->start_ns);
	if (!order && a->file != b->file)
		order = !a->file ? -1 : !b->file ? 1 : str_cmp(*a->file, *b->file);
	order = order ? order : compare(a->line, b->line);
	order = order ? order : compare(a->tid, b->tid);
	return order ? order : compare(b->dur_ns, a->dur_ns);
}

void group_example(struct group *g, const struct example *e)
{
	int at = g->examples;
	if (at == GROUPS_EXAMPLES && compare_examples(e, &g->worst[at - 1]) >= 0)
		return;
	if (at == GROUPS_EXAMPLES)
		at--;
	for (; at > 0 && compare_examples(e, &g->worst[at - 1]) < 0; at--)
		g->worst[at] = g->worst[at - 1];
	g->worst[at] = *e;
	if (g->examples < GROUPS_EXAMPLES)
		g->examples++;
	if (g->examples == GROUPS_EXAMPLES)
		g->least = g->worst[GROUPS_EXAMPLES - 1].value;
}

void group_merge(struct groups *g, struct group *into, const struct group *from)
{
	if (from->timed) {
		bool none = into->timed == 0;
		into->min_ns = none || from->min_ns < into->min_ns ? from->min_ns : into->min_ns;
		into->max_ns = none || from->max_ns > into->max_ns ? from->max_ns : into->max_ns;
	}
	if (from->moves) {
		bool none = into->moves == 0;
		into->min_bytes = none || from->min_bytes < into->min_bytes ? from->min_bytes : into->min_bytes;
		into->max_bytes = none || from->max_bytes > into->max_bytes ? from->max_bytes : into->max_bytes;
	}
	into->calls += from->calls;
	into->errors += from->errors;
	into->timed += from->timed;
	into->moves += from->moves;
	into->total_ns = groups_sum(into->total_ns, from->total_ns);
	into->bytes = groups_sum(into->bytes, from->bytes);
	into->first_ns = from->first_ns < into->first_ns ? from->first_ns : into->first_ns;
	into->last_ns = from->last_ns > into->last_ns ? from->last_ns : into->last_ns;
	hist_merge(&into->dur, &from->dur);
	for (int i = 0; i < from->examples; i++)
		group_example(into, &from->worst[i]);
	for (int i = 0; i < g->slots; i++)
		slot_merge(g->kind[i], &into->slot[i], &from->slot[i]);
}
