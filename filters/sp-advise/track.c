#include "track.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* In front of what is remembered; `used` 0 is a free one. */
struct entry {
	uint64_t hash, used;
};

static size_t stride(const struct track *t)
{
	return sizeof(struct entry) + t->size;
}

static struct entry *entry_at(const struct track *t, uint64_t hash, int way)
{
	size_t set = hash % TRACK_SETS;
	return (struct entry *)(void *)(t->memory + (set * TRACK_WAYS + (size_t)way) * stride(t));
}

void track_open(struct track *t, size_t size)
{
	*t = (struct track){.size = (size + 15) / 16 * 16};
	t->memory = xcalloc(TRACK_ENTRIES, stride(t));
}

void track_close(struct track *t)
{
	free(t->memory);
}

void track_clear(struct track *t)
{
	if (t->clock == 0)
		return; /* no page was touched */
	free(t->memory);
	t->memory = xcalloc(TRACK_ENTRIES, stride(t));
	t->used = t->clock = 0;
}

void *track_find(struct track *t, uint64_t hash)
{
	for (int way = 0; way < TRACK_WAYS; way++) {
		struct entry *e = entry_at(t, hash, way);
		if (!e->used || e->hash != hash)
			continue;
		e->used = ++t->clock;
		return e + 1;
	}
	return NULL;
}

void *track_add(struct track *t, uint64_t hash)
{
	struct entry *oldest = entry_at(t, hash, 0);
	for (int way = 1; way < TRACK_WAYS; way++) {
		struct entry *e = entry_at(t, hash, way);
		if (e->used < oldest->used)
			oldest = e;
	}
	if (oldest->used)
		t->lost++;
	else
		t->used++;
	*oldest = (struct entry){.hash = hash, .used = ++t->clock};
	return memset(oldest + 1, 0, t->size);
}

void track_drop(struct track *t, uint64_t hash)
{
	for (int way = 0; way < TRACK_WAYS; way++) {
		struct entry *e = entry_at(t, hash, way);
		if (!e->used || e->hash != hash)
			continue;
		e->used = 0;
		t->used--;
		return;
	}
}
