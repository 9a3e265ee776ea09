#include "keyed.h"

#include <stdlib.h>

#include "event.h"

enum { FIRST_BITS = 8, FIRST_SLOTS = 1 << FIRST_BITS };

void keyed_open(struct keyed *k, const void *blank, size_t bytes)
{
	*k = (struct keyed){
	    .blank = blank, .bytes = bytes, .mask = FIRST_SLOTS - 1, .shift = 64 - FIRST_BITS};
	k->slot = xcalloc(FIRST_SLOTS, sizeof *k->slot);
}

static struct str *key_of(void *record)
{
	return record;
}

static struct keyed_slot slot_for(struct str key)
{
	struct keyed_slot slot = {.n = key.n};
	if (key.n > STR_WORDS)
		slot.head = str_hash(key);
	else
		str_words(key, &slot.head, &slot.tail);
	return slot;
}

static size_t position(const struct keyed *k, const struct keyed_slot *s)
{
	return keyed_position(k, s->head, s->tail, s->n);
}

static bool is_key(const struct keyed_slot *slot, const struct keyed_slot *wanted, struct str key)
{
	return slot->head == wanted->head && slot->tail == wanted->tail && slot->n == wanted->n &&
	       (key.n <= STR_WORDS || str_eq(*key_of(slot->record), key));
}

static void put(struct keyed *k, struct keyed_slot slot)
{
	size_t at = position(k, &slot);
	while (k->slot[at].record)
		at = (at + 1) & k->mask;
	k->slot[at] = slot;
}

static void grow(struct keyed *k)
{
	struct keyed_slot *old = k->slot;
	size_t count = k->mask + 1;
	k->mask = count * 2 - 1;
	k->shift--;
	k->slot = xcalloc(count * 2, sizeof *k->slot);
	for (size_t i = 0; i < count; i++)
		if (old[i].record)
			put(k, old[i]);
	free(old);
}

/* Three of four slots are used at most. */
static void *add_record(struct keyed *k, struct str key, struct keyed_slot slot)
{
	if (++k->records > (k->mask + 1) / 4 * 3)
		grow(k);
	slot.record = arena_alloc(&k->memory, k->bytes);
	memcpy(slot.record, k->blank, k->bytes);
	*key_of(slot.record) = arena_str(&k->memory, key);
	put(k, slot);
	return slot.record;
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

static void *at_unclean(struct keyed *k, struct str key)
{
	struct buf clean = {0};
	event_escape_row(&clean, key);
	void *record = keyed_at_slow(k, buf_str(&clean));
	buf_free(&clean);
	return record;
}

void *keyed_at_slow(struct keyed *k, struct str key)
{
	if (k->last && str_eq(*key_of(k->last), key))
		return k->last;
	struct keyed_slot wanted = slot_for(key);
	for (size_t at = position(k, &wanted); k->slot[at].record; at = (at + 1) & k->mask)
		if (is_key(&k->slot[at], &wanted, key))
			return k->last = k->slot[at].record;
	return is_clean(key) ? add_record(k, key, wanted) : at_unclean(k, key);
}

enum { MET = 1 << KEYED_MET_BITS };

void keyed_meet(struct keyed *k)
{
	k->met = xcalloc(MET, sizeof *k->met);
}

void keyed_forget_met(struct keyed *k)
{
	if (k->met)
		memset(k->met, 0, MET * sizeof *k->met);
}

static int by_key(const void *a, const void *b)
{
	void *const *x = a, *const *y = b;
	return str_cmp(*key_of(*x), *key_of(*y));
}

void **keyed_sorted(const struct keyed *k)
{
	void **list = xcalloc(k->records + 1, sizeof *list), *record;
	size_t n = 0;
	for (size_t at = 0; (record = keyed_next(k, &at)); at++)
		list[n++] = record;
	qsort(list, n, sizeof *list, by_key);
	return list;
}

void keyed_clear(struct keyed *k)
{
	memset(k->slot, 0, (k->mask + 1) * sizeof *k->slot);
	keyed_forget_met(k);
	arena_free(&k->memory);
	k->records = 0;
	k->last = NULL;
}

void keyed_close(struct keyed *k)
{
	arena_free(&k->memory);
	free(k->slot);
	free(k->met);
	*k = (struct keyed){0};
}
