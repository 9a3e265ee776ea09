/* Which rules have to do with which system call: asked once for each name. */
#include <stdlib.h>

#include "engine_private.h"

enum { UNKNOWN = 512 }; /* names that syscall.def does not know, a power of two */

static bool accepts(struct sysset *calls, struct str name)
{
	return !calls || sysset_has(calls, name);
}

static bool counts(const struct rule *r, struct str name)
{
	if (r->calls)
		return sysset_has(r->calls, name);
	bool any = !r->sequence && !r->pairs;
	for (int i = 0; r->sequence && i < r->sequence->steps; i++)
		any |= sysset_has(r->sequence->step[i].calls, name);
	if (r->pairs)
		any |= sysset_has(r->pairs->open.calls, name) ||
		       sysset_has(r->pairs->close.calls, name);
	return any;
}

static struct action action_for(struct rule *r, struct str name)
{
	struct action a = {.rule = r, .counts = counts(r, name)};
	for (int i = 0; i < r->measures; i++) {
		const struct measure *m = &r->measure[i];
		bool takes = m->kind != SLOT_NONE && accepts(m->calls, name);
		if (takes && m->of_trace)
			a.trace_measures |= 1u << i;
		else if (takes && a.counts)
			a.measures |= 1u << i;
	}
	a.opens = r->pairs && sysset_has(r->pairs->open.calls, name);
	a.closes = r->pairs && sysset_has(r->pairs->close.calls, name);
	return a;
}

static struct advances advances_for(const struct watch *w, struct str name)
{
	struct advances all = {.of = xcalloc((size_t)w->n, sizeof *all.of)};
	for (int i = 0; i < w->n; i++) {
		const struct sequence *s = w->rule[i]->sequence;
		struct advance *a = &all.of[i];
		for (int step = 0; step < s->steps; step++)
			if (sysset_has(s->step[step].calls, name))
				a->steps |= (uint8_t)(1u << step);
		a->may_stand = s->between && sysset_has(s->between, name);
		all.starts |= (a->steps & 1) && !w->rule[i]->blind;
	}
	return all;
}

static struct actions *make(struct engine *e, struct str name)
{
	struct actions *all = xcalloc(1, sizeof *all);
	size_t rules = 0, watches = 0;
	char *copy = xcalloc(1, name.n + 1);
	memcpy(copy, name.n ? name.p : "", name.n);
	all->name = (struct str){copy, name.n};
	for (struct rule *r = e->rules.first; r; r = r->next)
		rules++;
	all->list = xcalloc(rules + 1, sizeof *all->list);
	for (struct rule *r = e->rules.first; r; r = r->next) {
		struct action a = action_for(r, name);
		if (!r->off && !r->blind && (a.counts || a.trace_measures || a.opens || a.closes))
			all->list[all->n++] = a;
	}
	for (const struct watch *w = e->watches; w; w = w->next)
		watches++;
	all->advances = xcalloc(watches + 1, sizeof *all->advances);
	watches = 0;
	for (const struct watch *w = e->watches; w; w = w->next)
		all->advances[watches++] = advances_for(w, name);
	return all;
}

static void drop(const struct engine *e, struct actions **at)
{
	struct actions *all = *at;
	if (!all)
		return;
	size_t i = 0;
	for (const struct watch *w = e->watches; w; w = w->next)
		free(all->advances[i++].of);
	free(all->advances);
	free(all->list);
	free((char *)(uintptr_t)all->name.p);
	free(all);
	*at = NULL;
}

/* One place for each name; a name that finds another one there takes it over. */
static const struct actions *unknown_call(struct engine *e, struct str name)
{
	if (!e->unknown)
		e->unknown = xcalloc(UNKNOWN, sizeof(struct actions *));
	struct actions **at = &e->unknown[str_hash(name) % UNKNOWN];
	if (*at && !str_eq((*at)->name, name))
		drop(e, at);
	if (!*at)
		*at = make(e, name);
	return *at;
}

const struct actions *actions_of(struct engine *e, struct str name)
{
	struct actions **at = &e->no_call;
	if (name.n && !e->row.info)
		return unknown_call(e, name);
	if (e->row.info)
		at = &e->by_call[e->row.info - syscall_table];
	if (!*at)
		*at = make(e, name);
	return *at;
}

void actions_forget(struct engine *e)
{
	for (size_t i = 0; i < syscall_count; i++)
		drop(e, &e->by_call[i]);
	for (size_t i = 0; e->unknown && i < UNKNOWN; i++)
		drop(e, &e->unknown[i]);
	drop(e, &e->no_call);
	free(e->unknown);
	e->unknown = NULL;
}
