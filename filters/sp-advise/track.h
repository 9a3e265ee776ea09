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
	TRACK_SEEN = 1 << 11,
};

struct track {
	size_t size; /* of what is remembered, in bytes */
	size_t sets; /* a power of two, of TRACK_WAYS entries each */
	uint64_t used, clock, lost;
	struct track_set {
		uint64_t hash[TRACK_WAYS], used[TRACK_WAYS]; /* used 0: free; else the clock of its last use */
	} *set;
	uint16_t seen[TRACK_SEEN]; /* how many entries there are of these hashes: mostly none */
	char *memory;              /* pages that are never touched take none */
};

void track_open(struct track *t, size_t size);
void track_close(struct track *t);
void track_clear(struct track *t);

static inline struct track_set *track_set(const struct track *t, uint64_t hash)
{
	return &t->set[hash & (t->sets - 1)];
}

/* It will be looked for soon. */
static inline void track_expect(const struct track *t, uint64_t hash)
{
	__builtin_prefetch(track_set(t, hash));
}

void *track_find_slow(struct track *t, uint64_t hash);

/* NULL: there is none. */
static inline void *track_find(struct track *t, uint64_t hash)
{
	return t->seen[hash % TRACK_SEEN] ? track_find_slow(t, hash) : NULL;
}

/* A new one for a hash that is not there. What it remembers is undefined. */
void *track_add(struct track *t, uint64_t hash);
void track_drop(struct track *t, uint64_t hash);

#endif
