#include "track.h"

#include <string.h>

#include "arena.h"

_Static_assert(TRACK_MOST - 1 <= UINT16_MAX, "a set knows its entries by 16 bits");

static void forget_all(struct track *t)
{
	memset(t->tags, 0, t->sets * sizeof *t->tags);
	for (size_t i = 0; i < t->sets; i++)
		t->set[i] = (struct track_set){.order = UINT64_C(0x0706050403020100)};
	t->used = t->touched = t->spares = 0;
}

void track_open(struct track *t, size_t size)
{
	size_t entries = size > TRACK_LARGE ? TRACK_LEAST : TRACK_MOST;
	*t = (struct track){.size = (sizeof(struct track_entry) + size + 15) / 16 * 16};
	t->sets = entries / TRACK_WAYS;
	t->memory = xcalloc(entries, t->size);
	t->spare = xcalloc(entries, sizeof *t->spare);
	t->tags = xcalloc(t->sets, sizeof *t->tags);
	t->set = xcalloc(t->sets, sizeof *t->set);
	forget_all(t);
}

void track_clear(struct track *t)
{
	if (t->used)
		forget_all(t);
}

/* TRACK_WAYS: it is not there. */
static unsigned way_of(const struct track *t, size_t set, uint64_t hash, uint64_t alike)
{
	for (; alike; alike &= alike - 1) {
		unsigned way = (unsigned)__builtin_ctzll(alike) / 8;
		if (track_entry(t, &t->set[set], way)->hash == hash)
			return way;
	}
	return TRACK_WAYS;
}

/* The way was used: it comes first, and those before it one further back. */
static void touch(struct track_set *set, unsigned way)
{
	uint64_t order = set->order;
	if ((order & UINT8_MAX) == way)
		return;
	uint64_t before = (track_zeros(order ^ way * TRACK_BYTES) >> 7) - 1; /* the bits of the ways before it */
	set->order = (order & ~before << 8) | (order & before) << 8 | way;
}

void *track_find_in(struct track *t, uint64_t hash, uint64_t alike)
{
	size_t set = track_set(t, hash);
	unsigned way = way_of(t, set, hash, alike);
	if (way == TRACK_WAYS)
		return NULL;
	touch(&t->set[set], way);
	return track_entry(t, &t->set[set], way)->kept;
}

/* A way with an entry for a new key: the oldest one when all are taken. */
static unsigned take_way(struct track *t, size_t set)
{
	uint64_t unused = track_zeros(t->tags[set]);
	if (!unused) {
		t->lost++;
		return (unsigned)(t->set[set].order >> 56);
	}
	unsigned way = (unsigned)__builtin_ctzll(unused) / 8;
	t->set[set].entry[way] = t->spares ? t->spare[--t->spares] : (uint16_t)t->touched++;
	t->used++;
	return way;
}

static void put_tag(struct track *t, size_t set, unsigned way, uint64_t tag)
{
	t->tags[set] = (t->tags[set] & ~(UINT64_C(0xff) << 8 * way)) | tag << 8 * way;
}

void *track_add(struct track *t, uint64_t hash)
{
	size_t set = track_set(t, hash);
	unsigned way = take_way(t, set);
	put_tag(t, set, way, track_tag(hash));
	touch(&t->set[set], way);
	struct track_entry *entry = track_entry(t, &t->set[set], way);
	entry->hash = hash;
	return entry->kept;
}

void track_drop(struct track *t, uint64_t hash)
{
	size_t set = track_set(t, hash);
	unsigned way = way_of(t, set, hash, track_alike(t, hash));
	if (way == TRACK_WAYS)
		return;
	put_tag(t, set, way, 0);
	t->spare[t->spares++] = t->set[set].entry[way];
	t->used--;
}
