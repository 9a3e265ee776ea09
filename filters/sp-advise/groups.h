/* groups: the groups of one rule, told apart by the 64-bit hash of their key, at most GROUPS_ROOM *
 * limit at once. When there would be more, the `limit` weightiest stay and the others are forgotten;
 * from then on new keys have to wait at the door until they weigh half as much as the heaviest that was
 * forgotten last. A group's weight is the time of its calls and GROUPS_CALL_NS for each. What a group
 * may have missed is known: a key is taken to have weighed as much as any that was forgotten with
 * hashes like its own (Misra and Gries 1982 and Metwally et al. 2005 prove bounds of such summaries). */
#ifndef SP_ADVISE_GROUPS_H
#define SP_ADVISE_GROUPS_H

#include "door.h"
#include "hist.h"
#include "slot.h"

enum { GROUPS_CALL_NS = 1000, GROUPS_EXAMPLES = 3, GROUPS_ROOM = 4, GROUPS_SEEN = 1 << 15 };

struct example {
	int64_t value; /* of the rule's `worst` */
	int64_t start_ns, dur_ns;
	int64_t tid, line;        /* -1: unknown */
	const struct str *file, *call; /* engine_name's; NULL: unknown */
};

struct group {
	/* What every call changes, in one line of the cache. */
	uint64_t weight, calls, errors, timed, total_ns;
	int64_t least; /* value of the last of the worst, once there are as many as are kept */
	uint64_t missed, hash;
	/* What is kept where the rule uses it. */
	uint64_t moves, bytes;
	int64_t min_ns, max_ns, min_bytes, max_bytes; /* while timed, moves are 0: nothing */
	int64_t first_ns, last_ns;                    /* INT64_MAX, INT64_MIN: unknown */
	struct hist dur;                              /* bins alone */
	struct str key;
	size_t room;   /* bytes at key.p */
	uint64_t part; /* the last partial table it was in */
	bool is_new;
	int examples;
	struct example worst[GROUPS_EXAMPLES];
	struct slot slot[];
};

struct groups {
	const enum slot_kind *kind;
	int slots;
	bool owns; /* slots have memory of their own */
	size_t limit, n, mask;
	struct groups_slot {
		uint64_t hash;
		struct group *group; /* NULL: free */
	} *slot;
	struct group *last;   /* the one found last, and its hash */
	uint64_t last_hash;
	struct door *door; /* NULL: nothing was forgotten yet */
	/* A bit for each key that has a group, by its hash: small enough to stay in a cache. */
	uint64_t seen[GROUPS_SEEN / 64];
	struct group **spare; /* forgotten ones, whose memory is used again */
	size_t spares;
	uint64_t forgotten;
	uint64_t enough;     /* weight to pass the door */
	uint64_t base;       /* of partials: what any key may have weighed in them without a group */
	uint64_t part_floor; /* the same of the partial at hand */
};

/* kind: of each of the slots, to live as long as the groups. */
void groups_open(struct groups *g, const enum slot_kind *kind, int slots, size_t limit);

/* What finds the group of this key will be looked at soon. */
static inline void groups_expect(const struct groups *g, uint64_t hash)
{
	__builtin_prefetch(&g->seen[hash % GROUPS_SEEN / 64]);
	__builtin_prefetch(&g->slot[hash & g->mask]);
}

/* The group of a key, or NULL: there is none. */
struct group *groups_find_slow(const struct groups *g, uint64_t hash);
static inline struct group *groups_find(const struct groups *g, uint64_t hash)
{
	return g->last_hash == hash && g->last ? g->last : groups_find_slow(g, hash);
}

/* A new one for a key that has none, or NULL: it waits at the door. Pointers to other groups may be invalid
 * afterwards. */
struct group *groups_add(struct groups *g, uint64_t hash, uint64_t weight);

/* As large as it can be, rather than overflowing. */
static inline uint64_t groups_sum(uint64_t a, uint64_t b)
{
	return a + b < b ? UINT64_MAX : a + b;
}

/* Adds to its weight. */
static inline void group_weigh(struct group *g, uint64_t weight)
{
	g->weight = groups_sum(g->weight, weight);
}

/* What groups_find found, made if there is none, and `weight` heavier. NULL: it waits at the door. */
static inline struct group *groups_take(struct groups *g, struct group *group, uint64_t hash, uint64_t weight)
{
	if (!group && !(group = groups_add(g, hash, weight)))
		return NULL;
	group_weigh(group, weight);
	g->last_hash = hash;
	return g->last = group;
}

static inline struct group *groups_at(struct groups *g, uint64_t hash, uint64_t weight)
{
	return groups_take(g, groups_find(g, hash), hash, weight);
}

/* Whoever finds a group without a key gives it one. */
static inline bool group_is_new(const struct group *g)
{
	return g->is_new;
}
void group_name(struct group *g, struct str key);

/* The most that a key without a group may weigh; 0 while all have one. */
uint64_t groups_floor(const struct groups *g);

/* The next one, in no order; NULL at the end. *at begins as 0. */
struct group *groups_next(const struct groups *g, size_t *at);

/* All, ordered by key, in memory that the caller frees. */
struct group **groups_sorted(const struct groups *g);

/* Keeps e if it is among the worst; equal ones are ordered by place, so that order cannot matter. */
void group_example(struct group *g, const struct example *e);

/* As if all calls of both had been counted in the one. */
void group_merge(struct groups *g, struct group *into, const struct group *from);

/* A group that is in no table. */
struct group *group_new(const struct groups *g);
void group_free(const struct groups *g, struct group *group);

#endif
