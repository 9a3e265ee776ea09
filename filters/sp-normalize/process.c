#include "process.h"

#include <stdlib.h>

#include "arena.h"

enum { MOST = 65536 };

/* The first range that ends behind the value. */
static size_t position(const struct ranges *r, uint64_t value)
{
	size_t low = 0, high = r->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (r->at[middle].to <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct range *ranges_find(const struct ranges *r, uint64_t value)
{
	size_t at = position(r, value);
	return at < r->n && r->at[at].from <= value ? &r->at[at] : NULL;
}

static void set_from(struct range *range, uint64_t from)
{
	range->from = from;
	if (range->reserved)
		range->base = from;
}

static void insert(struct ranges *r, size_t at, struct range range)
{
	if (r->n == MOST)
		return;
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 16;
		r->at = xrealloc(r->at, r->cap, sizeof *r->at);
	}
	memmove(&r->at[at + 1], &r->at[at], (r->n - at) * sizeof *r->at);
	r->at[at] = range;
	r->n++;
}

static void cut(struct ranges *r, uint64_t from, uint64_t to)
{
	size_t at = position(r, from);
	if (at < r->n && r->at[at].from < from) {
		struct range tail = r->at[at];
		r->at[at].to = from;
		at++;
		if (tail.to > to) {
			set_from(&tail, to);
			insert(r, at, tail);
			return;
		}
	}
	size_t end = at;
	while (end < r->n && r->at[end].to <= to)
		end++;
	if (end < r->n && r->at[end].from < to)
		set_from(&r->at[end], to);
	if (end > at)
		memmove(&r->at[at], &r->at[end], (r->n - end) * sizeof *r->at);
	r->n -= end - at;
}

void ranges_remove(struct ranges *r, uint64_t from, uint64_t to, int64_t start)
{
	const struct range *first = ranges_find(r, from);
	if (!first || first->since <= start)
		cut(r, from, to);
}

void ranges_add(struct ranges *r, struct range range)
{
	if (range.to <= range.from)
		return;
	const struct range *old = ranges_find(r, range.from);
	range.before = old && old->from == range.from ? old->id : IDS_NONE;
	range.base = range.from;
	cut(r, range.from, range.to);
	insert(r, position(r, range.from), range);
}

static void copy(struct ranges *to, const struct ranges *from)
{
	free(to->at);
	*to = (struct ranges){.n = from->n, .cap = from->n};
	if (from->n == 0)
		return;
	to->at = xrealloc(NULL, from->n, sizeof *to->at);
	memcpy(to->at, from->at, from->n * sizeof *to->at);
}

void process_fork(struct process *child, const struct process *parent)
{
	copy(&child->fds, &parent->fds);
	copy(&child->maps, &parent->maps);
	child->heap = parent->heap;
}

void process_free(struct process *p)
{
	free(p->fds.at);
	free(p->maps.at);
	*p = (struct process){0};
}
