#include "finding.h"

#include <math.h>
#include <stdlib.h>

#include "number.h"

/* ---- values ---- */

typedef struct expr_value value;

static value real_or_missing(double numerator, double denominator)
{
	value v = {.kind = EXPR_MISSING};
	if (denominator > 0) {
		v.kind = EXPR_REAL;
		v.real = numerator / denominator;
	}
	return v;
}

static value only_if(bool known, value v)
{
	return known ? v : (value){.kind = EXPR_MISSING};
}

static void group_values(value v[], const struct group *g)
{
	static const unsigned ranks[] = {50000, 75000, 90000, 95000, 99000, 99900};
	bool timed = g->timed > 0, moved = g->moves > 0, spans = g->first_ns <= g->last_ns;
	v[VALUE_CALLS] = slot_integer(g->calls);
	v[VALUE_ERRORS] = slot_integer(g->errors);
	v[VALUE_TIMED] = slot_integer(g->timed);
	v[VALUE_TOTAL] = only_if(timed, slot_integer((__int128_t)g->total_ns));
	v[VALUE_MIN] = only_if(timed, slot_integer(g->min_ns));
	v[VALUE_MAX] = only_if(timed, slot_integer(g->max_ns));
	v[VALUE_MEAN] = real_or_missing((double)g->total_ns, (double)g->timed);
	for (int i = 0; i <= VALUE_P999 - VALUE_P50; i++)
		v[VALUE_P50 + i] =
		    only_if(g->dur.count > 0, slot_integer(hist_percentile(&g->dur, ranks[i])));
	v[VALUE_BYTES] = slot_integer((__int128_t)g->bytes);
	v[VALUE_MEAN_BYTES] = real_or_missing((double)g->bytes, (double)g->moves);
	v[VALUE_MIN_BYTES] = only_if(moved, slot_integer(g->min_bytes));
	v[VALUE_MAX_BYTES] = only_if(moved, slot_integer(g->max_bytes));
	v[VALUE_FIRST] = only_if(spans, slot_integer(g->first_ns));
	v[VALUE_LAST] = only_if(spans, slot_integer(g->last_ns));
	v[VALUE_SPAN] = only_if(spans, slot_integer((__int128_t)g->last_ns - g->first_ns));
}

static void whole_values(value v[], const struct rule *r, const struct totals *t)
{
	bool timed = t->ns > 0;
	v[VALUE_RULE_CALLS] = slot_integer(r->sum.calls);
	v[VALUE_RULE_ERRORS] = slot_integer(r->sum.errors);
	v[VALUE_RULE_NS] = only_if(timed, slot_integer((__int128_t)r->sum.ns));
	v[VALUE_RULE_BYTES] = slot_integer((__int128_t)r->sum.bytes);
	v[VALUE_RULE_GROUPS] = slot_integer((__int128_t)r->groups.n + r->groups.forgotten);
	v[VALUE_TRACE_CALLS] = slot_integer(t->calls);
	v[VALUE_TRACE_ERRORS] = slot_integer(t->errors);
	v[VALUE_TRACE_NS] = only_if(timed, slot_integer((__int128_t)t->ns));
	v[VALUE_TRACE_WAIT] = only_if(timed, slot_integer((__int128_t)t->wait_ns));
	v[VALUE_TRACE_ACTIVE] = only_if(timed, slot_integer((__int128_t)(t->ns - t->wait_ns)));
	v[VALUE_TRACE_SPAN] = only_if(t->span_ns > 0, slot_integer((__int128_t)t->span_ns));
}

static void shares(value v[], const struct group *g, const struct totals *t)
{
	double seconds = (double)t->span_ns / 1e9;
	v[VALUE_CALLS_PER_S] = real_or_missing((double)g->calls, seconds);
	v[VALUE_BYTES_PER_S] = real_or_missing((double)g->bytes, seconds);
	v[VALUE_SHARE] = only_if(
	    g->timed > 0, real_or_missing((double)g->total_ns, (double)(t->ns - t->wait_ns)));
	v[VALUE_CALLS_SHARE] = real_or_missing((double)g->calls, (double)t->calls);
	v[VALUE_ERROR_SHARE] = real_or_missing((double)g->errors, (double)g->calls);
}

/* Slots and formulas, each of which may use those before it. */
static void slot_values(value v[], const struct rule *r, const struct group *g)
{
	for (int i = 0; i < r->slots; i++) {
		int m = i - r->first_measure;
		bool declared = r->measures > 0 && m >= 0;
		const struct measure *measure = declared ? &r->measure[m] : NULL;
		const struct slot *slot = measure && measure->of_trace ? &r->trace_slot[i] : &g->slot[i];
		value *out = &v[VALUE_COUNT + i];
		*out = slot_value(r->slot_kind[i], slot, measure ? measure->per_100k : 0);
		if (measure && measure->of_measures)
			*out = expr_compute(measure->of_measures, NULL, v);
		else if (r->pairs && i == r->pairs->slot + 3) /* left */
			*out = slot_integer((__int128_t)g->slot[i - 3].count - g->slot[i - 2].count);
	}
}

/* ---- text ---- */

static double as_real(value v)
{
	return v.kind == EXPR_INT ? (double)v.integer : v.real;
}

static int64_t as_integer(value v)
{
	if (v.kind == EXPR_INT)
		return v.integer;
	return v.real >= 9e18 ? INT64_MAX : v.real <= -9e18 ? -INT64_MAX : llround(v.real);
}

static void show_number(double x, struct buf *out)
{
	char shown[NUMBER_HUMAN];
	double size = fabs(x);
	if (size >= 100)
		buf_add_str(out, str_of(number_human_count(shown, as_integer((value){.kind = EXPR_REAL, .real = x}))));
	else if (size >= 10)
		buf_printf(out, "%.3g", x);
	else
		buf_printf(out, size >= 0.01 || size == 0 ? "%.3g" : "%.2e", x);
}

static void show_value(value v, enum show show, struct buf *out)
{
	char shown[NUMBER_HUMAN];
	double percent;
	if (v.kind == EXPR_MISSING) {
		buf_add_str(out, STR("?"));
		return;
	}
	switch (show) {
	case SHOW_NS:
		buf_add_str(out, str_of(number_human_ns(shown, as_integer(v))));
		break;
	case SHOW_BYTES:
		buf_add_str(out, str_of(number_human_bytes(shown, as_integer(v))));
		break;
	case SHOW_TIME:
		buf_add_str(out, str_of(number_human_time(shown, as_integer(v))));
		break;
	case SHOW_PERCENT:
		percent = 100 * as_real(v);
		buf_printf(out, fabs(percent) >= 99.95 ? "%.0f %%" : fabs(percent) >= 10 ? "%.1f %%" : "%.2f %%", percent);
		break;
	case SHOW_COUNT:
		if (v.kind == EXPR_INT)
			buf_add_str(out, str_of(number_human_count(shown, v.integer)));
		else
			show_number(v.real, out);
		break;
	case SHOW_NUMBER:
		show_number(as_real(v), out);
		break;
	}
}

/* One line: what YAML folded or not does not matter. */
static void add_literal(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool blank = s.p[i] == '\n' || s.p[i] == ' ' || s.p[i] == '\t';
		bool again = blank && out->n && out->p[out->n - 1] == ' ';
		if (!again)
			buf_add_char(out, blank ? ' ' : s.p[i]);
	}
}

static struct str fill(struct arena *memory, const struct rule *r, const struct group *g, const value v[])
{
	struct buf out = {0};
	for (const struct piece *p = r->text; p; p = p->next) {
		if (p->measure >= 0) {
			const struct measure *m = &r->measure[p->measure];
			int at = r->first_measure + p->measure;
			const struct slot *slot = m->of_trace ? &r->trace_slot[at] : &g->slot[at];
			buf_add_str(&out, slot_kept(slot) ? str_of(slot_kept(slot)) : STR("?"));
		} else if (p->formula) {
			show_value(expr_compute(p->formula, NULL, v), p->show, &out);
		} else {
			add_literal(&out, p->literal);
		}
	}
	struct str kept = arena_str(memory, str_trim(buf_str(&out)));
	buf_free(&out);
	return kept;
}

void finding_error(const struct finding *f, struct buf *out)
{
	char ns[NUMBER_HUMAN];
	if (!f->group->missed)
		return;
	int64_t missed = f->group->missed > INT64_MAX ? INT64_MAX : (int64_t)f->group->missed;
	buf_printf(out, "may lack calls of up to %s (1 us a call and their time)", number_human_ns(ns, missed));
}

/* ---- findings ---- */

static int64_t estimate(struct expr *e, const value v[], __int128_t most)
{
	if (!e)
		return -1;
	value x = expr_compute(e, NULL, v);
	if (x.kind == EXPR_MISSING)
		return -1;
	int64_t i = as_integer(x);
	return i < 0 ? 0 : i > most ? (int64_t)most : i;
}

static bool judge(const struct rule *r, const value v[], enum severity *severity)
{
	if (r->when && !expr_test(r->when, NULL, v))
		return false;
	for (int i = 0; i < r->severities; i++) {
		*severity = r->severity[i].severity;
		if (!r->severity[i].when || expr_test(r->severity[i].when, NULL, v))
			return true;
	}
	return false;
}

static void add(struct findings *f, struct finding finding)
{
	if ((f->n & (f->n - 1)) == 0) /* full at the powers of two */
		f->list = xrealloc(f->list, f->n ? 2 * f->n : 1, sizeof *f->list);
	f->list[f->n++] = finding;
}

static void judge_groups(struct findings *f, const struct engine *e, const struct rule *r)
{
	value v[VALUE_COUNT + RULE_SLOTS];
	struct group *g;
	size_t at = 0;
	whole_values(v, r, &e->totals);
	while ((g = groups_next(&r->groups, &at))) {
		struct finding new = {.rule = r, .group = g, .calls = g->calls};
		group_values(v, g);
		shares(v, g, &e->totals);
		slot_values(v, r, g);
		if (!judge(r, v, &new.severity))
			continue;
		struct buf subject = {0};
		scope_subject(r->scope, g->key, &subject);
		new.subject = arena_str(&f->memory, buf_str(&subject));
		buf_free(&subject);
		new.timed = g->timed > 0;
		new.total_ns = (__int128_t)g->total_ns;
		new.saves_ns = new.timed ? estimate(r->saves_time, v, new.total_ns) : -1;
		new.saves_calls = estimate(r->saves_calls, v, (__int128_t)g->calls);
		new.evidence = fill(&f->memory, r, g, v);
		add(f, new);
	}
}

static int compare(__int128_t a, __int128_t b)
{
	return (a > b) - (a < b);
}

static int by_importance(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = compare(y->severity, x->severity);
	order = order ? order : compare(y->saves_ns, x->saves_ns);
	order = order ? order : compare(y->total_ns, x->total_ns);
	order = order ? order : compare(y->calls, x->calls);
	order = order ? order : str_cmp(x->rule->id, y->rule->id);
	order = order ? order : str_cmp(x->subject, y->subject);
	return order ? order : str_cmp(x->group->key, y->group->key);
}

void findings_make(struct findings *f, struct engine *e)
{
	*f = (struct findings){0};
	for (const struct rule *r = e->rules.first; r; r = r->next)
		if (!r->off)
			judge_groups(f, e, r);
	if (f->n)
		qsort(f->list, f->n, sizeof *f->list, by_importance);
}

void findings_free(struct findings *f)
{
	free(f->list);
	arena_free(&f->memory);
}
