/* keyed: records found by a key, such as the groups of an aggregating program. A record begins with its
 * key and stays where it is. */
#ifndef SP_KEYED_H
#define SP_KEYED_H

#include "arena.h"
#include "str.h"

/* Keys of up to STR_WORDS bytes are kept in the slot itself: no other memory is read to compare them.
 * Longer ones have their hash there. */
struct keyed_slot {
	uint64_t head, tail;
	size_t n;
	void *record; /* NULL: free */
};

/* A key as a few words instead of its text; keys_words makes them. */
enum { KEYED_WORDS = 7, KEYED_MET_BITS = 9 };
struct keyed_words {
	uint64_t word[KEYED_WORDS];
};
struct keyed_met {
	struct keyed_words words;
	void *record; /* NULL: none yet */
};

struct keyed {
	const void *blank; /* what a new record is a copy of, but for the key */
	size_t bytes;      /* of a record */
	size_t records;
	void *last;     /* found, or made, last by a key too long for a slot: often the next one, too */
	size_t mask;    /* slots - 1, a power of two */
	unsigned shift; /* 64 - log2(slots) */
	struct keyed_slot *slot;
	struct keyed_met *met; /* NULL until keyed_met is used */
	struct arena memory;
};

/* Records of so many bytes, whose first member is a struct str, the key. *blank must outlive the table. */
void keyed_open(struct keyed *k, const void *blank, size_t bytes);
void keyed_close(struct keyed *k);

/* Makes it empty again; keeps the slots. */
void keyed_clear(struct keyed *k);

void *keyed_at_slow(struct keyed *k, struct str key);
void keyed_meet(struct keyed *k);

/* Where the search for a slot begins: one multiplication, by the golden ratio, whose upper bits
 * depend on all bytes of the key. */
static inline size_t keyed_position(const struct keyed *k, uint64_t head, uint64_t tail, size_t n)
{
	uint64_t folded = head ^ (tail << 29 | tail >> 35) ^ n;
	return (size_t)((folded * UINT64_C(0x9e3779b97f4a7c15)) >> k->shift);
}

/* The record of a key, made when there is none. 16 bytes must be readable at key.p. */
static inline void *keyed_at(struct keyed *k, struct str key)
{
	if (key.n > STR_WORDS)
		return keyed_at_slow(k, key);
	uint64_t head, tail;
	str_words(key, &head, &tail);
	const struct keyed_slot *s = &k->slot[keyed_position(k, head, tail, key.n)];
	if (s->head == head && s->tail == tail && s->n == key.n && s->record)
		return s->record;
	return keyed_at_slow(k, key);
}

/* A small cache in front of the slots, since rows of a trace have the same few hundred keys over and over. Returns
 * the place for the record of these words. It holds NULL when they were not met lately: then the caller finds the
 * record by the text of the key, and puts it there. */
static inline void **keyed_met(struct keyed *k, const struct keyed_words *words)
{
	uint64_t folded = 0, other = 0;
	if (!k->met)
		keyed_meet(k);
	for (int i = 0; i < KEYED_WORDS; i++)
		folded ^= words->word[i] << (9 * i + 1) | words->word[i] >> (63 - 9 * i);
	struct keyed_met *met = &k->met[folded * UINT64_C(0x9e3779b97f4a7c15) >> (64 - KEYED_MET_BITS)];
	for (int i = 0; i < KEYED_WORDS; i++)
		other |= met->words.word[i] ^ words->word[i];
	if (other)
		*met = (struct keyed_met){.words = *words};
	return &met->record;
}

/* Empties this cache: from here on the same words stand for other keys. */
void keyed_forget_met(struct keyed *k);

/* The next record from slot *at on, or NULL: for (size_t at = 0; (g = keyed_next(k, &at)); at++). */
static inline void *keyed_next(const struct keyed *k, size_t *at)
{
	while (*at <= k->mask && !k->slot[*at].record)
		++*at;
	return *at <= k->mask ? k->slot[*at].record : NULL;
}

/* All records, ordered by the bytes of their keys, in memory that the caller frees. */
void **keyed_sorted(const struct keyed *k);

#endif
