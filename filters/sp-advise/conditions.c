/* What is left to ask of a condition where a row's class has decided parts of it. */
#include "engine_private.h"

/* What a row's class alone tells. */
enum { DERIVED_KNOWN = 1u << DERIVED_CATEGORY | 1u << DERIVED_WAITS | ROW_FOLLOWED };

/* Numbers that row_take has read. */
static const unsigned at_hand = DERIVED_KNOWN | 1u << DERIVED_START | 1u << DERIVED_DUR | 1u << DERIVED_BYTES;

static uint64_t known_fields(const struct row *row)
{
	uint64_t known = UINT64_C(1) << EVENT_SYSCALL | UINT64_C(1) << EVENT_ERRNO | UINT64_C(1) << ROW_FDTYPE |
	                 UINT64_C(1) << EVENT_KIND;
	for (int i = 0; i < DERIVED_COUNT; i++)
		if (DERIVED_KNOWN >> i & 1 && row->text_slot[i] >= 0)
			known |= UINT64_C(1) << row->text_slot[i];
	return known;
}

static uint64_t known_variables(const struct row *row)
{
	uint64_t known = 0;
	for (int i = 0; i < DERIVED_COUNT; i++)
		if (DERIVED_KNOWN >> i & 1 && row->variable_of[i] >= 0)
			known |= UINT64_C(1) << row->variable_of[i];
	return known;
}

enum expr_certainty condition_decide(struct engine *e, const struct event_expr *x)
{
	struct row *row = &e->row;
	if (!x)
		return EXPR_YES;
	row_derive(row, x->needs & DERIVED_KNOWN);
	return expr_decide(x->expr, row->t->field, row->variable, known_fields(row), known_variables(row));
}

/* The last answer to a term that several conditions have. */
struct answer {
	struct answer *next;
	struct str match;
	bool negated, holds;
	uint64_t row;
};

static struct answer *answer_to(struct engine *e, const struct expr_term *term)
{
	struct answer *a = e->answers;
	while (a && (a->negated != term->negated || !str_eq(a->match, term->match)))
		a = a->next;
	if (a)
		return a;
	a = xcalloc(1, sizeof *a);
	*a = (struct answer){.next = e->answers, .match = term->match, .negated = term->negated};
	return e->answers = a;
}

static unsigned needs_of(const struct row *row, const struct expr_term *term)
{
	unsigned needs = 0;
	for (int i = 0; i < DERIVED_COUNT; i++)
		if (row->text_slot[i] >= 0 ? row->text_slot[i] >= 64 || term->fields >> row->text_slot[i] & 1
		                           : term->variables >> row->variable_of[i] & 1)
			needs |= 1u << i;
	return needs;
}

static void put_in_order(struct residue *rest, const struct residue_term *term)
{
	size_t at = rest->n++;
	for (; at > 0 && rest->term[at - 1].of->cost > term->of->cost; at--)
		rest->term[at] = rest->term[at - 1];
	rest->term[at] = *term;
}

static struct residue *make_residue(struct engine *e, struct arena *memory, const struct event_expr *x)
{
	const unsigned of_args = 1u << DERIVED_ASKED | 1u << DERIVED_ZEROS;
	struct row *row = &e->row;
	struct expr_term *terms;
	row_derive(row, x->needs & DERIVED_KNOWN);
	size_t n = expr_rest(x->expr, row->t->field, row->variable, known_fields(row), known_variables(row),
	                     memory, &terms);
	struct residue *rest = arena_alloc(memory, sizeof *rest + n * sizeof *rest->term);
	for (size_t i = 0; i < n; i++) {
		struct residue_term term = {.quick = terms[i].quick, .of = &terms[i], .expr = x->expr};
		term.needs = x->needs & needs_of(row, &terms[i]);
		if (term.needs && term.quick.of == EXPR_QUICK_FIELD)
			term.quick.of = EXPR_QUICK_NONE; /* no field of the table */
		terms[i].cost += term.needs & of_args ? 20 : term.needs & ~at_hand ? 5 : 0;
		if (terms[i].match.n)
			term.answer = answer_to(e, &terms[i]);
		put_in_order(rest, &term);
	}
	return rest;
}

struct residue *condition_rest(struct engine *e, struct actions *all, struct event_expr *x)
{
	if (x->class != all->number)
		x->rest = make_residue(e, &all->memory, x);
	x->class = all->number;
	return x->rest;
}

static bool term_holds(struct row *row, const struct residue_term *term)
{
	struct answer *answer = term->answer;
	if (answer && answer->row == row->number)
		return answer->holds;
	row_derive(row, term->needs);
	enum expr_certainty quick = expr_ask(&term->quick, row->t->field, row->variable);
	if (quick != EXPR_MAYBE)
		return quick == EXPR_YES;
	bool holds = expr_holds_slow(term->expr, term->of, row->t->field, row->variable);
	if (answer) {
		answer->row = row->number;
		answer->holds = holds;
	}
	return holds;
}

bool residue_asks(struct engine *e, struct residue *rest)
{
	struct row *row = &e->row;
	rest->row = row->number;
	for (const struct residue_term *term = rest->term, *end = term + rest->n; term < end; term++)
		if (!term_holds(row, term))
			return rest->held = false;
	return rest->held = true;
}

void condition_split(struct engine *e, struct actions *all, struct event_expr *where, struct action *a)
{
	a->where = condition_rest(e, all, where);
	const struct residue_term *first = a->where->term;
	if (first->needs & ~at_hand)
		return;
	a->first = first->quick;
	a->first_is_all = a->where->n == 1;
}
