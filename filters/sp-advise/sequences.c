/* Calls that follow each other on the same descriptor, thread or path. */
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

static struct progress *progress_of(struct entry *entry, const struct advance *a)
{
	return (struct progress *)(void *)((char *)(entry + 1) + a->at);
}

void sequences_open(struct engine *e)
{
	struct watch **end = &e->watches;
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
		}
		w->rule = xrealloc(w->rule, (size_t)w->n + 1, sizeof(struct rule *));
		w->rule[w->n++] = r;
		r->sequence->at = w->size;
		w->size += size_of(r->sequence);
	}
	for (struct watch *w = e->watches; w; w = w->next)
		track_open(&w->track, sizeof(struct entry) + w->size);
}

void sequences_begin_trace(struct engine *e)
{
	for (struct watch *w = e->watches; w; w = w->next)
		track_clear(&w->track);
}

/* ---- one sequence, one row ---- */

/* One sequence of an entry, and what the row at hand is to it. */
struct turn {
	struct entry *entry;
	const struct advance *a;
	struct progress *p;
	uint64_t bit;
};

static inline void forget(const struct turn *t)
{
	t->entry->active &= ~t->bit;
}

static inline bool is_active(const struct turn *t)
{
	return t->entry->active & t->bit;
}

static void begin(const struct turn *t, int64_t start_ns)
{
	t->entry->active |= t->bit;
	*t->p = (struct progress){.start_ns = start_ns};
	for (int i = 0; i < t->a->n; i++)
		t->p->step[i].calls = 0, t->p->step[i].ns = 0;
}

static void take_step(const struct row *row, const struct turn *t, int step)
{
	struct progress *p = t->p;
	if (!is_active(t))
		begin(t, row->start_ns);
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
	for (int i = 0; i < t->a->n; i++) {
		all.calls += p->step[i].calls;
		if (__builtin_add_overflow(all.ns, p->step[i].ns, &all.ns))
			all.ns = INT64_MAX;
	}
	engine_count(e, t->a->match, &all);
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

static inline bool is_step(struct engine *e, const struct advance *a, int step)
{
	return a->steps >> step & 1 && residue_holds(e, a->where[step]);
}

static bool is_late(const struct turn *t, const struct row *row)
{
	const struct advance *a = t->a;
	return a->within_ns >= 0 && t->p->timed && row->has_start && row->start_ns > t->p->end_ns &&
	       (uint64_t)row->start_ns - (uint64_t)t->p->end_ns > (uint64_t)a->within_ns;
}

static void advance(struct engine *e, const struct turn *t)
{
	const struct advance *a = t->a;
	const struct row *row = &e->row;
	int at = is_active(t) ? t->p->at : 0;
	if (at > 0 && is_late(t, row)) {
		forget(t);
		at = 0;
	}
	if (at > 0 && is_step(e, a, at)) {
		take_step(row, t, at);
		if (t->p->at < a->n)
			return;
		if (a->match && action_holds(e, a->match))
			count_calls(e, t);
		count_match(e, a->rule, t->p);
		forget(t);
		return;
	}
	if (at > 0 && a->many >> (at - 1) & 1 && is_step(e, a, at - 1)) {
		take_step(row, t, at - 1);
		return;
	}
	if (at > 0 && a->may_stand)
		return;
	if (at > 0)
		forget(t);
	if (is_step(e, a, 0))
		take_step(row, t, 0);
}

static void advance_all(struct engine *e, const struct due *due, struct entry *entry)
{
	entry->active &= ~due->ends;
	for (uint64_t left = (entry->active | due->starts) & due->looks; left; left &= left - 1) {
		const struct advance *a = &due->of[__builtin_ctzll(left)];
		advance(e, &(struct turn){.entry = entry, .a = a, .p = progress_of(entry, a), .bit = left & -left});
	}
}

static bool any_begins(struct engine *e, const struct due *due)
{
	for (uint64_t left = due->starts; left; left &= left - 1)
		if (residue_holds(e, due->of[__builtin_ctzll(left)].where[0]))
			return true;
	return false;
}

void sequences_row(struct engine *e, size_t n)
{
	for (const struct coming *c = e->coming, *end = c + n; c < end; c++) {
		struct track *track = &c->due->watch->track;
		struct entry *entry = c->alike ? track_find_in(track, c->hash, c->alike) : NULL;
		if (!entry && c->due->starts && any_begins(e, c->due)) {
			entry = track_add(track, c->hash);
			entry->active = 0;
		}
		if (!entry)
			continue;
		advance_all(e, c->due, entry);
		if (!entry->active)
			track_drop(track, c->hash);
	}
}
