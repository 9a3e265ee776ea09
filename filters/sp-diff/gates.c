#include "gates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "number.h"

enum { MOST_NAMED = 5 };

/* ---- in ---- */

static bool take_value(struct gate *g, struct str s)
{
	int64_t value;
	bool minus = s.n && s.p[0] == '-';
	g->relative = s.n && (s.p[0] == '+' || s.p[0] == '-');
	s = str_trim(str_drop(s, g->relative));
	g->percent = s.n && s.p[s.n - 1] == '%';
	if (g->percent) {
		char z[32], *end;
		s = str_trim((struct str){s.p, s.n - 1});
		if (s.n == 0 || s.n >= sizeof z || !number_is_digit(s.p[0]))
			return false;
		memcpy(z, s.p, s.n);
		z[s.n] = '\0';
		g->value = strtod(z, &end);
		if (*end || !g->relative)
			return false;
	} else {
		bool ok = measures[g->measure].type == TABLE_NS      ? number_duration(s, &value)
		          : measures[g->measure].type == TABLE_BYTES ? number_size(s, &value)
		                                                     : number_i64(s, &value);
		if (!ok)
			return false;
		g->value = (double)value;
	}
	g->value = minus ? -g->value : g->value;
	return true;
}

const char *gate_parse(struct gate *g, const char *text)
{
	struct str s = str_trim(str_of(text)), rest = s, first;
	*g = (struct gate){.text = s};
	if (str_eq(s, STR("new-errors")) || str_eq(s, STR("new")) || str_eq(s, STR("gone"))) {
		g->kind = str_eq(s, STR("new"))    ? GATE_NEW
		          : str_eq(s, STR("gone")) ? GATE_GONE
		                                   : GATE_NEW_ERRORS;
		return NULL;
	}
	const char *colon = memrchr(s.p, ':', s.n);
	if (colon) {
		g->subject = str_trim(str_between(s.p, colon));
		rest = str_between(colon + 1, s.p + s.n);
	}
	const char *sign = str_chr(rest, '>');
	g->below = !sign;
	if (!sign)
		sign = str_chr(rest, '<');
	if (!sign)
		return "a gate is NAME > +N%, or new-errors, new, gone";
	first = str_trim(str_between(rest.p, sign));
	int measure = measure_by_name(first);
	if (measure < 0)
		return "the names are calls, errors, bytes, time, p50, p99";
	g->measure = (enum measure)measure;
	if (!take_value(g, str_trim(str_between(sign + 1, rest.p + rest.n))))
		return "the value is +10%, -10%, +100, 5ms, 4KiB or the like";
	return NULL;
}

/* ---- at work ---- */

static void put_value(struct buf *b, enum measure m, int64_t value)
{
	char text[NUMBER_HUMAN];
	buf_printf(b, "%s",
	           measures[m].type == TABLE_NS      ? number_human_ns(text, value)
	           : measures[m].type == TABLE_BYTES ? number_human_bytes(text, value)
	                                             : number_human_count(text, value));
}

static void put_key(struct buf *b, struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		buf_add_char(b, key.p[i] == '\t' ? ',' : key.p[i]);
	if (key.n == 0)
		buf_add_str(b, STR("(none)"));
}

/* "read 12 us -> 15 us (+25.0 %)" */
static void put_change(struct buf *b, struct str key, enum measure m, int64_t x, int64_t y)
{
	if (b->n)
		buf_add_str(b, STR("; "));
	put_key(b, key);
	buf_add_char(b, ' ');
	put_value(b, m, x);
	buf_add_str(b, STR(" -> "));
	put_value(b, m, y);
	if (x)
		buf_printf(b, " (%+.1f %%)", 100 * ((double)y - (double)x) / (double)x);
}

static bool breaks(const struct gate *g, int64_t x, int64_t y)
{
	double from = (double)x, to = (double)y;
	double limit = !g->relative ? g->value
	               : g->percent ? from + fabs(from) * g->value / 100
	                            : from + g->value;
	return g->below ? to < limit : to > limit;
}

static const struct test *test_of(const struct gate *g, const struct pair *p)
{
	return g->measure == MEASURE_P50 ? &p->p50 : g->measure == MEASURE_P99 ? &p->p99 : NULL;
}

static void put_lack(struct buf *b, struct str key, enum measure m)
{
	if (b->n)
		buf_add_str(b, STR("; "));
	put_key(b, key);
	buf_printf(b, " has no %s", measures[m].name.p);
}

/* Percentiles of which a summary has told no more than the sum. The second run does not pass with what the first
 * knows and it does not. */
static bool lacks_percentile(struct gate *g, const struct pair *p)
{
	const struct side *a = &p->a, *b = &p->b;
	bool of_first = g->relative && side_lacks(a, g->measure) && a->has[MEASURE_TIME];
	bool of_second = side_lacks(b, g->measure) && b->has[MEASURE_TIME] && (a->present || !g->relative);
	bool fails = of_second && a->present && a->has[g->measure];
	if (!test_of(g, p) || !b->present || !(of_first || of_second))
		return false;
	g->failed |= fails;
	if (fails && g->groups++ < MOST_NAMED)
		put_lack(&g->why, p->key, g->measure);
	if (!fails && g->unknown++ < MOST_NAMED)
		put_lack(&g->unchecked, p->key, g->measure);
	return true;
}

static void check_pair(struct gate *g, const struct pair *p)
{
	int64_t x = side_value(&p->a, g->measure), y = side_value(&p->b, g->measure);
	const struct test *test = test_of(g, p);
	bool known = p->b.present && p->b.has[g->measure];
	if (lacks_percentile(g, p))
		return;
	if (side_lacks(&p->b, g->measure) || (g->relative && side_lacks(&p->a, g->measure)))
		return;
	/* A latency that was not there before has nothing to be worse than. */
	if (test && g->relative && !(known && p->a.present && p->a.has[g->measure]))
		return;
	if ((!known && test) || !breaks(g, x, y))
		return;
	if (test && g->relative && !test->significant) {
		g->untested |= !p->a.dur || !p->b.dur;
		if (g->unsure++ < MOST_NAMED)
			put_change(&g->aside, p->key, g->measure, x, y);
		return;
	}
	g->failed = true;
	if (g->groups++ < MOST_NAMED)
		put_change(&g->why, p->key, g->measure, x, y);
}

static void check_presence(struct gate *g, const struct pair *p)
{
	int64_t x = side_value(&p->a, MEASURE_ERRORS), y = side_value(&p->b, MEASURE_ERRORS);
	bool found = g->kind == GATE_NEW    ? !p->a.present
	             : g->kind == GATE_GONE ? !p->b.present
	                                    : x == 0 && y > 0;
	if (!found)
		return;
	g->failed = true;
	if (g->groups++ >= MOST_NAMED)
		return;
	if (g->kind == GATE_NEW_ERRORS) {
		put_change(&g->why, p->key, MEASURE_ERRORS, x, y);
		return;
	}
	if (g->why.n)
		buf_add_str(&g->why, STR("; "));
	put_key(&g->why, p->key);
}

static bool is_subject(const struct gate *g, struct str key)
{
	struct buf b = {0};
	if (g->subject.n == 0 || str_eq(g->subject, STR("each")))
		return true;
	put_key(&b, key);
	bool same = str_eq(buf_str(&b), g->subject);
	buf_free(&b);
	return same;
}

static bool has_any(const struct diff *d, enum measure m, bool second)
{
	bool found = false;
	for (size_t i = 0; i < d->pairs && !found; i++)
		found = second ? d->pair[i].b.has[m] : d->pair[i].a.has[m];
	return found;
}

/* Whether a run lacks what is to be compared, as times are lacking in a trace without them; that no call moved
 * bytes is nothing missing. */
static bool lacks_measure(struct gate *g, const struct diff *d)
{
	enum measure m = g->kind == GATE_LIMIT ? g->measure : MEASURE_ERRORS;
	if (g->kind == GATE_NEW || g->kind == GATE_GONE || m == MEASURE_BYTES)
		return false;
	bool first = has_any(d, m, false), second = has_any(d, m, true);
	bool nothing = !d->total.a.present && m <= MEASURE_TIME; /* is 0 */
	bool compares = g->relative || g->kind == GATE_NEW_ERRORS;
	if (second && (first || nothing || !compares))
		return false;
	g->failed = first;
	buf_printf(first ? &g->why : &g->unchecked, "%s %s",
	           first    ? "the second run has no"
	           : second ? "the first run has no"
	                    : "neither run has",
	           measures[m].name.p);
	return true;
}

void gate_check(struct gate *g, const struct diff *d)
{
	g->found = g->subject.n == 0 || str_eq(g->subject, STR("each"));
	if (!d->patterns && !d->total.b.present) {
		g->failed = g->found = true;
		buf_add_str(&g->why, STR("the second run has no calls"));
		return;
	}
	if (lacks_measure(g, d)) {
		g->found = true;
		return;
	}
	if (g->kind == GATE_LIMIT && g->subject.n == 0 && g->measure <= MEASURE_TIME &&
	    !d->patterns) {
		check_pair(g, &d->total);
		return;
	}
	for (size_t i = 0; i < d->pairs; i++) {
		if (!is_subject(g, d->pair[i].key))
			continue;
		g->found = true;
		if (g->kind == GATE_LIMIT)
			check_pair(g, &d->pair[i]);
		else
			check_presence(g, &d->pair[i]);
	}
	if (g->groups > MOST_NAMED)
		buf_printf(&g->why, "; and %zu more", g->groups - MOST_NAMED);
	if (g->unknown > MOST_NAMED)
		buf_printf(&g->unchecked, "; and %zu more", g->unknown - MOST_NAMED);
}

const char *gate_doubt(const struct gate *g)
{
	return g->untested ? "not tested, for a finished table has no latencies (sp-stats --partial has)"
	                   : "not significant";
}

void gate_free(struct gate *g)
{
	buf_free(&g->why);
	buf_free(&g->aside);
	buf_free(&g->unchecked);
}
