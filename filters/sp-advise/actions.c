/* Which rules have to do with which rows: asked once for each call, errno, type
 * of file and kind of row. */
#include <stdlib.h>

#include "engine_private.h"

/* Places for names that syscall.def does not know; what is kept at most for each place. */
enum { UNKNOWN = 512, VARIANTS = 64 };

static bool accepts(struct sysset *calls, struct str name)
{
	return !calls || sysset_has(calls, name);
}

static bool counts(const struct rule *r, struct str name)
{
	if (r->calls)
		return sysset_has(r->calls, name);
	if (r->sequence)
		return sysset_has(r->sequence->step[r->sequence->steps - 1].calls, name);
	return !r->pairs || sysset_has(r->pairs->open.calls, name) ||
	       sysset_has(r->pairs->close.calls, name);
}

static void take_measure(struct engine *e, struct action *a, int i, struct str name)
{
	const struct measure *m = &a->rule->measure[i];
	if (m->kind == SLOT_NONE || !accepts(m->calls, name) || (!m->of_trace && !a->counts))
		return;
	bool asks = m->kind == SLOT_COUNT || m->kind == SLOT_MOST;
	enum expr_certainty where = condition_decide(e, m->where);
	enum expr_certainty counts = asks ? condition_decide(e, m->formula) : EXPR_MAYBE;
	if (where == EXPR_NO || counts == EXPR_NO)
		return;
	*(m->of_trace ? &a->of_trace : &a->measures) |= 1u << i;
	a->sure_where |= (uint32_t)(where == EXPR_YES) << i;
	a->sure_count |= (uint32_t)(counts == EXPR_YES) << i;
}

static bool takes_step(struct engine *e, const struct step *s, struct str name)
{
	return sysset_has(s->calls, name) && condition_decide(e, s->where) != EXPR_NO;
}

static struct action action_for(struct engine *e, struct actions *all, struct rule *r)
{
	struct str name = all->name;
	struct action a = {.rule = r};
	enum expr_certainty where = condition_decide(e, r->where);
	bool is_call = e->row.kind_bit & 1u << EVENT_CALL;
	if (r->kinds & e->row.kind_bit) {
		a.counts = where != EXPR_NO && counts(r, name);
		if (where == EXPR_MAYBE)
			condition_split(e, all, r->where, &a);
		for (int i = 0; i < r->measures; i++)
			take_measure(e, &a, i, name);
	}
	if (r->pairs && is_call && !e->row.failed) {
		a.opens = takes_step(e, &r->pairs->open, name);
		a.closes = takes_step(e, &r->pairs->close, name);
	}
	return a;
}

static struct advances advances_for(struct engine *e, struct actions *of, const struct watch *w)
{
	struct advances all = {.of = xcalloc((size_t)w->n, sizeof *all.of)};
	struct str name = of->name;
	for (int i = 0; i < w->n; i++) {
		const struct sequence *s = w->rule[i]->sequence;
		struct advance *a = &all.of[i];
		for (int step = 0; step < s->steps; step++) {
			if (!takes_step(e, &s->step[step], name))
				continue;
			a->steps |= (uint8_t)(1u << step);
			if (condition_decide(e, s->step[step].where) == EXPR_YES)
				a->sure |= (uint8_t)(1u << step);
		}
		a->may_stand = s->between && sysset_has(s->between, name);
		all.matters |= a->steps || !a->may_stand;
		if (rule_counts_matches(w->rule[i]))
			a->match = action_for(e, of, w->rule[i]);
		if (a->steps & 1 && !w->rule[i]->blind)
			all.starts |= UINT64_C(1) << i;
	}
	return all;
}

static struct str copy_of(struct str s)
{
	char *copy = xcalloc(1, s.n + 1);
	memcpy(copy, s.n ? s.p : "", s.n);
	return (struct str){copy, s.n};
}

/* The first eight bytes of a field, which are readable in any that is not empty; zeros for those it lacks. */
static inline uint64_t head_of(struct str field)
{
	return field.n == 0 ? 0 : str_word(field.p, field.n < 8 ? field.n : 8);
}

static void make_lists(struct engine *e, struct actions *all)
{
	size_t rules = 0;
	for (struct rule *r = e->rules.first; r; r = r->next)
		rules++;
	all->counting = xcalloc(rules + 1, sizeof *all->counting);
	all->others = xcalloc(rules + 1, sizeof *all->others);
	all->tallied = xcalloc(rules + 1, sizeof *all->tallied);
	for (struct rule *r = e->rules.first; r; r = r->next) {
		if (r->off || r->blind)
			continue;
		struct action a = action_for(e, all, r);
		uint32_t tallied = tally_takes(&e->row, &a);
		if (a.counts && !rule_counts_matches(r))
			all->counting[all->n_counting++] = a;
		a.of_trace &= ~tallied;
		if (a.of_trace || a.opens || a.closes)
			all->others[all->n_others++] = a;
		if (tallied)
			all->tallied[all->n_tallied++] = (struct action){.rule = r, .of_trace = tallied};
	}
}

static struct actions *make(struct engine *e)
{
	struct row *row = &e->row;
	struct actions *all = xcalloc(1, sizeof *all);
	size_t watches = 0;
	all->name = copy_of(row_field(row, row->syscall));
	all->error = copy_of(row_field(row, row->error));
	all->fdtype = copy_of(row_field(row, row->fdtype));
	all->error_head = head_of(row_field(row, row->error));
	all->fdtype_head = head_of(row_field(row, row->fdtype));
	all->kind_bit = row->kind_bit;
	all->residue = arena_alloc(&all->memory, (size_t)e->rules.n_exprs * sizeof *all->residue);
	make_lists(e, all);
	for (const struct watch *w = e->watches; w; w = w->next)
		watches++;
	all->advances = xcalloc(watches + 1, sizeof *all->advances);
	watches = 0;
	for (const struct watch *w = e->watches; w; w = w->next)
		all->advances[watches++] = advances_for(e, all, w);
	return all;
}

static void drop(const struct engine *e, struct actions *all)
{
	size_t i = 0;
	tally_settle(all);
	for (const struct watch *w = e->watches; w; w = w->next)
		free(all->advances[i++].of);
	free(all->advances);
	free(all->counting);
	free(all->others);
	free(all->tallied);
	arena_free(&all->memory);
	free((char *)(uintptr_t)all->name.p);
	free((char *)(uintptr_t)all->error.p);
	free((char *)(uintptr_t)all->fdtype.p);
	free(all);
}

static void drop_list(const struct engine *e, struct actions **list)
{
	for (struct actions *all = *list, *next; all; all = next) {
		next = all->next;
		drop(e, all);
	}
	*list = NULL;
}

static inline bool is_same(struct str text, uint64_t head, struct str field)
{
	return text.n == field.n && head == head_of(field) && (field.n <= sizeof head || str_eq(text, field));
}

static inline bool is_for(const struct actions *all, const struct row *row)
{
	return all->kind_bit == row->kind_bit && is_same(all->error, all->error_head, row_field(row, row->error)) &&
	       is_same(all->fdtype, all->fdtype_head, row_field(row, row->fdtype)) &&
	       (row->info || str_eq(all->name, row_field(row, row->syscall)));
}

/* The last one found comes first; what is asked for least falls off the end. */
static struct actions *find(struct engine *e, struct actions **list)
{
	struct actions **link = list;
	for (int n = 0; *link; link = &(*link)->next) {
		struct actions *all = *link;
		if (is_for(all, &e->row)) {
			*link = all->next;
			all->next = *list;
			return *list = all;
		}
		if (++n == VARIANTS)
			drop_list(e, &all->next);
	}
	struct actions *all = make(e);
	all->next = *list;
	return *list = all;
}

struct actions *actions_of(struct engine *e)
{
	const struct row *row = &e->row;
	struct str name = row_field(row, row->syscall);
	struct actions **list = &e->no_call;
	if (row->info)
		list = &e->by_call[row->info - syscall_table];
	else if (name.n)
		list = &e->unknown[str_hash(name) % UNKNOWN];
	if (*list && is_for(*list, row))
		return *list;
	return find(e, list);
}

void actions_open(struct engine *e)
{
	e->by_call = xcalloc(syscall_count, sizeof(struct actions *));
	e->unknown = xcalloc(UNKNOWN, sizeof(struct actions *));
}

void actions_close(struct engine *e)
{
	actions_forget(e);
	free(e->by_call);
	free(e->unknown);
	conditions_close(e);
}

static void settle_list(struct actions *list)
{
	for (; list; list = list->next)
		tally_settle(list);
}

void actions_settle(struct engine *e)
{
	for (size_t i = 0; i < syscall_count; i++)
		settle_list(e->by_call[i]);
	for (size_t i = 0; i < UNKNOWN; i++)
		settle_list(e->unknown[i]);
	settle_list(e->no_call);
}

void actions_forget(struct engine *e)
{
	for (size_t i = 0; i < syscall_count; i++)
		drop_list(e, &e->by_call[i]);
	for (size_t i = 0; i < UNKNOWN; i++)
		drop_list(e, &e->unknown[i]);
	drop_list(e, &e->no_call);
}
