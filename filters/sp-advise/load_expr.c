#include "diag.h"
#include "load_private.h"

struct sysset *load_calls(struct loading *l, const struct rules_node *node)
{
	struct fault fault;
	rules_expect(l->at.file, node, RULES_TEXT, "a set of calls");
	struct sysset *s = sysset_compile(node->text, &fault);
	if (!s)
		rules_fail_in(l->at.file, node, &fault);
	return s;
}

/* ---- columns of events ---- */

/* Whether a column says so much that without it a rule sees nothing, and not only less. */
static bool matters(struct str name)
{
	static const struct str lesser[] = {{"host", 4}, {"file", 4},  {"line", 4},
	                                    {"pid", 3},  {"fdgen", 5}, {"tid", 3}};
	for (size_t i = 0; i < sizeof lesser / sizeof *lesser; i++)
		if (str_eq(name, lesser[i]))
			return false;
	return true;
}

void load_want(struct loading *l, int slot)
{
	struct rule *r = l->rule;
	for (int i = 0; i < r->n_wanted; i++)
		if (r->wanted[i] == slot)
			return;
	r->wanted = xrealloc(r->wanted, (size_t)r->n_wanted + 1, sizeof *r->wanted);
	r->wanted[r->n_wanted++] = slot;
}

static void note_names(struct loading *l, struct event_expr *e)
{
	struct str name;
	int slot;
	for (size_t i = 0; expr_name(e->expr, i, &name, &slot); i++) {
		bool derived = false;
		for (int d = 0; d < DERIVED_COUNT; d++) {
			bool is = slot >= 0 ? slot == l->row->text_slot[d]
			                    : -1 - slot == l->row->variable_of[d];
			e->needs |= is ? 1u << d : 0;
			derived |= is;
		}
		if (slot >= 0 && !derived && matters(name))
			load_want(l, slot);
	}
	row_use(l->row, e->needs);
	l->rule->follows |= (e->needs & ROW_FOLLOWED) != 0;
	for (int d = 0; d < DERIVED_COUNT; d++)
		if (e->needs >> d & 1)
			load_want(l, tsv_want(l->row->t, derived_table[d].source));
}

static struct event_expr *known_expr(const struct loading *l, struct str text, enum expr_result result)
{
	struct event_expr *x = l->set->exprs;
	while (x && (x->result != result || !str_eq(x->text, text)))
		x = x->next;
	return x;
}

struct event_expr *load_event_expr(struct loading *l, const struct rules_node *node,
                                   enum expr_result result)
{
	struct fault fault;
	rules_expect(l->at.file, node, RULES_TEXT, "an expression");
	struct str text = str_trim(node->text), header = l->row->t->header;
	if (str_eq(text, STR("all")) && result == EXPR_CONDITION)
		return NULL;
	struct event_expr *e = known_expr(l, node->text, result);
	if (e) {
		note_names(l, e);
		return e;
	}
	e = arena_alloc(load_memory(l), sizeof *e);
	*e = (struct event_expr){.next = l->set->exprs,
	                         .text = node->text,
	                         .result = result,
	                         .plain = -1};
	e->expr = expr_compile(node->text, result, &fault);
	if (!e->expr)
		rules_fail_in(l->at.file, node, &fault);
	/* Until tables are read, what may be named takes the place of a header. */
	l->row->t->header = buf_str(&l->known);
	bool bound = expr_bind(e->expr, l->row->t, l->row->number_name, l->row->variables, &fault);
	l->row->t->header = header;
	if (!bound)
		rules_fail_in(l->at.file, node, &fault);
	note_names(l, e);
	if (str_eq(text, STR("dur")) || str_eq(text, STR("dur_ns")))
		e->plain = EVENT_DUR;
	else if (str_eq(text, STR("bytes")))
		e->plain = EVENT_BYTES;
	l->set->exprs = e;
	return e;
}

struct scope *load_scope(struct loading *l, const struct rules_node *node)
{
	struct scope *s =
	    scope_of(&l->set->scopes, l->row, buf_str(&l->known), l->at.file, node);
	l->rule->follows |= (s->needs & ROW_FOLLOWED) != 0;
	for (int i = 0; i < s->n; i++) {
		if (!s->column[i].required)
			continue;
		int source = s->column[i].slot;
		for (int d = 0; d < DERIVED_COUNT; d++)
			if (source == l->row->text_slot[d])
				source = tsv_want(l->row->t, derived_table[d].source);
		load_want(l, source);
	}
	return s;
}

/* ---- measures of a rule ---- */

/* What the expression module calls a column is a measure here. */
void load_name_measures(struct fault *fault)
{
	static const char column[] = "there is no column", measure[] = "there is no measure";
	if (strncmp(fault->what, column, sizeof column - 1) != 0)
		return;
	struct fault other = *fault;
	fault_set(fault, other.at, other.n, "%s%s", measure, other.what + sizeof column - 1);
}

struct expr *load_expr(struct loading *l, const struct rules_node *node, enum expr_result result,
                       int n)
{
	struct fault fault;
	rules_expect(l->at.file, node, RULES_TEXT, "an expression");
	struct expr *e = expr_compile(node->text, result, &fault);
	if (e && expr_bind(e, NULL, l->rule->names, (size_t)n, &fault))
		return e;
	load_name_measures(&fault);
	rules_fail_in(l->at.file, node, &fault);
}
