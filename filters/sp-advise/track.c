#include "track.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag.h"

/* What looks for a hash mostly finds that it is not there, in a line of the cache that is a set's own. */
enum { CACHE_LINE = 64 };

static void *entry_at(const struct track *t, const struct track_set *set, size_t way)
{
	return t->memory + ((size_t)(set - t->set) * TRACK_WAYS + way) * t->size;
}

void track_open(struct track *t, size_t size)
{
	*t = (struct track){.size = (size + 15) / 16 * 16};
	size_t entries = t->size > TRACK_LARGE ? TRACK_LEAST : TRACK_MOST;
	t->sets = entries / TRACK_WAYS;
	t->memory = xcalloc(entries, t->size);
	if (posix_memalign((void **)&t->set, CACHE_LINE, t->sets * sizeof *t->set))
		diag_die(DIAG_MEMORY, NULL);
	memset(t->set, 0, t->sets * sizeof *t->set);
}

void track_close(struct track *t)
{
	free(t->memory);
	free(t->set);
}

void track_clear(struct track *t)
{
	if (t->used) {
		memset(t->set, 0, t->sets * sizeof *t->set);
		memset(t->seen, 0, sizeof t->seen);
	}
	t->used = t->clock = 0;
}

/* TRACK_WAYS: it is not there. */
static size_t way_of(const struct track_set *set, uint64_t hash)
{
	size_t i = 0;
	while (i < TRACK_WAYS && (set->hash[i] != hash || !set->used[i]))
		i++;
	return i;
}

void *track_find_slow(struct track *t, uint64_t hash)
{
	struct track_set *set = track_set(t, hash);
	size_t way = way_of(set, hash);
	if (way == TRACK_WAYS)
		return NULL;
	set->used[way] = ++t->clock;
	return entry_at(t, set, way);
}

void *track_add(struct track *t, uint64_t hash)
{
	struct track_set *set = track_set(t, hash);
	size_t oldest = 0;
	for (size_t i = 1; i < TRACK_WAYS; i++)
		if (set->used[i] < set->used[oldest])
			oldest = i;
	if (set->used[oldest]) {
		t->lost++;
		t->seen[set->hash[oldest] % TRACK_SEEN]--;
	} else {
		t->used++;
	}
	t->seen[hash % TRACK_SEEN]++;
	set->hash[oldest] = hash;
	set->used[oldest] = ++t->clock;
	return entry_at(t, set, oldest);
}

void track_drop(struct track *t, uint64_t hash)
{
	struct track_set *set = track_set(t, hash);
	size_t way = way_of(set, hash);
	if (way == TRACK_WAYS)
		return;
	set->used[way] = 0;
	t->seen[hash % TRACK_SEEN]--;
	t->used--;
}
