/* keyed: records found by a key, such as the groups of an aggregating program. A record begins with its
 * key and stays where it is. */
#ifndef SP_KEYED_H
#define SP_KEYED_H

#include "arena.h"
#include "str.h"

/* Small: a table of many long keys is read all over the place. */
struct keyed_slot {
	uint64_t hash;
	void *record; /* NULL: free */
};

enum { KEYED_RECENT_BITS = 8 };
struct keyed_recent {
	uint64_t mark;
	void *record; /* NULL: none yet */
};

struct keyed {
	const void *blank; /* what a new record is a copy of, but for the key */
	size_t bytes;      /* of a record */
	size_t records;
	void *last;     /* searched for last: long keys often come several times in a row */
	size_t mask;    /* slots - 1, a power of two */
	unsigned shift; /* 64 - log2(slots) */
	struct keyed_slot *slot;
	struct keyed_recent *recent; /* NULL until keyed_recent is used */
	struct arena memory;
};

/* Records of so many bytes, whose first member is a struct str, the key. *blank must outlive the table. */
void keyed_open(struct keyed *k, const void *blank, size_t bytes);
void keyed_close(struct keyed *k);

/* Makes it empty again; keeps the slots. */
void keyed_clear(struct keyed *k);

void *keyed_at_slow(struct keyed *k, struct str key);
void keyed_recollect(struct keyed *k);

/* Finds in two steps the record of a key that is likely a long one: something else can be done while memory is
 * fetched. The key must stay where it is in between. */
struct keyed_search {
	struct str key;
	uint64_t hash;
};
void keyed_begin(struct keyed *k, struct str key, struct keyed_search *s);
void *keyed_end(struct keyed *k, const struct keyed_search *s);

/* Where the search for a slot begins: one multiplication, by the golden ratio, whose upper bits
 * depend on all bytes of the hash. */
static inline size_t keyed_position(const struct keyed *k, uint64_t hash)
{
	return (size_t)((hash * UINT64_C(0x9e3779b97f4a7c15)) >> k->shift);
}

/* The hash of a key of up to STR_WORDS bytes. */
static inline uint64_t keyed_hash(uint64_t head, uint64_t tail, size_t n)
{
	return head ^ (tail << 29 | tail >> 35) ^ n;
}

/* The record of a key, made when there is none. 16 bytes must be readable at key.p. */
static inline void *keyed_at(struct keyed *k, struct str key)
{
	if (key.n > STR_WORDS)
		return keyed_at_slow(k, key);
	uint64_t head, tail, words[2];
	str_words(key, &head, &tail);
	uint64_t hash = keyed_hash(head, tail, key.n);
	const struct keyed_slot *s = &k->slot[keyed_position(k, hash)];
	if (s->hash == hash && s->record) { /* different keys may have it */
		const struct str *found = s->record;
		memcpy(words, found->p, sizeof words); /* with zeros behind it */
		if (words[0] == head && words[1] == tail && found->n == key.n)
			return s->record;
	}
	return keyed_at_slow(k, key);
}

/* A small cache in front of the slots, since rows of a trace have the same few hundred keys over and over: the place for
 * the record of a key of this mark. The caller sees whether the one that is there has the key he wants, which takes
 * less memory than to find it: no slot, and what he is about to use. */
static inline void **keyed_recent(struct keyed *k, uint64_t mark)
{
	if (!k->recent)
		keyed_recollect(k);
	struct keyed_recent *r = &k->recent[mark * UINT64_C(0x9e3779b97f4a7c15) >> (64 - KEYED_RECENT_BITS)];
	if (r->mark != mark)
		*r = (struct keyed_recent){.mark = mark};
	return &r->record;
}

/* The next record from slot *at on, or NULL: for (size_t at = 0; (g = keyed_next(k, &at)); at++). Records are all over
 * memory, as slots are in the order of hashes: the heads of those that come soon are fetched. */
static inline void *keyed_next(const struct keyed *k, size_t *at)
{
	enum { AHEAD = 16, LINE = 64 };
	while (*at <= k->mask && !k->slot[*at].record)
		++*at;
	if (*at > k->mask)
		return NULL;
	const char *soon = k->slot[(*at + AHEAD) & k->mask].record;
	__builtin_prefetch(soon);
	__builtin_prefetch(soon + LINE);
	return k->slot[*at].record;
}

/* All records, ordered by the bytes of their keys, in memory that the caller frees. */
void **keyed_sorted(const struct keyed *k);

#endif
