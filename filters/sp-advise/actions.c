/* Which rules have to do with which rows: asked once for each class of them. */
#include <stdlib.h>

#include "engine_private.h"

/* Places for names that syscall.def does not know; what is kept at most for each place. */
enum { UNKNOWN = 512, VARIANTS = 256 };

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

static struct residue *rest_of(struct engine *e, struct actions *all, struct event_expr *x, enum expr_certainty holds)
{
	return holds == EXPR_MAYBE ? condition_rest(e, all, x) : NULL;
}

/* False: it takes nothing from such rows. */
static bool make_measure(struct engine *e, struct actions *all, struct rule *r, int i, struct measuring *made)
{
	const struct measure *m = &r->measure[i];
	if (m->kind == SLOT_NONE || !accepts(m->calls, all->name))
		return false;
	bool asks = m->kind == SLOT_COUNT || m->kind == SLOT_MOST;
	enum expr_certainty where = condition_decide(e, m->where);
	enum expr_certainty counts = asks ? condition_decide(e, m->formula) : EXPR_YES;
	if (where == EXPR_NO || counts == EXPR_NO)
		return false;
	*made = (struct measuring){.of = m, .rule = r, .kind = m->kind, .slot = r->first_measure + i};
	made->where = rest_of(e, all, m->where, where);
	made->counts = rest_of(e, all, m->formula, counts);
	return true;
}

static void take_measures(struct engine *e, struct actions *all, struct action *a)
{
	struct measuring made[RULE_MEASURES] = {0};
	struct rule *r = a->rule;
	for (int i = 0; i < r->measures; i++)
		if (!r->measure[i].of_trace && make_measure(e, all, r, i, &made[a->n_measures]))
			a->n_measures++;
	struct measuring *kept = arena_alloc(&all->memory, a->n_measures * sizeof *kept);
	memcpy(kept, made, a->n_measures * sizeof *kept);
	a->measures = kept;
}

static void take_traced(struct engine *e, struct actions *all, struct rule *r)
{
	struct measuring made;
	for (int i = 0; i < r->measures; i++) {
		if (!r->measure[i].of_trace || !make_measure(e, all, r, i, &made))
			continue;
		if (tally_takes(&made))
			all->tallied[all->n_tallied++] = made;
		else
			all->traced[all->n_traced++] = made;
	}
}

/* False: the rule counts no such rows. */
static bool make_action(struct engine *e, struct actions *all, struct rule *r, struct action *a)
{
	enum expr_certainty where = condition_decide(e, r->where);
	if (!(r->kinds & e->row.kind_bit) || where == EXPR_NO || !counts(r, all->name))
		return false;
	*a = (struct action){.rule = r};
	if (where == EXPR_MAYBE)
		condition_split(e, all, r->where, a);
	take_measures(e, all, a);
	return true;
}

static bool takes_step(struct engine *e, const struct step *s, struct str name)
{
	return sysset_has(s->calls, name) && condition_decide(e, s->where) != EXPR_NO;
}

static struct residue *step_rest(struct engine *e, struct actions *all, const struct step *s)
{
	return rest_of(e, all, s->where, condition_decide(e, s->where));
}

static void take_pairs(struct engine *e, struct actions *all, struct rule *r)
{
	struct pairing p = {.rule = r};
	if (!r->pairs || !(e->row.kind_bit & 1u << EVENT_CALL) || e->row.failed)
		return;
	p.opens = takes_step(e, &r->pairs->open, all->name);
	p.closes = takes_step(e, &r->pairs->close, all->name);
	p.open_where = p.opens ? step_rest(e, all, &r->pairs->open) : NULL;
	p.close_where = p.closes ? step_rest(e, all, &r->pairs->close) : NULL;
	if (p.opens || p.closes)
		all->pairs[all->n_pairs++] = p;
}

static void make_advance(struct engine *e, struct actions *all, struct rule *r, struct advance *a)
{
	const struct sequence *s = r->sequence;
	struct action match;
	*a = (struct advance){.rule = r, .within_ns = s->within_ns, .at = s->at, .n = (uint8_t)s->steps};
	a->where = arena_alloc(&all->memory, (size_t)s->steps * sizeof *a->where);
	for (int step = 0; step < s->steps; step++) {
		a->many |= (uint8_t)(s->step[step].many << step);
		if (!takes_step(e, &s->step[step], all->name))
			continue;
		a->steps |= (uint8_t)(1u << step);
		a->where[step] = step_rest(e, all, &s->step[step]);
	}
	a->may_stand = s->between && sysset_has(s->between, all->name);
	if (!rule_counts_matches(r) || !make_action(e, all, r, &match))
		return;
	struct action *kept = arena_alloc(&all->memory, sizeof *kept);
	*kept = match;
	a->match = kept;
}

static void take_watch(struct engine *e, struct actions *all, struct watch *w)
{
	struct due due = {.watch = w};
	uint64_t stand = 0;
	due.of = arena_alloc(&all->memory, (size_t)w->n * sizeof *due.of);
	for (int i = 0; i < w->n; i++) {
		struct advance *a = &due.of[i];
		uint64_t bit = UINT64_C(1) << i;
		make_advance(e, all, w->rule[i], a);
		if (a->steps || a->within_ns >= 0)
			due.looks |= bit;
		else if (!a->may_stand)
			due.ends |= bit;
		if (a->steps & 1 && !w->rule[i]->blind)
			due.starts |= bit;
		if (!a->steps && a->may_stand)
			stand |= bit;
	}
	if (stand != (w->n < WATCH_RULES ? (UINT64_C(1) << w->n) - 1 : UINT64_MAX))
		all->due[all->n_due++] = due;
}

static struct str copy_of(struct str s)
{
	char *copy = xcalloc(1, s.n + 1);
	memcpy(copy, s.n ? s.p : "", s.n);
	return (struct str){copy, s.n};
}

static void make_lists(struct engine *e, struct actions *all)
{
	for (struct rule *r = e->rules.first; r; r = r->next) {
		if (r->off || r->blind)
			continue;
		struct action *a = &all->counting[all->n_counting];
		if (!rule_counts_matches(r) && make_action(e, all, r, a))
			all->n_counting++;
		if (r->kinds & e->row.kind_bit)
			take_traced(e, all, r);
		take_pairs(e, all, r);
	}
	if (e->row.kind_bit & 1u << EVENT_CALL)
		for (struct watch *w = e->watches; w; w = w->next)
			take_watch(e, all, w);
}

/* Lists as long as they can be: their ends are never touched. */
static void open_lists(const struct engine *e, struct actions *all)
{
	size_t rules = 0, watches = 0, traced = 0;
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		rules++;
		for (int i = 0; i < r->measures; i++)
			traced += r->measure[i].of_trace;
	}
	for (const struct watch *w = e->watches; w; w = w->next)
		watches++;
	all->counting = xcalloc(rules + 1, sizeof *all->counting);
	all->due = xcalloc(watches + 1, sizeof *all->due);
	all->traced = xcalloc(traced + 1, sizeof *all->traced);
	all->tallied = xcalloc(traced + 1, sizeof *all->tallied);
	all->pairs = xcalloc(rules + 1, sizeof *all->pairs);
}

static struct actions *make(struct engine *e, const struct class_key *k)
{
	struct row *row = &e->row;
	struct actions *all = xcalloc(1, sizeof *all);
	all->key = *k;
	all->name = copy_of(row_field(row, EVENT_SYSCALL));
	all->error = copy_of(row_field(row, EVENT_ERRNO));
	all->fdtype = copy_of(row_field(row, ROW_FDTYPE));
	all->number = ++e->classes;
	open_lists(e, all);
	make_lists(e, all);
	return all;
}

static void drop(struct engine *e, struct actions *all)
{
	tally_settle(e, all);
	free(all->counting);
	free(all->due);
	free(all->traced);
	free(all->tallied);
	free(all->pairs);
	arena_free(&all->memory);
	free((char *)(uintptr_t)all->name.p);
	free((char *)(uintptr_t)all->error.p);
	free((char *)(uintptr_t)all->fdtype.p);
	free(all);
}

static void drop_list(struct engine *e, struct actions **list)
{
	for (struct actions *all = *list, *next; all; all = next) {
		next = all->next;
		drop(e, all);
	}
	if (*list)
		memset(e->latest, 0, sizeof e->latest);
	*list = NULL;
}

static inline bool is_for(const struct actions *all, const struct class_key *k, const struct row *row)
{
	const struct class_key *own = &all->key;
	return own->info == k->info && own->state == k->state && own->error_head == k->error_head &&
	       own->fdtype_head == k->fdtype_head && own->error_n == k->error_n && own->fdtype_n == k->fdtype_n &&
	       own->kind_bit == k->kind_bit && (k->error_n <= 8 || str_eq(all->error, row_field(row, EVENT_ERRNO))) &&
	       (k->fdtype_n <= 8 || str_eq(all->fdtype, row_field(row, ROW_FDTYPE))) &&
	       (k->info || str_eq(all->name, row_field(row, EVENT_SYSCALL)));
}

/* The last one found comes first; what is asked for least falls off the end. */
static struct actions *find(struct engine *e, const struct class_key *k, struct actions **list)
{
	struct actions **link = list;
	for (int n = 0; *link; link = &(*link)->next) {
		struct actions *all = *link;
		if (is_for(all, k, &e->row)) {
			*link = all->next;
			all->next = *list;
			return *list = all;
		}
		if (++n == VARIANTS)
			drop_list(e, &all->next);
	}
	struct actions *all = make(e, k);
	all->next = *list;
	return *list = all;
}

static struct actions **list_of(struct engine *e)
{
	const struct row *row = &e->row;
	struct str name = row_field(row, EVENT_SYSCALL);
	if (row->info)
		return &e->by_call[row->info - syscall_table];
	return name.n ? &e->unknown[str_hash(name) % UNKNOWN] : &e->no_call;
}

static inline struct class_key key_of(const struct row *row)
{
	struct str error = row_field(row, EVENT_ERRNO), fdtype = row_field(row, ROW_FDTYPE);
	return (struct class_key){.info = row->info,
	                          .error_head = row_head(error),
	                          .fdtype_head = row_head(fdtype),
	                          .error_n = error.n,
	                          .fdtype_n = fdtype.n,
	                          .kind_bit = row->kind_bit,
	                          .state = row->state};
}

struct actions *actions_find(struct engine *e, struct latest *latest)
{
	const struct row *row = &e->row;
	const struct class_key k = key_of(row);
	struct actions *all = find(e, &k, list_of(e));
	if (row->saying)
		*latest = (struct latest){row->saying, row->state, all};
	return all;
}

void actions_open(struct engine *e)
{
	e->by_call = xcalloc(syscall_count, sizeof(struct actions *));
	e->unknown = xcalloc(UNKNOWN, sizeof(struct actions *));
}

static void settle_list(struct engine *e, struct actions *list)
{
	for (; list; list = list->next)
		tally_settle(e, list);
}

void actions_settle(struct engine *e)
{
	for (size_t i = 0; i < syscall_count; i++)
		settle_list(e, e->by_call[i]);
	for (size_t i = 0; i < UNKNOWN; i++)
		settle_list(e, e->unknown[i]);
	settle_list(e, e->no_call);
}

void actions_forget(struct engine *e)
{
	for (size_t i = 0; i < syscall_count; i++)
		drop_list(e, &e->by_call[i]);
	for (size_t i = 0; i < UNKNOWN; i++)
		drop_list(e, &e->unknown[i]);
	drop_list(e, &e->no_call);
}
