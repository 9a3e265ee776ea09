#include "door.h"

/* s->n: it is not there. All are compared, for where a loop would end cannot be foreseen. */
static unsigned find(const struct door_set *s, uint64_t hash)
{
	unsigned same = 0;
	for (unsigned i = 0; i < DOOR_WAYS; i++)
		same |= (unsigned)(s->hash[i] == hash) << i;
	same &= (1u << s->n) - 1;
	return same ? (unsigned)__builtin_ctz(same) : s->n;
}

static void leave(struct door_set *s, unsigned i)
{
	s->n--;
	s->hash[i] = s->hash[s->n];
	s->weight[i] = s->weight[s->n];
	s->next = 0;
}

/* A place for a new one: the next in turn, whose key has to go when all are taken. */
static unsigned place(struct door_set *s)
{
	if (s->n < DOOR_WAYS)
		return s->n++;
	unsigned i = s->next++ % DOOR_WAYS;
	uint64_t most = s->weight[i].before + s->weight[i].since;
	if (most > s->floor)
		s->floor = most;
	return i;
}

bool door_passes(struct door *d, uint64_t hash, uint64_t weight, uint64_t enough, uint64_t *missed)
{
	struct door_set *s = door_set(d, hash);
	unsigned i = find(s, hash);
	if (i == s->n) {
		*missed = s->floor;
		if (weight >= enough)
			return true;
		uint64_t before = s->floor;
		i = place(s);
		s->hash[i] = hash;
		s->weight[i] = (struct door_weight){.before = before};
	}
	struct door_weight *w = &s->weight[i];
	*missed = w->before + w->since;
	w->since += weight;
	if (w->since < enough)
		return false;
	leave(s, i);
	return true;
}
