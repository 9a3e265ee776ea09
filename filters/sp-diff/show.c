#include "show.h"

#include <stdlib.h>

#include "keys.h"
#include "number.h"

/* ---- order ---- */

static int sort_by; /* qsort has no context */

static double change(const struct pair *p, enum measure m)
{
	double x = (double)side_value(&p->b, m) - (double)side_value(&p->a, m);
	return x < 0 ? -x : x;
}

/* What matters is time; where a run has none, calls. */
static int by_weight(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	enum measure order[3] = {MEASURE_TIME, MEASURE_CALLS, MEASURE_ERRORS};
	if (sort_by >= 0)
		order[0] = (enum measure)sort_by;
	for (int i = 0; i < 3 && sort_by != -2; i++) {
		double u = change(a, order[i]), v = change(b, order[i]);
		if (u != v)
			return u < v ? 1 : -1;
	}
	return str_cmp(a->key, b->key);
}

/* ---- columns ---- */

struct columns {
	struct table *t;
	unsigned measures;
	bool people;
	struct arena names;
};

static const char *column_name(struct columns *c, struct str label, const char *name)
{
	struct buf b = {0};
	buf_printf(&b, "%.*s_%s", (int)label.n, label.p, name);
	buf_add_char(&b, '\0');
	const char *kept = arena_str(&c->names, buf_str(&b)).p;
	buf_free(&b);
	return kept;
}

static bool has_test(enum measure m)
{
	return m == MEASURE_P50 || m == MEASURE_P99;
}

static void add_columns(struct columns *c, const struct show *s, const struct diff *d)
{
	for (size_t i = 0; i < d->keys; i++)
		table_column(c->t, d->key_name[i].p, keys_type(d->key_name[i]));
	table_column(c->t, "status", TABLE_TEXT);
	for (int m = 0; m < MEASURES; m++) {
		if (!(c->measures >> m & 1))
			continue;
		struct str name = measures[m].name;
		table_column(c->t, column_name(c, s->label[0], measures[m].column),
		             measures[m].type);
		table_column(c->t, column_name(c, s->label[1], measures[m].column),
		             measures[m].type);
		if (!c->people || m == MEASURE_CALLS)
			table_column(
			    c->t,
			    column_name(c, name, measures[m].type == TABLE_NS ? "diff_ns" : "diff"),
			    measures[m].type);
		table_column(c->t, column_name(c, name, "percent"), TABLE_PERCENT);
		for (int i = 0; i < 2 && d->patterns && m == MEASURE_CALLS; i++)
			table_column(c->t, column_name(c, s->label[i], "share_percent"),
			             TABLE_PERCENT);
		if (has_test((enum measure)m))
			table_column(c->t, column_name(c, name, "verdict"), TABLE_TEXT);
		if (has_test((enum measure)m) && !c->people)
			table_column(c->t, column_name(c, name, "p_value"), TABLE_DIGITS);
	}
	if (c->measures >> MEASURE_TIME == 0)
		return;
	table_column(c->t, "latency", TABLE_TEXT);
	if (c->people)
		return;
	table_column(c->t, "p_value", TABLE_DIGITS);
	table_column(c->t, "effect", TABLE_DIGITS);
}

/* ---- cells ---- */

static void put_double(struct table *t, bool known, double value)
{
	if (known)
		table_number(t, value);
	else
		table_empty(t);
}

/* A label, or what a table calls a number and is none, stays as it is. */
static void put_key(struct table *t, struct str name, struct str key)
{
	int64_t number;
	bool is_number = keys_type(name) != TABLE_TEXT;
	if (is_number && number_i64(key, &number))
		table_int(t, number);
	else if (is_number && key.n == 0)
		table_empty(t);
	else
		table_text(t, key);
}

static const char *verdict(const struct test *test, bool slower)
{
	if (!test->done)
		return "";
	return !test->significant ? "~" : slower ? "slower" : "faster";
}

/* A shift of the whole distribution counts when its effect is not negligible, too: of a million
 * calls the slightest one is significant. */
static const char *latency(const struct test *test)
{
	enum { PER_MILLE = 1000, LEAST = 60 };
	double effect = (test->effect - 0.5) * PER_MILLE;
	if (test->done && effect < LEAST && effect > -LEAST)
		return "~";
	return verdict(test, effect > 0);
}

static void put_side(struct table *t, const struct side *s, enum measure m)
{
	if (s->present && s->has[m])
		table_int(t, s->value[m]);
	else if (!s->present && m <= MEASURE_ERRORS)
		table_int(t, 0);
	else
		table_empty(t);
}

static void put_share(struct columns *c, const struct diff *d, const struct pair *p)
{
	for (int i = 0; i < 2; i++) {
		double percent;
		if (patterns_share(d, p, i, &percent))
			table_number(c->t, percent);
		else
			table_empty(c->t);
	}
}

static void put_measure(struct columns *c, const struct pair *p, enum measure m)
{
	const struct test *test = m == MEASURE_P50 ? &p->p50 : &p->p99;
	int64_t x = side_value(&p->a, m), y = side_value(&p->b, m);
	bool known = pair_has(p, m) && !side_lacks(&p->a, m) && !side_lacks(&p->b, m) &&
	             (!has_test(m) || (p->a.present && p->b.present));
	put_side(c->t, &p->a, m);
	put_side(c->t, &p->b, m);
	if (!c->people || m == MEASURE_CALLS) {
		if (known)
			table_int(c->t, (__int128_t)y - x);
		else
			table_empty(c->t);
	}
	if (known && x)
		table_number(c->t, 100 * ((double)y - (double)x) / (double)x);
	else
		table_empty(c->t);
	if (has_test(m))
		table_text(c->t, str_of(known ? verdict(test, y > x) : ""));
	if (has_test(m) && !c->people)
		put_double(c->t, test->done, test->p);
}

static void put_pair(struct columns *c, const struct diff *d, const struct pair *p)
{
	struct str rest = p->key, piece;
	for (size_t i = 0; i < d->keys; i++)
		put_key(c->t, d->key_name[i], str_cut(&rest, '\t', &piece) ? piece : STR(""));
	table_text(c->t, p->a.present == p->b.present ? STR("")
	                 : p->b.present               ? STR("new")
	                                              : STR("gone"));
	for (int m = 0; m < MEASURES; m++) {
		if (!(c->measures >> m & 1))
			continue;
		put_measure(c, p, (enum measure)m);
		if (d->patterns && m == MEASURE_CALLS)
			put_share(c, d, p);
	}
	if (c->measures >> MEASURE_TIME) {
		table_text(c->t, str_of(latency(&p->shift)));
		if (!c->people) {
			put_double(c->t, p->shift.done, p->shift.p);
			put_double(c->t, p->shift.done, p->shift.effect);
		}
	}
	table_end_row(c->t);
}

/* People need no columns that say nothing. */
static unsigned telling(const struct diff *d)
{
	unsigned told = 1u << MEASURE_CALLS;
	for (size_t i = 0; i < d->pairs; i++) {
		const struct pair *p = &d->pair[i];
		told |= (unsigned)(side_value(&p->a, MEASURE_ERRORS) ||
		                   side_value(&p->b, MEASURE_ERRORS))
		        << MEASURE_ERRORS;
		for (int m = MEASURE_BYTES; m < MEASURES; m++)
			told |= (unsigned)(pair_has(p, (enum measure)m) && m != MEASURE_P50) << m;
	}
	return told;
}

void show_diff(const struct show *s, struct diff *d, struct output *out)
{
	enum table_format format = table_format_for(out, s->format);
	struct columns c = {.t = table_new(out, format),
	                    .people = format == TABLE_ALIGNED || format == TABLE_MD,
	                    .measures = s->measures};
	if (!c.measures)
		c.measures = c.people ? telling(d) : (1u << MEASURES) - 1;
	add_columns(&c, s, d);
	sort_by = s->sort;
	if (d->patterns)
		patterns_sort(d);
	else if (d->pairs)
		qsort(d->pair, d->pairs, sizeof *d->pair, by_weight);
	for (size_t i = 0; i < d->pairs && i < s->top; i++)
		put_pair(&c, d, &d->pair[i]);
	if (!d->patterns && d->pairs) {
		table_begin_totals(c.t);
		table_keep_totals(c.t, s->total);
		put_pair(&c, d, &d->total);
	}
	table_finish(c.t);
	arena_free(&c.names);
}

void show_tap(const struct gate *gate, size_t gates, struct output *out)
{
	output_printf(out, "TAP version 13\n1..%zu\n", gates);
	for (size_t i = 0; i < gates; i++) {
		const struct gate *g = &gate[i];
		output_printf(out, "%sok %zu - %.*s%s\n", g->failed ? "not " : "", i + 1,
		              (int)g->text.n, g->text.p, g->found ? "" : " # SKIP neither run has this group");
		if (g->why.n)
			output_printf(out, "# %.*s\n", (int)g->why.n, g->why.p);
		if (g->aside.n)
			output_printf(out, "# %s: %.*s\n", gate_doubt(g), (int)g->aside.n,
			              g->aside.p);
		if (g->unchecked.n)
			output_printf(out, "# not checked: %.*s\n", (int)g->unchecked.n, g->unchecked.p);
	}
}
