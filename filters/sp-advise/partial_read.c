#include "number.h"
#include "partial.h"

static const char *const names[PARTIAL_COLUMNS] = {
#define PARTIAL(id, name) [PARTIAL_##id] = name,
#include "partial.def"
#undef PARTIAL
};

void partials_open(struct partials *p, struct engine *e)
{
	*p = (struct partials){.e = e};
	for (int i = 0; i < PARTIAL_COLUMNS; i++)
		p->column[i] = tsv_want(e->row.t, names[i]);
}

bool partials_header(struct partials *p)
{
	struct tsv *t = p->e->row.t;
	p->is_partial = tsv_has(t, p->column[PARTIAL_SLOTS]) && tsv_has(t, p->column[PARTIAL_DIGEST]);
	for (int i = 0; p->is_partial && i < PARTIAL_COLUMNS; i++)
		tsv_require(t, p->column[i]);
	if (p->is_partial)
		p->e->part++;
	return p->is_partial;
}

static struct str cell(const struct partials *p, enum partial_column column)
{
	return p->e->row.t->field[p->column[column]];
}

static bool bad(const struct partials *p, enum partial_column column)
{
	struct str f = cell(p, column);
	diag_at(DIAG_ROW, input_place(p->e->row.t->in), "a partial's %s cannot be: %.*s", names[column],
	        (int)f.n, f.p);
	return false;
}

static bool take_u64(const struct partials *p, enum partial_column column, uint64_t *value)
{
	return number_u64(cell(p, column), value) || bad(p, column);
}

static bool take_i64(const struct partials *p, enum partial_column column, int64_t *value)
{
	return number_i64(cell(p, column), value) || bad(p, column);
}

static bool take_u128(const struct partials *p, enum partial_column column, __uint128_t *value)
{
	struct str s = cell(p, column);
	*value = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(s.p[i] - '0');
		if (digit > 9 || __builtin_mul_overflow(*value, (__uint128_t)10, value) ||
		    __builtin_add_overflow(*value, (__uint128_t)digit, value))
			return bad(p, column);
	}
	return s.n > 0 || bad(p, column);
}

/* ---- groups ---- */

static bool take_slots(const struct partials *p, const struct rule *r, struct slot *slots)
{
	struct str rest = cell(p, PARTIAL_SLOTS), piece;
	int n = 0;
	for (; n < r->slots && str_cut(&rest, ' ', &piece); n++)
		if (!slot_read(r->slot_kind[n], &slots[n], piece))
			return bad(p, PARTIAL_SLOTS);
	return (n == r->slots && (!rest.p || n == 0)) || bad(p, PARTIAL_SLOTS);
}

static bool take_number(struct str *rest, int64_t *value)
{
	struct str piece;
	return str_cut(rest, ':', &piece) && number_i64(piece, value);
}

static bool take_examples(const struct partials *p, struct group *g)
{
	struct str rest = cell(p, PARTIAL_WORST), piece, call;
	struct buf room = {0};
	bool good = true;
	while (good && rest.n && str_cut(&rest, ' ', &piece)) {
		struct example x = {0};
		good = take_number(&piece, &x.value) && take_number(&piece, &x.start_ns) &&
		       take_number(&piece, &x.dur_ns) && take_number(&piece, &x.tid) &&
		       take_number(&piece, &x.line) && str_cut(&piece, ':', &call);
		if (!good)
			break;
		x.call = engine_name(p->e, call);
		x.file = engine_name(p->e, slot_read_text(piece, &room));
		group_example(g, &x);
	}
	buf_free(&room);
	return good || bad(p, PARTIAL_WORST);
}

static bool take_bins(const struct partials *p, struct group *g)
{
	uint64_t total = 0;
	struct str bins = cell(p, PARTIAL_BINS);
	if (bins.n == 0)
		return true;
	g->dur.min = (uint64_t)g->min_ns;
	g->dur.max = (uint64_t)g->max_ns;
	bool good = hist_read_bins(&g->dur, bins, &total);
	g->dur.count = total;
	return good || bad(p, PARTIAL_BINS);
}

static bool take_group(const struct partials *p, const struct rule *r, struct group *g)
{
	bool spans = cell(p, PARTIAL_FIRST).n > 0;
	return take_u64(p, PARTIAL_CALLS, &g->calls) && take_u64(p, PARTIAL_ERRORS, &g->errors) &&
	       take_u64(p, PARTIAL_TIMED, &g->timed) && take_u64(p, PARTIAL_TOTAL, &g->total_ns) &&
	       take_i64(p, PARTIAL_MIN, &g->min_ns) && take_i64(p, PARTIAL_MAX, &g->max_ns) &&
	       take_u64(p, PARTIAL_MOVES, &g->moves) && take_u64(p, PARTIAL_BYTES, &g->bytes) &&
	       take_i64(p, PARTIAL_MIN_BYTES, &g->min_bytes) &&
	       take_i64(p, PARTIAL_MAX_BYTES, &g->max_bytes) &&
	       (!spans || (take_i64(p, PARTIAL_FIRST, &g->first_ns) &&
	                   take_i64(p, PARTIAL_LAST, &g->last_ns))) &&
	       take_u64(p, PARTIAL_WEIGHT, &g->weight) && take_u64(p, PARTIAL_MISSED, &g->missed) &&
	       take_bins(p, g) && take_examples(p, g) && take_slots(p, r, g->slot);
}

static struct str join_key(const struct partials *p, const struct rule *r, struct buf *key)
{
	for (int i = 0; i < r->scope->n; i++) {
		if (i)
			buf_add_char(key, '\t');
		buf_add_str(key, cell(p, (enum partial_column)(PARTIAL_KEY1 + i)));
	}
	buf_reserve(key, INPUT_SLACK);
	return buf_str(key);
}

static void add_group(struct partials *p, struct rule *r)
{
	struct buf room = {0};
	struct group *read = group_new(&r->groups);
	if (take_group(p, r, read)) {
		struct str key = join_key(p, r, &room);
		struct group *g = groups_at(&r->groups, scope_hash(r->scope, key), read->weight);
		if (g && group_is_new(g))
			group_name(g, key);
		if (g) {
			g->missed += read->missed;
			g->part = p->e->part;
			group_merge(&r->groups, g, read);
		}
	}
	group_free(&r->groups, read);
	buf_free(&room);
}

/* ---- rules and the trace ---- */

static void add_rule(struct partials *p, struct rule *r)
{
	uint64_t digest, calls, errors, saw, lost, forgotten;
	__uint128_t ns, bytes;
	struct slot slots[RULE_SLOTS] = {0};
	if (!take_u64(p, PARTIAL_DIGEST, &digest))
		return;
	if (digest != r->digest) {
		diag_at(DIAG_ROW, input_place(p->e->row.t->in),
		        "%.*s was another rule when this partial was made; give the same --rules",
		        (int)r->id.n, r->id.p);
		return;
	}
	if (take_u64(p, PARTIAL_CALLS, &calls) && take_u64(p, PARTIAL_ERRORS, &errors) &&
	    take_u64(p, PARTIAL_TIMED, &saw) && take_u128(p, PARTIAL_TOTAL, &ns) &&
	    take_u64(p, PARTIAL_MIN, &lost) && take_u128(p, PARTIAL_BYTES, &bytes) &&
	    take_u64(p, PARTIAL_WEIGHT, &forgotten) &&
	    take_u64(p, PARTIAL_MISSED, &r->groups.part_floor) && take_slots(p, r, slots)) {
		r->sum.calls += calls;
		r->sum.errors += errors;
		r->sum.ns += ns;
		r->sum.bytes += bytes;
		r->saw |= saw > 0;
		r->lost += lost;
		r->groups.forgotten += forgotten;
		r->part = p->e->part;
		for (int i = 0; i < r->slots; i++)
			slot_merge(r->slot_kind[i], &r->trace_slot[i], &slots[i]);
	}
	for (int i = 0; i < r->slots; i++)
		slot_free(r->slot_kind[i], &slots[i]);
}

static void add_trace(struct partials *p)
{
	struct totals *t = &p->e->totals;
	uint64_t calls, errors, untimed, rows;
	__uint128_t ns, wait_ns, span_ns;
	if (!take_u64(p, PARTIAL_CALLS, &calls) || !take_u64(p, PARTIAL_ERRORS, &errors) ||
	    !take_u64(p, PARTIAL_TIMED, &untimed) || !take_u128(p, PARTIAL_TOTAL, &ns) ||
	    !take_u128(p, PARTIAL_MIN, &wait_ns) || !take_u128(p, PARTIAL_MAX, &span_ns) ||
	    !take_u64(p, PARTIAL_MOVES, &rows))
		return;
	t->calls += calls;
	t->errors += errors;
	t->ns += ns;
	t->wait_ns += wait_ns;
	t->span_ns += span_ns;
	p->e->untimed += untimed;
	p->e->rows += rows;
}

/* NULL: it is left out by --only or --skip, is off, or there is no such rule, which is said once. */
static struct rule *rule_of(struct partials *p, struct str id)
{
	for (struct rule *r = p->e->rules.first; r; r = r->next)
		if (str_eq(r->id, id))
			return r->off ? NULL : r;
	if (str_eq(cell(p, PARTIAL_PART), STR("rule")) && !load_knows(&p->e->rules, id))
		diag_at(DIAG_ROW, input_place(p->e->row.t->in),
		        "no rule is called %.*s; give the --rules with which this partial was made",
		        (int)id.n, id.p);
	return NULL;
}

void partials_row(struct partials *p)
{
	struct str part = cell(p, PARTIAL_PART);
	struct rule *r;
	if (str_eq(part, STR("trace"))) {
		add_trace(p);
		return;
	}
	if (!str_eq(part, STR("rule")) && !str_eq(part, STR("group"))) {
		bad(p, PARTIAL_PART);
		return;
	}
	r = rule_of(p, cell(p, PARTIAL_RULE));
	if (r && str_eq(part, STR("rule")))
		add_rule(p, r);
	else if (r && r->part == p->e->part) /* its rule was good */
		add_group(p, r);
}

/* Groups that this part did not have may have been among those it forgot. */
void partials_end_table(struct partials *p)
{
	for (struct rule *r = p->is_partial ? p->e->rules.first : NULL; r; r = r->next) {
		size_t at = 0;
		struct groups *all = &r->groups;
		if (!all->part_floor)
			continue;
		for (struct group *g; (g = groups_next(all, &at));)
			if (g->part != p->e->part)
				g->missed += all->part_floor;
		all->base += all->part_floor;
		all->part_floor = 0;
	}
	p->is_partial = false;
}
