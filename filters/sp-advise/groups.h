/* groups: the groups of one rule, found by their key, at most 2 * limit at once. When there would be
 * more, the `limit` weightiest stay and the others are forgotten. A group's weight is the time of its
 * calls and GROUPS_CALL_NS for each. `floor` is the most that a forgotten group weighed, what it may
 * have missed itself included; so a group that is not there weighed no more, and one that came
 * after that may have missed as much (its `missed`). floor is at most the weight of all calls by
 * limit (Misra and Gries 1982; Metwally et al. 2005). */
#ifndef SP_ADVISE_GROUPS_H
#define SP_ADVISE_GROUPS_H

#include "hist.h"
#include "slot.h"

enum { GROUPS_CALL_NS = 1000, GROUPS_EXAMPLES = 3 };

struct example {
	int64_t value; /* of the rule's `worst` */
	int64_t start_ns, dur_ns;
	int64_t tid, line;      /* -1: unknown */
	struct str file, call;  /* interned: as long as the program */
};

struct group {
	struct str key;
	uint64_t hash, weight, missed;
	uint64_t part; /* the last partial table it was in */
	uint64_t calls, errors, timed, moves;
	__uint128_t total_ns, bytes;
	int64_t min_ns, max_ns, min_bytes, max_bytes; /* while timed, moves are 0: nothing */
	int64_t first_ns, last_ns;                    /* INT64_MAX, INT64_MIN: unknown */
	struct hist dur;                              /* bins alone, where the rule needs them */
	struct example worst[GROUPS_EXAMPLES];
	int examples;
	struct slot slot[];
};

struct groups {
	const enum slot_kind *kind;
	int slots;
	size_t limit, n, mask;
	struct group **slot;
	struct group *last; /* the one found last */
	uint64_t floor, forgotten;
};

void groups_open(struct groups *g, const enum slot_kind *kind, int slots, size_t limit);
void groups_close(struct groups *g);

/* The group of a key, made if there is none. Pointers to other groups may be invalid afterwards. */
struct group *groups_at_slow(struct groups *g, uint64_t hash, struct str key);
static inline struct group *groups_at(struct groups *g, uint64_t hash, struct str key)
{
	if (g->last && g->last->hash == hash && str_eq(g->last->key, key))
		return g->last;
	return groups_at_slow(g, hash, key);
}

/* The one with this hash, or NULL. */
struct group *groups_with(const struct groups *g, uint64_t hash);

/* The next one, in no order; NULL at the end. *at begins as 0. */
struct group *groups_next(const struct groups *g, size_t *at);

/* All, ordered by key, in memory that the caller frees. */
struct group **groups_sorted(const struct groups *g);

/* Keeps e if it is among the worst; equal ones are ordered by place, so that order cannot matter. */
void group_example(struct group *g, const struct example *e);

void group_merge(struct groups *g, struct group *into, const struct group *from);

/* A group that is in no table. */
struct group *group_new(const struct groups *g);
void group_free(const struct groups *g, struct group *group);

#endif
