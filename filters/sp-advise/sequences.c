/* Calls that follow each other on the same descriptor, thread or path. */
#include <stdlib.h>

#include "engine_private.h"

/* Of one sequence in an entry of its watch's track. */
struct progress {
	int64_t end_ns; /* of the last step */
	int8_t at;      /* steps that came; 0: none */
	bool timed;     /* end_ns is known */
	int64_t start_ns, bytes;
	uint64_t errors, durations, moves; /* as in struct batch */
	struct {
		uint64_t calls;
		int64_t ns;
	} step[];
};

/* In front of them: a bit for each that is under way; what the others have is undefined. */
struct entry {
	uint64_t active;
};

static size_t size_of(const struct sequence *s)
{
	return sizeof(struct progress) + (size_t)s->steps * sizeof(((struct progress *)0)->step[0]);
}

static struct progress *progress_of(struct entry *entry, const struct sequence *s)
{
	return (struct progress *)(void *)((char *)(entry + 1) + s->at);
}

void sequences_open(struct engine *e)
{
	struct watch **end = &e->watches;
	int watches = 0;
	for (struct rule *r = e->rules.first; r; r = r->next) {
		if (!r->sequence || r->off)
			continue;
		struct watch *w = e->watches;
		while (w && (w->on != r->sequence->on || w->n == WATCH_RULES))
			w = w->next;
		if (!w) {
			*end = w = xcalloc(1, sizeof *w);
			end = &w->next;
			w->on = r->sequence->on;
			w->number = watches++;
		}
		w->rule = xrealloc(w->rule, (size_t)w->n + 1, sizeof(struct rule *));
		w->rule[w->n++] = r;
		r->sequence->at = w->size;
		w->size += size_of(r->sequence);
	}
	for (struct watch *w = e->watches; w; w = w->next)
		track_open(&w->track, sizeof(struct entry) + w->size);
}

void sequences_close(struct engine *e)
{
	for (struct watch *w = e->watches, *next; w; w = next) {
		next = w->next;
		track_close(&w->track);
		free(w->rule);
		free(w);
	}
}

void sequences_begin_trace(struct engine *e)
{
	for (struct watch *w = e->watches; w; w = w->next)
		track_clear(&w->track);
}

/* ---- one sequence, one row ---- */

/* One sequence of an entry, and the row at hand. */
struct turn {
	struct entry *entry;
	struct rule *rule;
	const struct sequence *s;
	const struct advance *a;
	struct progress *p;
	uint64_t bit;
	struct row *row;
};

static void forget(const struct turn *t)
{
	t->entry->active &= ~t->bit;
}

static void take_step(const struct turn *t, int step)
{
	struct progress *p = t->p;
	const struct row *row = t->row;
	if (!(t->entry->active & t->bit)) {
		t->entry->active |= t->bit;
		memset(p, 0, size_of(t->s));
		p->start_ns = row->start_ns;
	}
	if (p->at < step + 1)
		p->at = (int8_t)(step + 1);
	p->step[step].calls++;
	if (__builtin_add_overflow(p->step[step].ns, row->dur_ns, &p->step[step].ns))
		p->step[step].ns = INT64_MAX;
	p->errors += row->failed;
	p->durations += row->has_dur;
	p->moves += row->has_bytes;
	if (row->has_bytes && __builtin_add_overflow(p->bytes, row->moved, &p->bytes))
		p->bytes = INT64_MAX;
	p->end_ns = row->end_ns;
	p->timed = row->has_start;
}

/* The calls of a match, in the group of the last one. */
static void count_calls(struct engine *e, const struct turn *t)
{
	const struct progress *p = t->p;
	struct batch all = {.errors = p->errors,
	                    .timed = p->durations,
	                    .moves = p->moves,
	                    .bytes = p->bytes,
	                    .start_ns = p->start_ns,
	                    .end_ns = p->end_ns};
	for (int i = 0; i < t->s->steps; i++) {
		all.calls += p->step[i].calls;
		if (__builtin_add_overflow(all.ns, p->step[i].ns, &all.ns))
			all.ns = INT64_MAX;
	}
	engine_count(e, &t->a->match, &all);
}

static void count_match(struct engine *e, struct rule *r, const struct progress *p)
{
	const struct sequence *s = r->sequence;
	if (!scope_read(r->scope, &e->row))
		return;
	struct group *g = rule_group(r, &e->row, GROUPS_CALL_NS);
	if (!g)
		return;
	struct slot *slot = &g->slot[s->slot];
	slot[0].count++;
	for (int i = 0; i < s->steps; i++) {
		slot[1].count += p->step[i].calls;
		slot_sum(&slot[2], p->step[i].ns);
		slot[3 + 2 * i].count += p->step[i].calls;
		slot_sum(&slot[4 + 2 * i], p->step[i].ns);
	}
}

static bool is_step(struct engine *e, const struct turn *t, int step)
{
	return t->a->steps >> step & 1 &&
	       (t->a->sure >> step & 1 || event_holds(e, t->s->step[step].where));
}

static void advance(struct engine *e, const struct turn *t)
{
	const struct sequence *s = t->s;
	const struct row *row = t->row;
	int at = t->entry->active & t->bit ? t->p->at : 0;
	if (at > 0 && s->within_ns >= 0 && t->p->timed && row->has_start &&
	    row->start_ns - t->p->end_ns > s->within_ns) {
		forget(t);
		at = 0;
	}
	if (at > 0 && is_step(e, t, at)) {
		take_step(t, at);
		if (t->p->at < s->steps)
			return;
		if (t->a->match.counts && action_holds(e, &t->a->match))
			count_calls(e, t);
		count_match(e, t->rule, t->p);
		forget(t);
		return;
	}
	if (at > 0 && s->step[at - 1].many && is_step(e, t, at - 1)) {
		take_step(t, at - 1);
		return;
	}
	if (at > 0 && t->a->may_stand)
		return;
	if (at > 0)
		forget(t);
	if (is_step(e, t, 0))
		take_step(t, 0);
}

static void advance_all(struct engine *e, const struct watch *w, const struct advances *all,
                        struct entry *entry)
{
	for (uint64_t left = entry->active | all->starts; left; left &= left - 1) {
		int i = __builtin_ctzll(left);
		const struct sequence *s = w->rule[i]->sequence;
		advance(e, &(struct turn){.entry = entry,
		                          .rule = w->rule[i],
		                          .s = s,
		                          .a = &all->of[i],
		                          .p = progress_of(entry, s),
		                          .bit = left & -left,
		                          .row = &e->row});
	}
}

static bool any_begins(struct engine *e, const struct watch *w, const struct advances *all)
{
	for (uint64_t left = all->starts; left; left &= left - 1) {
		int i = __builtin_ctzll(left);
		const struct advance *a = &all->of[i];
		if (a->sure & 1 || event_holds(e, w->rule[i]->sequence->step[0].where))
			return true;
	}
	return false;
}

/* Adds those of the row at hand to the list of what is due. */
void sequences_expect(struct engine *e)
{
	const struct advances *all = e->now->advances;
	struct watch **end = &e->due;
	for (struct watch *w = e->watches; w; w = w->next, all++) {
		if (!all->matters || (!all->starts && !w->track.used) || !scope_read(w->on, &e->row))
			continue;
		track_expect(&w->track, w->on->hash);
		*end = w;
		end = &w->due;
	}
	*end = NULL;
}

/* Leaves those that have nothing under way, and begin nothing. */
void sequences_find(struct engine *e)
{
	for (struct watch **link = &e->due, *w; (w = *link);)
		if (track_may_find(&w->track, w->on->hash, e->now->advances[w->number].starts))
			link = &w->due;
		else
			*link = w->due;
}

void sequences_row(struct engine *e)
{
	for (struct watch *w = e->due; w; w = w->due) {
		const struct advances *all = &e->now->advances[w->number];
		uint64_t hash = w->on->hash;
		struct entry *entry = track_find(&w->track, hash);
		if (!entry && all->starts && any_begins(e, w, all)) {
			entry = track_add(&w->track, hash);
			entry->active = 0;
		}
		if (!entry)
			continue;
		advance_all(e, w, all, entry);
		if (!entry->active)
			track_drop(&w->track, hash);
	}
}
