#include "agg.h"

#include <stdlib.h>

enum { FIRST_BITS = 8, FIRST_SLOTS = 1 << FIRST_BITS };

void agg_open(struct agg *a, enum agg_bins bins)
{
	*a = (struct agg){.bins = bins, .group_bytes = sizeof(struct agg_group),
	                  .mask = FIRST_SLOTS - 1, .shift = 64 - FIRST_BITS};
	a->slot = xcalloc(FIRST_SLOTS, sizeof *a->slot);
}

/* agg_mask[8 + n] keeps n bytes of a word, from 8 on all of them, below none. */
const uint64_t agg_mask[AGG_IN_SLOT + 9] = {
#define ONES(n) [8 + (n)] = UINT64_MAX >> (64 - 8 * (n))
    ONES(1),           ONES(2),           ONES(3),           ONES(4),
    ONES(5),           ONES(6),           ONES(7),           ONES(8),
#undef ONES
    [17] = UINT64_MAX, [18] = UINT64_MAX, [19] = UINT64_MAX, [20] = UINT64_MAX,
    [21] = UINT64_MAX, [22] = UINT64_MAX, [23] = UINT64_MAX, [24] = UINT64_MAX,
};

static struct agg_slot slot_for(struct str key)
{
	struct agg_slot slot = {.n = key.n};
	if (key.n > AGG_IN_SLOT)
		slot.head = str_hash(key);
	else
		agg_words(key.p, key.n, &slot.head, &slot.tail);
	return slot;
}

static size_t position(const struct agg *a, const struct agg_slot *s)
{
	return agg_position(a, s->head, s->tail, s->n);
}

static bool is_key(const struct agg_slot *slot, const struct agg_slot *wanted, struct str key)
{
	return slot->head == wanted->head && slot->tail == wanted->tail && slot->n == wanted->n &&
	       (key.n <= AGG_IN_SLOT || str_eq(slot->group->key, key));
}

static void grow(struct agg *a)
{
	struct agg_slot *old = a->slot;
	size_t count = a->mask + 1;
	a->mask = count * 2 - 1;
	a->shift--;
	a->slot = xcalloc(count * 2, sizeof *a->slot);
	for (size_t i = 0; i < count; i++) {
		if (!old[i].group)
			continue;
		size_t at = position(a, &old[i]);
		while (a->slot[at].group)
			at = (at + 1) & a->mask;
		a->slot[at] = old[i];
	}
	free(old);
}

struct agg_group agg_group_empty(void)
{
	return (struct agg_group){.first_ns = INT64_MAX, .last_ns = INT64_MIN};
}

static struct agg_group *add_group(struct agg *a, struct str key, struct agg_slot slot)
{
	if (++a->groups > (a->mask + 1) / 2)
		grow(a);
	struct agg_group *g = arena_alloc(&a->memory, a->group_bytes);
	*g = agg_group_empty();
	g->key = arena_str(&a->memory, key);
	slot.group = g;
	size_t at = position(a, &slot);
	while (a->slot[at].group)
		at = (at + 1) & a->mask;
	a->slot[at] = slot;
	return g;
}

/* Parts of a key stand between TABs. A hand-made table can hold other control bytes; escaped they are
 * what a partial and any other output say. */
static bool is_clean(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (((unsigned char)key.p[i] < 0x20 && key.p[i] != '\t') || key.p[i] == 0x7f)
			return false;
	return true;
}

static struct agg_group *group_of_unclean(struct agg *a, struct str key)
{
	struct buf clean = {0};
	for (size_t i = 0; i < key.n; i++)
		if (is_clean((struct str){key.p + i, 1}))
			buf_add_char(&clean, key.p[i]);
		else
			buf_printf(&clean, "\\x%02x", (unsigned char)key.p[i]);
	struct agg_group *g = agg_group_slow(a, buf_str(&clean));
	buf_free(&clean);
	return g;
}

struct agg_group *agg_group_slow(struct agg *a, struct str key)
{
	struct agg_slot wanted = slot_for(key);
	for (size_t at = position(a, &wanted); a->slot[at].group; at = (at + 1) & a->mask)
		if (is_key(&a->slot[at], &wanted, key))
			return a->slot[at].group;
	return is_clean(key) ? add_group(a, key, wanted) : group_of_unclean(a, key);
}

void agg_merge(struct agg_group *into, const struct agg_group *from)
{
	into->calls += from->calls;
	into->errors += from->errors;
	into->wait_calls += from->wait_calls;
	into->wait_ns += from->wait_ns;
	if (from->first_ns < into->first_ns)
		into->first_ns = from->first_ns;
	if (from->last_ns > into->last_ns)
		into->last_ns = from->last_ns;
	hist_merge(&into->dur, &from->dur);
	hist_merge(&into->bytes, &from->bytes);
	bucket_counts_merge(&into->buckets, &from->buckets);
}

static int by_key(const void *a, const void *b)
{
	const struct agg_group *const *x = a, *const *y = b;
	return str_cmp((*x)->key, (*y)->key);
}

struct agg_group **agg_sorted(const struct agg *a)
{
	struct agg_group **list = xcalloc(a->groups + 1, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i <= a->mask; i++)
		if (a->slot[i].group)
			list[n++] = a->slot[i].group;
	qsort(list, n, sizeof *list, by_key);
	return list;
}

void agg_group_free(struct agg_group *g)
{
	hist_free(&g->dur);
	hist_free(&g->bytes);
	bucket_counts_free(&g->buckets);
}

static void look_for_times(const struct agg *a, bool *calls, bool *timed)
{
	for (size_t i = 0; i <= a->mask; i++) {
		const struct agg_group *g = a->slot[i].group;
		*calls |= g && g->calls;
		*timed |= g && g->dur.count;
	}
}

bool agg_is_untimed(const struct agg *a)
{
	bool calls = a->cleared_calls, timed = a->cleared_timed;
	look_for_times(a, &calls, &timed);
	return calls && !timed;
}

void agg_clear(struct agg *a)
{
	look_for_times(a, &a->cleared_calls, &a->cleared_timed);
	for (size_t i = 0; i <= a->mask; i++)
		if (a->slot[i].group)
			agg_group_free(a->slot[i].group);
	memset(a->slot, 0, (a->mask + 1) * sizeof *a->slot);
	arena_free(&a->memory);
	a->groups = 0;
}

void agg_rekey(struct agg *a, struct str (*rename)(void *context, struct str key), void *context)
{
	struct agg old = *a;
	agg_open(a, old.bins);
	a->buckets = old.buckets;
	a->bucketed = old.bucketed;
	a->cleared_calls = old.cleared_calls;
	a->cleared_timed = old.cleared_timed;
	for (size_t i = 0; i <= old.mask; i++) {
		struct agg_group *g = old.slot[i].group;
		if (!g)
			continue;
		agg_merge(agg_group_slow(a, rename(context, g->key)), g);
		agg_group_free(g);
	}
	free(old.slot);
	arena_free(&old.memory);
}

void agg_close(struct agg *a)
{
	agg_clear(a);
	free(a->slot);
	*a = (struct agg){0};
}
