#include "track.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* The first place of the set that a hash belongs to. */
static size_t first_of(const struct track *t, uint64_t hash)
{
	return hash % (t->entries / TRACK_WAYS) * TRACK_WAYS;
}

void track_open(struct track *t, size_t size)
{
	*t = (struct track){.size = (size + 15) / 16 * 16};
	t->entries = t->size > TRACK_LARGE ? TRACK_LEAST : TRACK_MOST;
	t->memory = xcalloc(t->entries, t->size);
	t->tag = xcalloc(t->entries, sizeof *t->tag);
}

void track_close(struct track *t)
{
	free(t->memory);
	free(t->tag);
}

void track_clear(struct track *t)
{
	if (t->used) {
		memset(t->tag, 0, t->entries * sizeof *t->tag);
		memset(t->seen, 0, sizeof t->seen);
	}
	t->used = t->clock = 0;
}

void *track_find_slow(struct track *t, uint64_t hash)
{
	size_t first = first_of(t, hash);
	for (size_t at = first; at < first + TRACK_WAYS; at++) {
		if (t->tag[at].hash != hash || !t->tag[at].used)
			continue;
		t->tag[at].used = ++t->clock;
		return t->memory + at * t->size;
	}
	return NULL;
}

void *track_add(struct track *t, uint64_t hash)
{
	size_t first = first_of(t, hash), oldest = first;
	for (size_t at = first + 1; at < first + TRACK_WAYS; at++)
		if (t->tag[at].used < t->tag[oldest].used)
			oldest = at;
	if (t->tag[oldest].used) {
		t->lost++;
		t->seen[t->tag[oldest].hash % TRACK_SEEN]--;
	} else {
		t->used++;
	}
	t->seen[hash % TRACK_SEEN]++;
	t->tag[oldest] = (struct track_tag){.hash = hash, .used = ++t->clock};
	return t->memory + oldest * t->size;
}

void track_drop(struct track *t, uint64_t hash)
{
	size_t first = first_of(t, hash);
	for (size_t at = first; at < first + TRACK_WAYS; at++) {
		if (t->tag[at].hash != hash || !t->tag[at].used)
			continue;
		t->tag[at].used = 0;
		t->seen[hash % TRACK_SEEN]--;
		t->used--;
		return;
	}
}
