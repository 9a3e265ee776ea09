#include "expr_tree.h"

#include <stdlib.h>

#include "event.h"

static struct node *new_node(struct builder *b, enum op op, enum type type, size_t at, size_t n)
{
	struct node *node = arena_alloc(&b->e->arena, sizeof *node);
	*node = (struct node){.op = op, .type = type, .at = at, .n = n};
	b->nodes++;
	return node;
}

static struct node *join(struct builder *b, enum op op, enum type type, struct node *left,
			 struct node *right)
{
	struct node *node = new_node(b, op, type, left->at, right->at + right->n - left->at);
	node->left = left;
	node->right = right;
	return node;
}

static void list_add(struct node_list *list, struct node *node)
{
	list->node = xrealloc(list->node, list->n + 1, sizeof *list->node);
	list->node[list->n++] = node;
}

static struct node *fail_at(struct builder *b, const struct node *at, const char *what)
{
	fault_set(b->fault, at->at, at->n, "%s", what);
	return NULL;
}

/* ---- names ---- */

static int event_column_of(struct str name)
{
	char longer[16];
	int column = event_column_by_name(name);
	if (column >= 0 || name.n + 3 > sizeof longer)
		return column;
	memcpy(longer, name.p, name.n);
	memcpy(longer + name.n, "_ns", 3);
	return event_column_by_name((struct str){longer, name.n + 3});
}

/* What the name alone tells; the columns of other tables are known by their unit, or not at all. */
static void set_type(struct node *node)
{
	static const enum unit units[EVENT_COLUMNS] = {
	    [EVENT_START] = UNIT_INSTANT, [EVENT_DUR] = UNIT_TIME,  [EVENT_PID] = UNIT_NONE,
	    [EVENT_TID] = UNIT_NONE,	  [EVENT_FD] = UNIT_NONE,   [EVENT_BYTES] = UNIT_SIZE,
	    [EVENT_OFFSET] = UNIT_SIZE,	  [EVENT_LINE] = UNIT_NONE,
	};
	int column = event_column_of(node->name);
	if (column >= 0) {
		enum event_type type = event_columns[column].type;
		node->type = type == EVENT_INT ? TYPE_NUMBER : TYPE_TEXT;
		node->unit = units[column];
		node->escaped = type == EVENT_TEXT && column != EVENT_ARGS;
	} else if (str_ends(node->name, STR("_ns"))) {
		node->type = TYPE_NUMBER;
		node->unit = UNIT_INSTANT;
	} else if (str_ends(node->name, STR("_bytes"))) {
		node->type = TYPE_NUMBER;
		node->unit = UNIT_SIZE;
	} else {
		node->type = TYPE_ANY;
		node->escaped = true;
	}
}

static struct node *name_of(struct builder *b, struct str name, const struct token *t)
{
	struct node *node = new_node(b, OP_NAME, TYPE_ANY, t->at, t->n);
	node->name = name;
	set_type(node);
	list_add(&b->e->names, node);
	return node;
}

static struct node *clock_of(struct builder *b, int64_t clock_ns, const struct token *t)
{
	struct node *node = new_node(b, OP_CLOCK, TYPE_NUMBER, t->at, t->n);
	node->unit = UNIT_CLOCK;
	node->clock_ns = clock_ns;
	list_add(&b->e->clocks, node);
	return node;
}

struct node *node_name(struct builder *b, const struct token *t)
{
	if (!str_eq(t->text, STR("elapsed")))
		return name_of(b, t->text, t);
	struct node *start = name_of(b, STR("start_ns"), t);
	return node_arithmetic(b, OP_SUBTRACT, start, clock_of(b, FIRST_START, t));
}

/* ---- literals ---- */

static bool unescape(struct builder *b, const struct token *t, struct str *text)
{
	char *out = arena_alloc(&b->e->arena, t->text.n + 1);
	size_t unknown, from = (size_t)(t->text.p - b->e->text.p);
	*text = (struct str){out, literal_unescape(out, t->text, &unknown)};
	return unknown == t->text.n ||
	       fault_set(b->fault, from + unknown, 2,
			 "unknown escape; a backslash itself is written \\\\");
}

struct node *node_literal(struct builder *b, const struct token *t)
{
	if (t->kind == T_STRING) {
		struct node *node = new_node(b, OP_TEXT, TYPE_TEXT, t->at, t->n);
		return unescape(b, t, &node->text) ? node : NULL;
	}
	if (t->number.unit == UNIT_CLOCK)
		return clock_of(b, t->number.value.integer, t);
	struct node *node = new_node(b, OP_NUMBER, TYPE_NUMBER, t->at, t->n);
	node->value = t->number.value;
	node->unit = t->number.unit;
	return node;
}

/* ---- arithmetic ---- */

static bool may_be_number(const struct node *node)
{
	return node->type == TYPE_NUMBER || node->type == TYPE_ANY;
}

struct node *node_negate(struct builder *b, size_t at, struct node *value)
{
	if (!may_be_number(value) || value->op == OP_CLOCK)
		return fail_at(b, value, "only a number can have a minus");
	struct node *node = new_node(b, OP_NEGATE, TYPE_NUMBER, at, value->at + value->n - at);
	node->left = value;
	node->unit = value->unit;
	if (value->op == OP_NUMBER && value->value.kind == EXPR_INT) {
		node->op = OP_NUMBER;
		node->value = value->value;
		node->value.integer = (int64_t)(0 - (uint64_t)value->value.integer);
	}
	return node;
}

static enum unit unit_of(enum op op, enum unit left, enum unit right)
{
	if (op == OP_MULTIPLY || op == OP_DIVIDE)
		return UNIT_ANY;
	if (op == OP_SUBTRACT && left == UNIT_INSTANT && right != UNIT_TIME)
		return UNIT_TIME;
	return left == UNIT_ANY ? right : left;
}

struct node *node_arithmetic(struct builder *b, enum op op, struct node *left, struct node *right)
{
	if (!may_be_number(left) || !may_be_number(right))
		return fail_at(b, may_be_number(left) ? right : left,
			       "only numbers can be calculated with");
	struct node *node = join(b, op, TYPE_NUMBER, left, right);
	node->unit = unit_of(op, left->unit, right->unit);
	return node;
}

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
		return fail_at(b, left->type == TYPE_CONDITION ? left : right,
			       "a condition cannot be compared: join conditions by and, or, not");
	struct node *node = join(b, OP_NUMBERS, TYPE_CONDITION, left, right);
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
		return fail_at(b, left, "only a column can be matched with a pattern");
	struct node *node = new_node(b, OP_MATCH, TYPE_CONDITION, left->at,
				     pattern->at + pattern->n - left->at);
	node->left = left;
	node->pattern = pattern_compile(pattern->text, b->fault);
	if (!node->pattern) {
		b->fault->at += pattern->at + 1;
		return NULL;
	}
	mark_text(left);
	list_add(&b->e->matches, node);
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
		if (m->token[i].text.n && !unescape(b, &m->token[i], &node->texts[node->members++]))
			return false;
	qsort(node->texts, node->members, sizeof *node->texts, expr_order_texts);
	mark_text(node->left);
	return true;
}

struct node *node_in(struct builder *b, struct node *left, const struct members *m, size_t end)
{
	if (left->type == TYPE_CONDITION)
		return fail_at(b, left, "a condition cannot be in a set");
	struct node *node = new_node(b, OP_IN_TEXTS, TYPE_CONDITION, left->at, end - left->at);
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
	return may_be_number(node) ||
	       fault_set(b->fault, node->at, node->n, "this is not a number");
}

struct node *node_not(struct builder *b, struct node *condition)
{
	if (!node_check(b, condition, EXPR_CONDITION))
		return NULL;
	struct node *node = new_node(b, OP_NOT, TYPE_CONDITION, condition->at, condition->n);
	node->left = condition;
	return node;
}

struct node *node_logic(struct builder *b, enum op op, struct node *left, struct node *right)
{
	if (!node_check(b, left, EXPR_CONDITION) || !node_check(b, right, EXPR_CONDITION))
		return NULL;
	return join(b, op, TYPE_CONDITION, left, right);
}
