/* What is certain of a condition while only some of its names are known, and what is left to ask. */
#include "expr_tree.h"

/* Of a condition whose names have these values. */
struct known {
	struct expr *e;
	const struct str *field;
	const struct expr_value *variable;
	uint64_t fields, variables; /* those that are known */
	struct arena *memory;
};

static bool has_right(const struct node *node)
{
	switch (node->op) {
	case OP_NOT:
	case OP_EMPTY:
	case OP_MATCH:
	case OP_IN_NUMBERS:
	case OP_IN_TEXTS:
	case OP_NEGATE:
		return false;
	default:
		return true;
	}
}

/* Whether the values of all names in it are known. */
static bool is_known(const struct known *k, const struct node *node)
{
	switch (node->op) {
	case OP_NAME:
		if (node->slot >= 64 || node->slot < -64)
			return false;
		return node->slot >= 0 ? k->fields >> node->slot & 1
				       : k->variables >> (-1 - node->slot) & 1;
	case OP_TEXT:
	case OP_NUMBER:
		return true;
	case OP_CLOCK:
		return false;
	default:
		return is_known(k, node->left) && (!has_right(node) || is_known(k, node->right));
	}
}

static enum expr_certainty decide(const struct known *k, const struct node *node)
{
	enum expr_certainty left, right, one;
	switch (node->op) {
	case OP_AND:
	case OP_OR:
		left = decide(k, node->left);
		right = decide(k, node->right);
		one = node->op == OP_OR ? EXPR_YES : EXPR_NO; /* which decides alone */
		if (left == one || right == one)
			return one;
		return left == EXPR_MAYBE ? left : right;
	case OP_NOT:
		left = decide(k, node->left);
		return left == EXPR_MAYBE ? left : left == EXPR_YES ? EXPR_NO : EXPR_YES;
	default:
		if (!is_known(k, node))
			return EXPR_MAYBE;
		return expr_test_node(k->e, node, k->field, k->variable) ? EXPR_YES : EXPR_NO;
	}
}

enum expr_certainty expr_decide(struct expr *e, const struct str *field,
				const struct expr_value *variable, uint64_t known,
				uint64_t known_variables)
{
	return decide(&(struct known){e, field, variable, known, known_variables, NULL}, e->root);
}

/* ---- what is left ---- */

static const struct node *copy_with(const struct known *k, const struct node *node,
				    const struct node *left, const struct node *right)
{
	if (left == node->left && right == node->right)
		return node;
	struct node *copy = arena_alloc(k->memory, sizeof *copy);
	*copy = *node;
	copy->left = (struct node *)(uintptr_t)left;
	copy->right = (struct node *)(uintptr_t)right;
	return copy;
}

/* A node that is uncertain, without those of its parts that are not. */
static const struct node *reduce(const struct known *k, const struct node *node)
{
	switch (node->op) {
	case OP_AND:
	case OP_OR:
		if (decide(k, node->left) != EXPR_MAYBE)
			return reduce(k, node->right);
		if (decide(k, node->right) != EXPR_MAYBE)
			return reduce(k, node->left);
		return copy_with(k, node, reduce(k, node->left), reduce(k, node->right));
	case OP_NOT:
		return copy_with(k, node, reduce(k, node->left), node->right);
	default:
		return node;
	}
}

/* Measured, in units of a number that is compared: values of any kind take ten times as long. */
static unsigned cost_of(const struct node *node)
{
	switch (node->op) {
	case OP_FIELD_NUMBER:
		return 1;
	case OP_MATCH:
		return 20;
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_NEGATE:
		return 8;
	default:
		return 2;
	}
}

static void look(const struct node *node, struct expr_term *term)
{
	switch (node->op) {
	case OP_NAME:
		if (node->slot >= 64 || node->slot < -64)
			term->fields = term->variables = UINT64_MAX;
		else if (node->slot >= 0)
			term->fields |= UINT64_C(1) << node->slot;
		else
			term->variables |= UINT64_C(1) << (-1 - node->slot);
		return;
	case OP_TEXT:
	case OP_NUMBER:
	case OP_CLOCK:
		return;
	default:
		term->cost += cost_of(node);
		look(node->left, term);
		if (has_right(node))
			look(node->right, term);
	}
}

static size_t count_terms(const struct node *node)
{
	return node->op == OP_AND ? count_terms(node->left) + count_terms(node->right) : 1;
}

/* How to tell without this node. */
static struct expr_quick quick_of(const struct node *node, bool negated)
{
	const struct node *left = node->left, *right = node->right;
	struct expr_quick q = {.negated = negated};
	if (node->op == OP_FIELD_NUMBER) {
		q.of = left->slot < 0 ? EXPR_QUICK_VARIABLE : EXPR_QUICK_FIELD;
		q.relation = (uint8_t)node->relation;
		q.at = left->slot < 0 ? -1 - left->slot : left->slot;
		q.integer = right->value.integer;
	} else if (node->op == OP_TEXTS && (node->relation == EQUAL || node->relation == (LESS | GREATER)) &&
		   left->op == OP_NAME && left->slot >= 0 && right->op == OP_TEXT) {
		q.of = EXPR_QUICK_TEXT;
		q.negated = negated != (node->relation != EQUAL);
		q.at = left->slot;
		q.text = &right->text;
	} else if (node->op == OP_EMPTY && left->op == OP_NAME && left->slot >= 0) {
		q.of = EXPR_QUICK_EMPTY;
		q.at = left->slot;
	}
	return q;
}

static struct expr_term *take_terms(const struct expr *e, const struct node *node, struct expr_term *to)
{
	if (node->op == OP_AND)
		return take_terms(e, node->right, take_terms(e, node->left, to));
	*to = (struct expr_term){.node = node};
	look(node, to);
	for (; node->op == OP_NOT; node = node->left)
		to->negated = !to->negated;
	to->quick = quick_of(node, to->negated);
	if (node->op == OP_MATCH)
		to->match = (struct str){e->text.p + node->at, node->n};
	return to + 1;
}

size_t expr_rest(struct expr *e, const struct str *field, const struct expr_value *variable,
		 uint64_t known, uint64_t known_variables, struct arena *memory,
		 struct expr_term **terms)
{
	const struct known k = {e, field, variable, known, known_variables, memory};
	const struct node *rest = reduce(&k, e->root);
	size_t n = count_terms(rest);
	*terms = arena_alloc(memory, n * sizeof **terms);
	take_terms(e, rest, *terms);
	return n;
}

bool expr_holds_slow(struct expr *e, const struct expr_term *term, const struct str *field,
		     const struct expr_value *variable)
{
	return expr_test_node(e, term->node, field, variable);
}
