/* Measures, sequences and pairs: the parts of a rule that keep something of each group. */
#include <stdio.h>

#include "load_private.h"

static const struct function {
	const char *name;
	enum slot_kind kind;
	enum { CONDITION, FORMULA, COLUMNS, COLUMN } argument;
	unsigned per_100k;
} functions[] = {
#define FUNCTION(name, slot, argument, per_100k) {name, SLOT_##slot, argument, per_100k},
#include "function.def"
#undef FUNCTION
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* ---- steps ---- */

static void read_step(struct loading *l, struct step *step, const struct rules_node *node,
                      bool may_repeat)
{
	static const char *const names[] = {"calls", "where", "many", NULL};
	if (node->kind == RULES_TEXT) {
		step->calls = load_calls(l, node);
		return;
	}
	rules_expect(l->at.file, node, RULES_MAP, "a step");
	load_check_keys(l, node, names, "a step");
	const struct rules_node *calls = rules_get(node, "calls"), *where = rules_get(node, "where");
	const struct rules_node *many = rules_get(node, "many");
	if (!calls)
		rules_fail(l->at.file, node, "a step needs calls");
	step->calls = load_calls(l, calls);
	if (where)
		step->where = load_event_expr(l, where, EXPR_CONDITION);
	if (!many)
		return;
	rules_expect(l->at.file, many, RULES_TEXT, "many");
	step->many = str_eq(many->text, STR("yes"));
	if (!step->many && !str_eq(many->text, STR("no")))
		rules_fail(l->at.file, many, "many is yes or no");
	if (step->many && !may_repeat)
		rules_fail(l->at.file, many, "the last step, and those of pairs, cannot be many");
}

static struct scope *scope_on(struct loading *l, const struct rules_node *map, const char *standard)
{
	const struct rules_node *on = rules_get(map, "on");
	if (on)
		return load_scope(l, on);
	load_want(l, tsv_want(l->row->t, "fd"));
	return scope_named(&l->set->scopes, l->row, buf_str(&l->known), str_of(standard));
}

static bool has_descriptor(const struct scope *s)
{
	for (int i = 0; i < s->n; i++)
		if (str_eq(s->column[i].name, STR("fd")))
			return true;
	return false;
}

void load_sequence(struct loading *l, const struct rules_node *map)
{
	static const char *const names[] = {"on", "steps", "within", "between", NULL};
	load_check_keys(l, map, names, "a sequence");
	struct sequence *s = arena_alloc(load_memory(l), sizeof *s);
	const struct rules_node *steps = rules_get(map, "steps");
	const struct rules_node *within = rules_get(map, "within");
	const struct rules_node *between = rules_get(map, "between");
	if (!steps)
		rules_fail(l->at.file, map, "a sequence needs steps");
	rules_expect(l->at.file, steps, RULES_LIST, "steps");
	if (steps->count < 2 || steps->count > RULE_STEPS)
		rules_fail(l->at.file, steps, "a sequence has 2 to %d steps", RULE_STEPS);
	s->on = scope_on(l, map, "fd");
	l->rule->follows |= has_descriptor(s->on);
	s->within_ns = within ? load_time(l, within) : -1;
	if (between)
		s->between = load_calls(l, between);
	for (const struct rules_node *c = steps->first; c; c = c->next)
		read_step(l, &s->step[s->steps++], c, c->next != NULL);
	s->slot = load_add_slot(l, SLOT_COUNT, "matches");
	load_add_slot(l, SLOT_COUNT, "match_calls");
	load_add_slot(l, SLOT_SUM, "match_ns");
	for (int i = 1; i <= s->steps; i++) {
		char name[32];
		snprintf(name, sizeof name, "step%d_calls", i);
		load_add_slot(l, SLOT_COUNT, name);
		snprintf(name, sizeof name, "step%d_ns", i);
		load_add_slot(l, SLOT_SUM, name);
	}
	l->rule->sequence = s;
}

void load_pairs(struct loading *l, const struct rules_node *map)
{
	static const char *const names[] = {"on", "open", "close", NULL};
	load_check_keys(l, map, names, "pairs");
	struct pairs *p = arena_alloc(load_memory(l), sizeof *p);
	const struct rules_node *open = rules_get(map, "open"), *close = rules_get(map, "close");
	if (!open || !close)
		rules_fail(l->at.file, map, "pairs need open and close");
	p->on = scope_on(l, map, "host,file,pid,fd");
	read_step(l, &p->open, open, false);
	read_step(l, &p->close, close, false);
	p->slot = load_add_slot(l, SLOT_COUNT, "opened");
	load_add_slot(l, SLOT_COUNT, "closed");
	load_add_slot(l, SLOT_PEAK, "peak");
	load_add_slot(l, SLOT_NONE, "left");
	l->rule->pairs = p;
}

/* ---- measures ---- */

static void check_name(struct loading *l, const struct rules_node *node)
{
	struct str name = node->key;
	bool good = name.n > 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		good &= (c >= 'a' && c <= 'z') || c == '_' || (i > 0 && number_is_digit(c));
	}
	if (!good)
		rules_fail(l->at.file, node, "a measure's name is lower-case letters, digits and _");
	for (int i = 0; i < l->rule->variables; i++)
		if (str_eq(l->rule->names[i], name))
			rules_fail(l->at.file, node, "there is a measure %.*s already", (int)name.n,
			           name.p);
	static const char *const words[] = {"and", "or", "not", "in", "elapsed"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(name, str_of(words[i])))
			rules_fail(l->at.file, node, "%s is a word of expressions", words[i]);
	int column = event_column_by_name(name);
	if (column >= 0 && event_columns[column].type != EVENT_INT)
		rules_fail(l->at.file, node, "%.*s is a column of text", (int)name.n, name.p);
}

static int text_column(struct loading *l, const struct rules_node *node)
{
	struct scope *s = load_scope(l, node);
	if (s->n != 1)
		rules_fail(l->at.file, node, "one column is expected here");
	return s->column[0].slot;
}

static void read_argument(struct loading *l, struct measure *m, const struct function *f,
                          const struct rules_node *node)
{
	m->kind = f->kind;
	m->per_100k = f->per_100k;
	switch (f->argument) {
	case CONDITION:
		m->formula = load_event_expr(l, node, EXPR_CONDITION);
		break;
	case FORMULA:
		m->formula = load_event_expr(l, node, EXPR_FORMULA);
		break;
	case COLUMNS:
		m->columns = load_scope(l, node);
		break;
	case COLUMN:
		m->columns = load_scope(l, node);
		m->text = text_column(l, node);
		break;
	}
}

static void read_options(struct loading *l, struct measure *m, const struct rules_node *map)
{
	const struct rules_node *calls = rules_get(map, "calls"), *where = rules_get(map, "where");
	const struct rules_node *every = rules_get(map, "every"), *of = rules_get(map, "of");
	if (calls)
		m->calls = load_calls(l, calls);
	if (where)
		m->where = load_event_expr(l, where, EXPR_CONDITION);
	if (every)
		m->every_ns = load_time(l, every);
	if ((m->kind == SLOT_MOST) != (every != NULL))
		rules_fail(l->at.file, map, "`most` goes with `every`: a length of time");
	if (!of)
		return;
	rules_expect(l->at.file, of, RULES_TEXT, "of");
	m->of_trace = str_eq(of->text, STR("trace"));
	if (!m->of_trace && !str_eq(of->text, STR("group")))
		rules_fail(l->at.file, of, "of is trace or group");
}

static void read_measure(struct loading *l, const struct rules_node *node)
{
	const char *names[FUNCTIONS + 5] = {0};
	struct rule *r = l->rule;
	struct measure *m = &r->measure[r->measures];
	const struct function *found = NULL;
	const struct rules_node *argument = NULL;
	check_name(l, node);
	if (r->measures++ == RULE_MEASURES)
		rules_fail(l->at.file, node, "more than %d measures", RULE_MEASURES);
	*m = (struct measure){.name = node->key};
	if (node->kind == RULES_TEXT) {
		m->of_measures = load_expr(l, node, EXPR_FORMULA, r->variables);
	} else {
		rules_expect(l->at.file, node, RULES_MAP, "a measure");
		for (int i = 0; i < FUNCTIONS; i++)
			names[i] = functions[i].name;
		static const char *const others[] = {"calls", "where", "every", "of"};
		memcpy(names + FUNCTIONS, others, sizeof others);
		load_check_keys(l, node, names, "a measure");
		for (int i = 0; i < FUNCTIONS; i++) {
			const struct rules_node *it = rules_get(node, functions[i].name);
			if (it && found)
				rules_fail(l->at.file, it, "a measure is one of %s and %s", found->name,
				           functions[i].name);
			found = it ? &functions[i] : found;
			argument = it ? it : argument;
		}
		if (!found)
			rules_fail(l->at.file, node, "a measure needs count, sum, max, distinct...");
		read_argument(l, m, found, argument);
		read_options(l, m, node);
	}
	struct buf name = {0};
	buf_add_str(&name, node->key);
	buf_add_char(&name, '\0');
	load_add_slot(l, m->kind, name.p);
	buf_free(&name);
}

void load_measures(struct loading *l, const struct rules_node *map)
{
	l->rule->first_measure = l->rule->slots;
	for (const struct rules_node *c = map->first; c; c = c->next)
		read_measure(l, c);
}
