/* door: where keys wait that may be worth a group once there are too many for all to have one. Only
 * weights are kept, of the DOOR_SETS * DOOR_WAYS keys that came last. Most keys of a crowd come once or
 * twice: they cost no group. Each key belongs to a set by its hash, and each set knows the most that
 * any of its keys weighed when it was forgotten, here or as a group: a key that is not there weighed
 * no more. */
#ifndef SP_ADVISE_DOOR_H
#define SP_ADVISE_DOOR_H

#include <stdbool.h>
#include <stdint.h>

enum { DOOR_SETS = 32, DOOR_WAYS = 8 };

struct door {
	struct door_set {
		uint64_t hash[DOOR_WAYS];
		struct door_weight {
			uint64_t before, since; /* the most it weighed when it came; what it has gained */
		} weight[DOOR_WAYS];
		unsigned next; /* the one that came first */
		unsigned n;
		uint64_t floor; /* the most that a forgotten one weighed */
	} set[DOOR_SETS];
};

static inline struct door_set *door_set(struct door *d, uint64_t hash)
{
	return &d->set[(hash >> 32) % DOOR_SETS];
}

/* Adds the weight to what the key has. True when it has gained `enough` since it came: it leaves the
 * door, and *missed is the most that it weighed without this. */
bool door_passes(struct door *d, uint64_t hash, uint64_t weight, uint64_t enough, uint64_t *missed);

#endif
