#include "engine_private.h"

#include <math.h>
#include <stdlib.h>

#include "number.h"

/* ---- names that are kept ---- */

enum { NAMES = 1 << 14, NAMES_MOST = NAMES / 2 };

struct names {
	struct arena memory;
	struct str slot[NAMES];
	size_t n;
};

const struct str *engine_name(struct engine *e, struct str name)
{
	struct names *names = e->names;
	if (name.n == 0)
		return NULL;
	for (size_t at = str_hash(name) % NAMES;; at = (at + 1) % NAMES) {
		struct str *slot = &names->slot[at];
		if (str_eq(*slot, name))
			return slot;
		if (slot->p)
			continue;
		if (names->n == NAMES_MOST)
			return NULL;
		names->n++;
		*slot = arena_str(&names->memory, name);
		return slot;
	}
}

/* Expressions that know the time of day, or count from the first event. */
static void begin_exprs(struct engine *e, int64_t start_ns)
{
	for (struct event_expr *x = e->rules.exprs; x; x = x->next)
		if (expr_needs_start(x->expr))
			expr_begin_trace(x->expr, start_ns);
}

/* ---- counting ---- */

static struct expr_value value_of(const struct event_expr *x, struct row *row)
{
	if (x->plain == EVENT_BYTES)
		return row->variable[DERIVED_BYTES];
	row_derive(row, x->needs);
	return expr_compute(x->expr, row->t->field, row->variable);
}

static inline struct expr_value dur_or_value_of(const struct event_expr *x, struct row *row)
{
	return !x || x->plain == EVENT_DUR ? row->variable[DERIVED_DUR] : value_of(x, row);
}

static inline void measure(struct engine *e, const struct measuring *one, struct slot *slot)
{
	struct row *row = &e->row;
	const struct measure *m = one->of;
	if (!residue_holds(e, one->where))
		return;
	switch (one->kind) {
	case SLOT_COUNT:
		slot->count += residue_holds(e, one->counts);
		break;
	case SLOT_SUM: {
		struct expr_value v = dur_or_value_of(m->formula, row);
		if (v.kind != EXPR_INT) {
			slot_number(m->kind, slot, v);
			break;
		}
		slot_sum(slot, v.integer);
		slot->count++;
		break;
	}
	case SLOT_MOST:
		if (row->has_start && residue_holds(e, one->counts))
			slot_most(slot, number_floor(row->end_ns, m->every_ns));
		break;
	case SLOT_DISTINCT:
		if (scope_read(m->columns, row))
			slot_distinct(slot, m->columns->hash);
		break;
	case SLOT_FIRST:
	case SLOT_LAST:
		if (scope_read(m->columns, row) &&
		    !slot_text_again(one->kind, slot, row->start_ns, m->columns->hash))
			slot_text(one->kind, slot, row->start_ns, m->columns->hash, scope_key(m->columns, row));
		break;
	default:
		slot_number(m->kind, slot, dur_or_value_of(m->formula, row));
		break;
	}
}

static void add_time(struct group *g, const struct rule *r, const struct batch *b)
{
	if (r->needs_extremes) {
		g->min_ns = g->timed == 0 || b->ns < g->min_ns ? b->ns : g->min_ns;
		g->max_ns = g->timed == 0 || b->ns > g->max_ns ? b->ns : g->max_ns;
	}
	g->timed += b->timed;
	g->total_ns = groups_sum(g->total_ns, (uint64_t)b->ns);
	if (r->needs_bins)
		hist_add(&g->dur, (uint64_t)b->ns);
}

static void add_bytes(struct group *g, const struct batch *b)
{
	g->min_bytes = g->moves == 0 || b->bytes < g->min_bytes ? b->bytes : g->min_bytes;
	g->max_bytes = g->moves == 0 || b->bytes > g->max_bytes ? b->bytes : g->max_bytes;
	g->moves += b->moves;
	g->bytes = groups_sum(g->bytes, (uint64_t)b->bytes);
}

static void add_sum(struct rule_sum *sum, const struct batch *b)
{
	sum->calls += b->calls;
	sum->errors += b->errors;
	sum->ns += (uint64_t)b->ns;
	sum->bytes += (uint64_t)b->bytes;
}

static __attribute__((noinline)) void keep_example(struct engine *e, struct group *g, int64_t value)
{
	struct row *row = &e->row;
	struct actions *now = e->now;
	struct example x = {.value = value, .start_ns = row->start_ns, .dur_ns = -1, .tid = -1, .line = -1};
	if (row->has_dur)
		x.dur_ns = row->dur_ns;
	if (!row->has_start)
		x.start_ns = -1;
	tsv_i64(row->t, EVENT_TID, &x.tid);
	tsv_i64(row->t, EVENT_LINE, &x.line);
	x.file = engine_name(e, row_field(row, EVENT_FILE));
	if (!now->call)
		now->call = engine_name(e, row_field(row, EVENT_SYSCALL));
	x.call = now->call;
	group_example(g, &x);
}

static inline void add_example(struct engine *e, const struct rule *r, struct group *g)
{
	const struct row *row = &e->row;
	struct expr_value v = dur_or_value_of(r->worst, &e->row);
	int64_t value = v.kind == EXPR_INT                              ? v.integer
	                : v.kind == EXPR_REAL && fabs(v.real) < 9e18 ? llround(v.real)
	                                                                : 0;
	/* Of equal ones the first stay: most rows of most groups end here. */
	if (value > g->least || (value == g->least && (g->examples < GROUPS_EXAMPLES ||
	                                               row->start_ns <= g->worst[GROUPS_EXAMPLES - 1].start_ns)))
		keep_example(e, g, value);
}

static void count(struct engine *e, const struct action *a, struct group *found, const struct batch *b)
{
	struct rule *r = a->rule;
	struct row *row = &e->row;
	if (r->needs_sum)
		add_sum(&r->sum, b);
	struct group *g = rule_take_group(r, row, found, (uint64_t)b->ns + b->calls * GROUPS_CALL_NS);
	if (!g)
		return;
	g->calls += b->calls;
	g->errors += b->errors;
	if (b->timed)
		add_time(g, r, b);
	if (b->moves && r->needs_bytes)
		add_bytes(g, b);
	if (row->has_start && r->needs_span) {
		g->first_ns = b->start_ns < g->first_ns ? b->start_ns : g->first_ns;
		g->last_ns = b->end_ns > g->last_ns ? b->end_ns : g->last_ns;
	}
	add_example(e, r, g);
	for (const struct measuring *m = a->measures, *end = m + a->n_measures; m < end; m++)
		measure(e, m, &g->slot[m->slot]);
	if (r->hung_slot < 0 || !(row->kind_bit & 1u << EVENT_UNFINISHED) || !row->has_start)
		return;
	struct slot *hung = &g->slot[r->hung_slot];
	if (hung->count++ == 0 || row->start_ns < hung->sum)
		hung->sum = row->start_ns;
}

void engine_count(struct engine *e, const struct action *a, const struct batch *b)
{
	struct rule *r = a->rule;
	if (scope_read(r->scope, &e->row))
		count(e, a, groups_find(&r->groups, r->scope->hash), b);
}

/* Who counts the row at hand; their end. What groups are found by, and the groups, are fetched
 * from memory meanwhile: there are so many that mostly no cache has them. */
static struct counted *find_counting(struct engine *e)
{
	struct counted *counted = e->counted;
	for (const struct action *a = e->now->counting, *end = a + e->now->n_counting; a < end; a++) {
		if (!action_holds(e, a) || !scope_read(a->rule->scope, &e->row))
			continue;
		groups_expect(&a->rule->groups, a->rule->scope->hash);
		(counted++)->action = a;
	}
	return counted;
}

static void find_groups(struct counted *counted, const struct counted *end)
{
	for (struct counted *c = counted; c < end; c++) {
		const struct rule *r = c->action->rule;
		c->group = groups_find(&r->groups, r->scope->hash);
		__builtin_prefetch(c->group);
	}
}

static void count_row(struct engine *e, const struct counted *end)
{
	const struct row *row = &e->row;
	const struct batch one = {.calls = 1,
	                          .errors = row->failed,
	                          .timed = row->has_dur,
	                          .moves = row->has_bytes,
	                          .ns = row->dur_ns,
	                          .bytes = row->has_bytes ? row->moved : 0,
	                          .start_ns = row->start_ns,
	                          .end_ns = row->end_ns};
	find_groups(e->counted, end);
	for (const struct counted *c = e->counted; c < end; c++)
		count(e, c->action, c->group, &one);
}

static void note_span(struct engine *e)
{
	const struct row *row = &e->row;
	if (!row->has_start)
		return;
	e->first_ns = row->start_ns < e->first_ns ? row->start_ns : e->first_ns;
	e->last_ns = row->end_ns > e->last_ns ? row->end_ns : e->last_ns;
}

void engine_row(struct engine *e)
{
	struct row *row = &e->row;
	row_take(row);
	if (!e->started && row->has_start) {
		begin_exprs(e, row->start_ns);
		e->started = true;
	}
	note_span(e);
	const struct actions *now = e->now = actions_of(e);
	tally_row(&e->now->tally, row);
	size_t coming = now->n_due ? sequences_expect(e) : 0;
	const struct counted *counting = find_counting(e);
	if (coming)
		coming = sequences_find(e, coming);
	if (counting > e->counted)
		count_row(e, counting);
	for (const struct measuring *m = now->traced, *end = m + now->n_traced; m < end; m++)
		measure(e, m, &m->rule->trace_slot[m->slot]);
	for (const struct pairing *p = now->pairs, *end = p + now->n_pairs; p < end; p++)
		pairs_row(e, p);
	if (coming)
		sequences_row(e, coming);
}

/* ---- traces ---- */

static bool has_transient(const struct rule *r)
{
	for (int i = 0; i < r->slots; i++)
		if (r->slot_kind[i] == SLOT_MOST || r->slot_kind[i] == SLOT_PEAK ||
		    r->slot_kind[i] == SLOT_HUNG)
			return true;
	return false;
}

static void end_slots(const struct rule *r, struct slot *slots, int64_t last_ns)
{
	for (int i = 0; i < r->slots; i++)
		slot_end_trace(r->slot_kind[i], &slots[i], last_ns);
}

void engine_end_trace(struct engine *e)
{
	actions_settle(e);
	for (struct rule *r = e->rules.first; r; r = r->next) {
		size_t at = 0;
		if (r->pairs && !r->off)
			track_clear(r->pairs->track);
		if (!has_transient(r))
			continue;
		end_slots(r, r->trace_slot, e->last_ns);
		for (struct group *g; (g = groups_next(&r->groups, &at));)
			end_slots(r, g->slot, e->last_ns);
	}
	sequences_begin_trace(e);
	row_begin_trace(&e->row);
	if (e->first_ns <= e->last_ns)
		e->totals.span_ns += (__uint128_t)((__int128_t)e->last_ns - e->first_ns);
	e->first_ns = INT64_MAX;
	e->last_ns = INT64_MIN;
	e->started = false;
}

void engine_header(struct engine *e)
{
	bool changed = false;
	scope_header(e->rules.scopes, &e->row);
	for (struct rule *r = e->rules.first; r; r = r->next) {
		bool blind = false;
		for (int i = 0; i < r->n_wanted; i++)
			blind |= !tsv_has(e->row.t, r->wanted[i]);
		changed |= blind != r->blind;
		r->blind = blind;
		r->saw |= !blind;
	}
	if (changed)
		actions_forget(e);
}

void engine_open(struct engine *e, struct tsv *t, const struct load_options *options)
{
	*e = (struct engine){.first_ns = INT64_MAX, .last_ns = INT64_MIN};
	row_open(&e->row, t);
	load_rules(&e->rules, &e->row, options);
	actions_open(e);
	e->names = xcalloc(1, sizeof *e->names);
	sequences_open(e);
	size_t watches = 0;
	for (const struct watch *w = e->watches; w; w = w->next)
		watches++;
	e->coming = xcalloc(watches + 1, sizeof *e->coming);
	size_t rules = 0;
	for (struct rule *r = e->rules.first; r; r = r->next) {
		rules++;
		if (!r->pairs || r->off)
			continue;
		r->pairs->track = xcalloc(1, sizeof *r->pairs->track);
		track_open(r->pairs->track, sizeof(uint64_t));
	}
	e->counted = xcalloc(rules + 1, sizeof *e->counted);
}

void engine_close(struct engine *e)
{
	row_close(&e->row);
}
