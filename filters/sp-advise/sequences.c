/* Calls that follow each other on the same descriptor, thread or path. */
#include <stdlib.h>

#include "engine_private.h"

/* Of one sequence in an entry of its watch's track. */
struct progress {
	int64_t end_ns; /* of the last step */
	int8_t at;      /* steps that came; 0: none */
	bool timed;
	struct {
		uint64_t calls;
		int64_t ns;
	} step[];
};

/* In front of them: how many are under way. */
struct entry {
	uint64_t under_way;
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
	for (struct rule *r = e->rules.first; r; r = r->next) {
		if (!r->sequence || r->off)
			continue;
		struct watch *w = e->watches;
		while (w && w->on != r->sequence->on)
			w = w->next;
		if (!w) {
			*end = w = xcalloc(1, sizeof *w);
			end = &w->next;
			w->on = r->sequence->on;
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

static void forget(struct entry *entry, struct progress *p)
{
	entry->under_way -= p->at > 0;
	p->at = 0;
}

static void take_step(struct entry *entry, struct progress *p, const struct sequence *s, int step,
                      const struct row *row)
{
	if (p->at == 0) {
		entry->under_way++;
		memset(p->step, 0, (size_t)s->steps * sizeof p->step[0]);
	}
	if (p->at < step + 1)
		p->at = (int8_t)(step + 1);
	p->step[step].calls++;
	if (__builtin_add_overflow(p->step[step].ns, row->dur_ns, &p->step[step].ns))
		p->step[step].ns = INT64_MAX;
	p->end_ns = row->end_ns;
	p->timed = row->has_start;
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

static bool is_step(const struct sequence *s, const struct advance *a, int step, struct row *row)
{
	return a->steps >> step & 1 &&
	       (a->sure >> step & 1 || event_holds(s->step[step].where, row));
}

static void advance(struct engine *e, struct entry *entry, struct rule *r, const struct advance *a)
{
	const struct sequence *s = r->sequence;
	struct row *row = &e->row;
	struct progress *p = progress_of(entry, s);
	int at = p->at;
	if (at > 0 && s->within_ns >= 0 && p->timed && row->has_start &&
	    row->start_ns - p->end_ns > s->within_ns) {
		forget(entry, p);
		at = 0;
	}
	if (at > 0 && is_step(s, a, at, row)) {
		take_step(entry, p, s, at, row);
		if (p->at < s->steps)
			return;
		count_match(e, r, p);
		forget(entry, p);
		return;
	}
	if (at > 0 && s->step[at - 1].many && is_step(s, a, at - 1, row)) {
		take_step(entry, p, s, at - 1, row);
		return;
	}
	if (at > 0 && a->may_stand)
		return;
	if (at > 0)
		forget(entry, p);
	if (is_step(s, a, 0, row))
		take_step(entry, p, s, 0, row);
}

static bool any_begins(const struct watch *w, const struct advances *all, struct row *row)
{
	for (int i = 0; i < w->n; i++)
		if (!w->rule[i]->blind && is_step(w->rule[i]->sequence, &all->of[i], 0, row))
			return true;
	return false;
}

static struct entry *begin(struct watch *w)
{
	struct entry *entry = track_add(&w->track, w->on->hash);
	entry->under_way = 0;
	for (int i = 0; i < w->n; i++)
		progress_of(entry, w->rule[i]->sequence)->at = 0;
	return entry;
}

void sequences_row(struct engine *e, const struct actions *actions)
{
	const struct advances *all = actions->advances;
	for (struct watch *w = e->watches; w; w = w->next, all++) {
		if (!all->starts && w->track.used == 0)
			continue;
		if (!scope_read(w->on, &e->row))
			continue;
		struct entry *entry = w->track.used ? track_find(&w->track, w->on->hash) : NULL;
		if (!entry && all->starts && any_begins(w, all, &e->row))
			entry = begin(w);
		if (!entry)
			continue;
		for (int i = 0; i < w->n; i++)
			if (!w->rule[i]->blind)
				advance(e, entry, w->rule[i], &all->of[i]);
		if (entry->under_way == 0)
			track_drop(&w->track, w->on->hash);
	}
}
