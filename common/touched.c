#include "touched.h"

#include <stdlib.h>

#include "arena.h"

enum { BLOCKS = 64, FIRST_RECORDS = 64 };

struct touched_record {
	uint64_t file;
	int64_t span; /* blocks span * 64 .. span * 64 + 63 */
	uint64_t bits[ACCESS_OPS];
	uint32_t next, next_of_file; /* in its bucket, or among the free ones; of the file */
};

static uint32_t *bucket_of(const struct touched *t, uint64_t file, int64_t span)
{
	uint64_t mixed = (file * UINT64_C(0xbf58476d1ce4e5b9)) ^ (uint64_t)span;
	return &t->bucket[mixed * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (t->buckets - 1)];
}

static void grow(struct touched *t)
{
	uint32_t old = t->records ? t->records : 1;
	t->records = t->records ? t->records * 2 : FIRST_RECORDS;
	t->record = xrealloc(t->record, t->records, sizeof *t->record);
	for (uint32_t i = t->records; i-- > old;) {
		t->record[i].next = t->free;
		t->free = i;
	}
	free(t->bucket);
	t->buckets = t->records;
	t->bucket = xcalloc(t->buckets, sizeof *t->bucket);
	for (uint32_t i = 1; i < old; i++) { /* all of them are in use */
		uint32_t *bucket = bucket_of(t, t->record[i].file, t->record[i].span);
		t->record[i].next = *bucket;
		*bucket = i;
	}
}

/* NULL when there are as many as there may be. */
static struct touched_record *record_of(struct touched *t, struct touched_file *f, int64_t span)
{
	if (f->first && t->record[f->first].span == span) /* mostly the same as before */
		return &t->record[f->first];
	if (t->records) {
		for (uint32_t i = *bucket_of(t, f->id, span); i; i = t->record[i].next)
			if (t->record[i].file == f->id && t->record[i].span == span)
				return &t->record[i];
	}
	if (!t->free) {
		if (t->records >= TOUCHED_MOST)
			return NULL;
		grow(t);
	}
	uint32_t i = t->free;
	struct touched_record *r = &t->record[i];
	t->free = r->next;
	uint32_t *bucket = bucket_of(t, f->id, span);
	*r = (struct touched_record){
	    .file = f->id, .span = span, .next = *bucket, .next_of_file = f->first};
	*bucket = f->first = i;
	t->in_use++;
	return r;
}

bool touched_add(struct touched *t, struct touched_file *f, enum access_op op, int64_t start,
                 uint64_t bytes, int64_t probe)
{
	int64_t first = start / ACCESS_BLOCK, last = (start + (int64_t)bytes - 1) / ACCESS_BLOCK;
	int64_t probed = probe / ACCESS_BLOCK;
	bool before = false;
	if (!f->id)
		f->id = ++t->files;
	for (int64_t span = first / BLOCKS; span <= last / BLOCKS; span++) {
		struct touched_record *r = record_of(t, f, span);
		if (!r) {
			t->dropped++;
			continue;
		}
		int64_t from = span * BLOCKS < first ? first % BLOCKS : 0;
		int64_t to = span == last / BLOCKS ? last % BLOCKS : BLOCKS - 1;
		if (probed / BLOCKS == span)
			before = r->bits[op] >> (probed % BLOCKS) & 1;
		r->bits[op] |= UINT64_MAX >> (BLOCKS - 1 - (to - from)) << from;
	}
	return before;
}

void touched_forget(struct touched *t, struct touched_file *f)
{
	for (uint32_t i = f->first, next; i; i = next) {
		struct touched_record *r = &t->record[i];
		uint32_t *link = bucket_of(t, r->file, r->span);
		while (*link != i)
			link = &t->record[*link].next;
		*link = r->next;
		next = r->next_of_file;
		r->next = t->free;
		t->free = i;
		t->in_use--;
	}
	*f = (struct touched_file){0};
}

void touched_clear(struct touched *t)
{
	free(t->record);
	free(t->bucket);
	*t = (struct touched){.dropped = t->dropped};
}
