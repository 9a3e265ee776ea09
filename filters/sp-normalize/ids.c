#include "ids.h"

#include <stdlib.h>

#include "arena.h"

/* The golden ratio's digits. */
static size_t position(const struct ids *m, uint64_t key)
{
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h ^ h >> 32) & m->mask;
}

static struct ids_slot *find(const struct ids *m, uint64_t key)
{
	size_t at = position(m, key);
	while (m->slot[at].used && m->slot[at].key != key)
		at = (at + 1) & m->mask;
	return &m->slot[at];
}

static void grow(struct ids *m)
{
	struct ids old = *m;
	size_t slots = old.slot ? (old.mask + 1) * 2 : 64;
	m->slot = xcalloc(slots, sizeof *m->slot);
	m->mask = slots - 1;
	for (size_t i = 0; old.slot && i <= old.mask; i++)
		if (old.slot[i].used)
			*find(m, old.slot[i].key) = old.slot[i];
	free(old.slot);
}

uint32_t *ids_at(struct ids *m, uint64_t key)
{
	if (!m->slot || m->used * 2 > m->mask)
		grow(m);
	struct ids_slot *slot = find(m, key);
	if (!slot->used) {
		*slot = (struct ids_slot){.key = key, .value = IDS_NONE, .used = true};
		m->used++;
	}
	return &slot->value;
}

uint32_t ids_get(const struct ids *m, uint64_t key)
{
	if (!m->slot)
		return IDS_NONE;
	const struct ids_slot *slot = find(m, key);
	return slot->used ? slot->value : IDS_NONE;
}

void ids_free(struct ids *m)
{
	free(m->slot);
	*m = (struct ids){0};
}
