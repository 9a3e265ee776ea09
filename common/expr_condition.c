#include "expr_tree.h"

#include <stdlib.h>

/* ---- comparisons ---- */

static const char *unit_name(enum unit unit)
{
	static const char *const names[] = {
	    [UNIT_ANY] = "a number", [UNIT_NONE] = "a plain number", [UNIT_SIZE] = "a size",
	    [UNIT_TIME] = "a time",  [UNIT_INSTANT] = "a time",	     [UNIT_CLOCK] = "a clock time"};
	return names[unit];
}

static bool units_fit(enum unit a, enum unit b)
{
	if (a == UNIT_ANY || b == UNIT_ANY || a == b)
		return true;
	return (a == UNIT_INSTANT && b >= UNIT_TIME) || (b == UNIT_INSTANT && a >= UNIT_TIME);
}

/* The fault is at the literal of the two, if there is one: the name is more likely to be meant. */
static struct node *fail_pair(struct builder *b, const struct node *left, const char *left_is,
			      const struct node *right, const char *right_is)
{
	const char *text = b->e->text.p;
	const struct node *at = right->op == OP_NAME && left->op != OP_NAME ? left : right;
	fault_set(b->fault, at->at, at->n, "%.*s is %s, but %.*s is %s", (int)left->n,
		  text + left->at, left_is, (int)right->n, text + right->at, right_is);
	return NULL;
}

static bool is_empty_text(const struct node *node)
{
	return node->op == OP_TEXT && node->text.n == 0;
}

static void mark_text(struct node *node)
{
	if (node->op == OP_NAME)
		node->as_text = true;
}

static struct node *compare_texts(struct builder *b, struct node *node)
{
	struct node *left = node->left, *right = node->right;
	bool left_number = left->type == TYPE_NUMBER, right_number = right->type == TYPE_NUMBER;
	if (left_number || right_number)
		return fail_pair(b, left, left_number ? "a number" : "text", right,
				 right_number ? "a number" : "text");
	node->op = OP_TEXTS;
	mark_text(left);
	mark_text(right);
	if (left->op == OP_NAME && right->op == OP_NAME)
		right->maybe_word = right->type == TYPE_ANY;
	return node;
}

/* Puts the name of NUMBER < NAME on the left side. */
static void turn(struct node *node)
{
	struct node *left = node->left;
	unsigned relation = node->relation;
	node->left = node->right;
	node->right = left;
	node->relation = (relation & EQUAL) | (relation & LESS ? GREATER : 0) |
			 (relation & GREATER ? LESS : 0);
}

struct node *node_compare(struct builder *b, struct node *left, unsigned relation,
			  struct node *right)
{
	if (left->type == TYPE_CONDITION || right->type == TYPE_CONDITION)
		return node_fail(b, left->type == TYPE_CONDITION ? left : right,
			       "a condition cannot be compared: join conditions by and, or, not");
	struct node *node = node_join(b, OP_NUMBERS, TYPE_CONDITION, left, right);
	node->relation = relation;
	bool equality = relation == EQUAL || relation == (LESS | GREATER);
	if (equality && (is_empty_text(left) || is_empty_text(right))) {
		node->op = OP_EMPTY;
		node->left = is_empty_text(right) ? left : right;
		return relation == EQUAL ? node : node_not(b, node);
	}
	if (left->type == TYPE_TEXT || right->type == TYPE_TEXT)
		return compare_texts(b, node);
	if (!units_fit(left->unit, right->unit))
		return fail_pair(b, left, unit_name(left->unit), right, unit_name(right->unit));
	if (left->op == OP_NUMBER && right->op == OP_NAME)
		turn(node);
	if (left->type == TYPE_ANY && right->type == TYPE_ANY) {
		node->op = OP_EITHER;
		right->maybe_word = equality && left->op == OP_NAME && right->op == OP_NAME;
	} else if (node->left->op == OP_NAME && node->right->op == OP_NUMBER &&
		 node->right->value.kind == EXPR_INT) {
		node->op = OP_FIELD_NUMBER;
	}
	return node;
}

/* The pattern goes to PCRE2 as it stands between the quotes, backslashes included. */
struct node *node_match(struct builder *b, struct node *left, const struct token *pattern)
{
	if (left->op != OP_NAME && left->op != OP_TEXT)
		return node_fail(b, left, "only a column can be matched with a pattern");
	struct node *node = node_new(b, OP_MATCH, TYPE_CONDITION, left->at,
				     pattern->at + pattern->n - left->at);
	node->left = left;
	node->pattern = pattern_compile(pattern->text, b->fault);
	if (!node->pattern) {
		b->fault->at += pattern->at + 1;
		return NULL;
	}
	mark_text(left);
	node_keep(&b->e->matches, node);
	return node;
}

/* ---- sets ---- */

static bool fit_number(struct builder *b, const struct node *left, const struct token *t)
{
	const char *name = b->e->text.p + left->at;
	if (t->kind != T_NUMBER)
		return fault_set(b->fault, t->at, t->n, "%.*s is a number, but this is text",
				 (int)left->n, name);
	return units_fit(left->unit, t->number.unit) ||
	       fault_set(b->fault, t->at, t->n, "%.*s is %s, but this is %s", (int)left->n, name,
			 unit_name(left->unit), unit_name(t->number.unit));
}

static bool fill_numbers(struct builder *b, struct node *node, const struct members *m)
{
	node->numbers = arena_alloc(&b->e->arena, (m->n + 1) * sizeof *node->numbers);
	for (size_t i = 0; i < m->n; i++) {
		if (m->token[i].text.n == 0)
			continue;
		if (!fit_number(b, node->left, &m->token[i]))
			return false;
		node->numbers[node->members++] = m->token[i].number.value;
	}
	qsort(node->numbers, node->members, sizeof *node->numbers, expr_order_numbers);
	return true;
}

static bool fill_texts(struct builder *b, struct node *node, const struct members *m)
{
	node->texts = arena_alloc(&b->e->arena, (m->n + 1) * sizeof *node->texts);
	for (size_t i = 0; i < m->n; i++)
		if (m->token[i].text.n && !node_unescape(b, &m->token[i], &node->texts[node->members++]))
			return false;
	qsort(node->texts, node->members, sizeof *node->texts, expr_order_texts);
	mark_text(node->left);
	return true;
}

struct node *node_in(struct builder *b, struct node *left, const struct members *m, size_t end)
{
	if (left->type == TYPE_CONDITION)
		return node_fail(b, left, "a condition cannot be in a set");
	struct node *node = node_new(b, OP_IN_TEXTS, TYPE_CONDITION, left->at, end - left->at);
	node->left = left;
	bool numbers = left->type == TYPE_ANY;
	for (size_t i = 0; i < m->n; i++) {
		node->or_empty |= m->token[i].text.n == 0;
		numbers &= m->token[i].text.n == 0 || m->token[i].kind == T_NUMBER;
	}
	if (numbers || left->type == TYPE_NUMBER)
		node->op = OP_IN_NUMBERS;
	bool ok = node->op == OP_IN_NUMBERS ? fill_numbers(b, node, m) : fill_texts(b, node, m);
	return ok ? node : NULL;
}

/* ---- conditions ---- */

bool node_check(struct builder *b, const struct node *node, enum expr_result result)
{
	if (result == EXPR_CONDITION)
		return node->type == TYPE_CONDITION ||
		       fault_set(b->fault, node->at, node->n,
				 "this is no condition: compare it with something");
	return node_may_be_number(node) ||
	       fault_set(b->fault, node->at, node->n, "this is not a number");
}

struct node *node_not(struct builder *b, struct node *condition)
{
	if (!node_check(b, condition, EXPR_CONDITION))
		return NULL;
	struct node *node = node_new(b, OP_NOT, TYPE_CONDITION, condition->at, condition->n);
	node->left = condition;
	return node;
}

struct node *node_logic(struct builder *b, enum op op, struct node *left, struct node *right)
{
	if (!node_check(b, left, EXPR_CONDITION) || !node_check(b, right, EXPR_CONDITION))
		return NULL;
	return node_join(b, op, TYPE_CONDITION, left, right);
}
