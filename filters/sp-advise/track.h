/* track: what is remembered of each descriptor, thread or path while a trace goes on: entries found by
 * the hash of a key, of a fixed size, at most `entries` of them. When there is no room, the entry that was
 * used longest ago gives way, and is counted. Keys are told apart by 64 bits of hash alone. */
#ifndef SP_ADVISE_TRACK_H
#define SP_ADVISE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TRACK_WAYS = 8,
	TRACK_MOST = 32768,     /* entries, */
	TRACK_LEAST = 8192,     /* but no more than this when they are */
	TRACK_LARGE = 128,      /* larger than so many bytes */
};

struct track_entry {
	uint64_t hash;
	char kept[]; /* what is remembered */
};

struct track {
	size_t size; /* of an entry, in bytes */
	size_t sets; /* a power of two, of TRACK_WAYS entries each */
	uint64_t used, lost;
	/* Of each set a byte for each way, from the entry's hash; 0: free. Most keys that are looked for are
	 * not there, which these tell alone, and they stay in a cache. */
	uint64_t *tags;
	struct track_set {
		uint64_t order; /* the ways, a byte for each: the lowest was used last */
		uint16_t entry[TRACK_WAYS];
	} *set;
	/* Entries that were dropped are taken again before those that never were: they are still in a cache,
	 * and memory that is never touched takes no pages. */
	char *memory;
	size_t touched; /* entries that were ever taken, */
	uint16_t *spare; /* and those of them that are free */
	size_t spares;
};

void track_open(struct track *t, size_t size);
void track_clear(struct track *t);

static inline size_t track_set(const struct track *t, uint64_t hash)
{
	return hash & (t->sets - 1);
}

/* The high bit of each byte that is 0. */
static inline uint64_t track_zeros(uint64_t bytes)
{
	const uint64_t others = UINT64_C(0x7f7f7f7f7f7f7f7f);
	return ~(((bytes & others) + others) | bytes | others);
}

#define TRACK_BYTES UINT64_C(0x0101010101010101) /* times a byte: eight of it */

static inline uint64_t track_tag(uint64_t hash)
{
	return hash >> 57 | 0x80;
}

/* The high bit of each way of its set that may have this hash. */
static inline uint64_t track_alike(const struct track *t, uint64_t hash)
{
	return track_zeros(t->tags[track_set(t, hash)] ^ track_tag(hash) * TRACK_BYTES);
}

static inline struct track_entry *track_entry(const struct track *t, const struct track_set *set, uint64_t way)
{
	return (struct track_entry *)(void *)(t->memory + set->entry[way] * t->size);
}

/* It will be looked for soon, */
static inline void track_expect(const struct track *t, uint64_t hash)
{
	__builtin_prefetch(&t->tags[track_set(t, hash)]);
	__builtin_prefetch(&t->set[track_set(t, hash)]);
}

/* and now very soon: in one of these ways. */
static inline void track_expect_in(const struct track *t, uint64_t hash, uint64_t alike)
{
	if (alike)
		__builtin_prefetch(track_entry(t, &t->set[track_set(t, hash)], (unsigned)__builtin_ctzll(alike) / 8));
}

/* Among these ways. NULL: there is none. */
void *track_find_in(struct track *t, uint64_t hash, uint64_t alike);

static inline void *track_find(struct track *t, uint64_t hash)
{
	uint64_t alike = track_alike(t, hash);
	return alike ? track_find_in(t, hash, alike) : NULL;
}

/* A new one for a hash that is not there. What it remembers is undefined. */
void *track_add(struct track *t, uint64_t hash);
void track_drop(struct track *t, uint64_t hash);

#endif
