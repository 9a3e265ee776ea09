#include "groups.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

void groups_open(struct groups *g, const enum slot_kind *kind, int slots, size_t limit)
{
	*g = (struct groups){.kind = kind, .slots = slots, .limit = limit, .mask = FIRST_SLOTS - 1};
	g->slot = xcalloc(FIRST_SLOTS, sizeof *g->slot);
}

struct group *group_new(const struct groups *g)
{
	struct group *group = xcalloc(1, sizeof *group + (size_t)g->slots * sizeof group->slot[0]);
	group->first_ns = INT64_MAX;
	group->last_ns = INT64_MIN;
	return group;
}

void group_free(const struct groups *g, struct group *group)
{
	for (int i = 0; i < g->slots; i++)
		slot_free(g->kind[i], &group->slot[i]);
	hist_free(&group->dur);
	free((char *)(uintptr_t)group->key.p);
	free(group);
}

void groups_close(struct groups *g)
{
	for (size_t i = 0; i <= g->mask; i++)
		if (g->slot[i])
			group_free(g, g->slot[i]);
	free(g->slot);
	*g = (struct groups){0};
}

/* ---- the table ---- */

static void put(struct groups *g, struct group *group)
{
	size_t at = group->hash & g->mask;
	while (g->slot[at])
		at = (at + 1) & g->mask;
	g->slot[at] = group;
}

static struct group **list_of(const struct groups *g)
{
	struct group **list = xcalloc(g->n + 1, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i <= g->mask; i++)
		if (g->slot[i])
			list[n++] = g->slot[i];
	return list;
}

static uint64_t most_weight(const struct group *g)
{
	return g->weight + g->missed;
}

/* The weightiest first; in a fixed order where they weigh the same. */
static int by_weight(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
	if (most_weight(x) != most_weight(y))
		return most_weight(x) > most_weight(y) ? -1 : 1;
	return str_cmp(x->key, y->key);
}

static void prune(struct groups *g)
{
	struct group **list = list_of(g);
	qsort(list, g->n, sizeof *list, by_weight);
	memset(g->slot, 0, (g->mask + 1) * sizeof *g->slot);
	for (size_t i = 0; i < g->limit; i++)
		put(g, list[i]);
	if (most_weight(list[g->limit]) > g->floor)
		g->floor = most_weight(list[g->limit]);
	for (size_t i = g->limit; i < g->n; i++)
		group_free(g, list[i]);
	g->forgotten += g->n - g->limit;
	g->n = g->limit;
	free(list);
}

static void grow(struct groups *g)
{
	struct group **old = g->slot;
	size_t count = g->mask + 1;
	g->slot = xcalloc(2 * count, sizeof *g->slot);
	g->mask = 2 * count - 1;
	for (size_t i = 0; i < count; i++)
		if (old[i])
			put(g, old[i]);
	free(old);
}

struct group *groups_at_slow(struct groups *g, uint64_t hash, struct str key)
{
	for (size_t at = hash & g->mask; g->slot[at]; at = (at + 1) & g->mask)
		if (g->slot[at]->hash == hash && str_eq(g->slot[at]->key, key))
			return g->last = g->slot[at];
	if (g->n == 2 * g->limit)
		prune(g);
	if (g->n + 1 > (g->mask + 1) / 2)
		grow(g);
	struct group *group = group_new(g);
	char *copy = xcalloc(1, key.n + 1);
	if (key.n)
		memcpy(copy, key.p, key.n);
	group->key = (struct str){copy, key.n};
	group->hash = hash;
	group->missed = g->floor;
	put(g, group);
	g->n++;
	return g->last = group;
}

struct group *groups_with(const struct groups *g, uint64_t hash)
{
	for (size_t at = hash & g->mask; g->slot[at]; at = (at + 1) & g->mask)
		if (g->slot[at]->hash == hash)
			return g->slot[at];
	return NULL;
}

struct group *groups_next(const struct groups *g, size_t *at)
{
	while (*at <= g->mask) {
		struct group *group = g->slot[(*at)++];
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
	order = order ? order : str_cmp(a->file, b->file);
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
	into->weight += from->weight;
	into->calls += from->calls;
	into->errors += from->errors;
	into->timed += from->timed;
	into->moves += from->moves;
	into->total_ns += from->total_ns;
	into->bytes += from->bytes;
	into->first_ns = from->first_ns < into->first_ns ? from->first_ns : into->first_ns;
	into->last_ns = from->last_ns > into->last_ns ? from->last_ns : into->last_ns;
	hist_merge(&into->dur, &from->dur);
	for (int i = 0; i < from->examples; i++)
		group_example(into, &from->worst[i]);
	for (int i = 0; i < g->slots; i++)
		slot_merge(g->kind[i], &into->slot[i], &from->slot[i]);
}
