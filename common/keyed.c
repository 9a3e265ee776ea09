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

static uint64_t hash_of(struct str key)
{
	uint64_t head, tail;
	if (key.n > STR_WORDS)
		return str_hash(key);
	str_words(key, &head, &tail);
	return keyed_hash(head, tail, key.n);
}

static void put(struct keyed *k, struct keyed_slot slot)
{
	size_t at = keyed_position(k, slot.hash);
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
static void *add_record(struct keyed *k, struct str key, uint64_t hash)
{
	if (++k->records > (k->mask + 1) / 4 * 3)
		grow(k);
	size_t room = (key.n + 16) & ~(size_t)15; /* in front of the record: who compares the key reads both */
	char *text = arena_alloc(&k->memory, room + k->bytes);
	if (key.n)
		memcpy(text, key.p, key.n);
	memcpy(text + room, k->blank, k->bytes);
	*key_of(text + room) = (struct str){text, key.n};
	put(k, (struct keyed_slot){hash, text + room});
	return text + room;
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
	struct keyed_search s = {key, hash_of(key)};
	return k->last && str_eq(*key_of(k->last), key) ? k->last : keyed_end(k, &s);
}

void keyed_begin(struct keyed *k, struct str key, struct keyed_search *s)
{
	*s = (struct keyed_search){key, hash_of(key)};
	__builtin_prefetch(&k->slot[keyed_position(k, s->hash)]);
}

void *keyed_end(struct keyed *k, const struct keyed_search *s)
{
	for (size_t at = keyed_position(k, s->hash); k->slot[at].record; at = (at + 1) & k->mask)
		if (k->slot[at].hash == s->hash && str_eq(*key_of(k->slot[at].record), s->key))
			return k->last = k->slot[at].record;
	return is_clean(s->key) ? add_record(k, s->key, s->hash) : at_unclean(k, s->key);
}

enum { RECENT = 1 << KEYED_RECENT_BITS };

void keyed_recollect(struct keyed *k)
{
	k->recent = xcalloc(RECENT, sizeof *k->recent);
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
	if (k->recent)
		memset(k->recent, 0, RECENT * sizeof *k->recent);
	arena_free(&k->memory);
	k->records = 0;
	k->last = NULL;
}

void keyed_close(struct keyed *k)
{
	arena_free(&k->memory);
	free(k->slot);
	free(k->recent);
	*k = (struct keyed){0};
}
