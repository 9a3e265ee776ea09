#include "expr_tree.h"

#include "event.h"

struct node *node_new(struct builder *b, enum op op, enum type type, size_t at, size_t n)
{
	struct node *node = arena_alloc(&b->e->arena, sizeof *node);
	*node = (struct node){.op = op, .type = type, .at = at, .n = n};
	b->nodes++;
	return node;
}

struct node *node_join(struct builder *b, enum op op, enum type type, struct node *left,
		       struct node *right)
{
	struct node *node = node_new(b, op, type, left->at, right->at + right->n - left->at);
	node->left = left;
	node->right = right;
	return node;
}

void node_keep(struct node_list *list, struct node *node)
{
	list->node = xrealloc(list->node, list->n + 1, sizeof *list->node);
	list->node[list->n++] = node;
}

struct node *node_fail(struct builder *b, const struct node *at, const char *what)
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
	struct node *node = node_new(b, OP_NAME, TYPE_ANY, t->at, t->n);
	node->name = name;
	set_type(node);
	node_keep(&b->e->names, node);
	return node;
}

static struct node *clock_of(struct builder *b, int64_t clock_ns, const struct token *t)
{
	struct node *node = node_new(b, OP_CLOCK, TYPE_NUMBER, t->at, t->n);
	node->unit = UNIT_CLOCK;
	node->clock_ns = clock_ns;
	node_keep(&b->e->clocks, node);
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

bool node_unescape(struct builder *b, const struct token *t, struct str *text)
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
		struct node *node = node_new(b, OP_TEXT, TYPE_TEXT, t->at, t->n);
		return node_unescape(b, t, &node->text) ? node : NULL;
	}
	if (t->number.unit == UNIT_CLOCK)
		return clock_of(b, t->number.value.integer, t);
	struct node *node = node_new(b, OP_NUMBER, TYPE_NUMBER, t->at, t->n);
	node->value = t->number.value;
	node->unit = t->number.unit;
	return node;
}

/* ---- arithmetic ---- */

bool node_may_be_number(const struct node *node)
{
	return node->type == TYPE_NUMBER || node->type == TYPE_ANY;
}

struct node *node_negate(struct builder *b, size_t at, struct node *value)
{
	if (!node_may_be_number(value) || value->op == OP_CLOCK)
		return node_fail(b, value, "only a number can have a minus");
	struct node *node = node_new(b, OP_NEGATE, TYPE_NUMBER, at, value->at + value->n - at);
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
	if (!node_may_be_number(left) || !node_may_be_number(right))
		return node_fail(b, node_may_be_number(left) ? right : left,
			       "only numbers can be calculated with");
	struct node *node = node_join(b, op, TYPE_NUMBER, left, right);
	node->unit = unit_of(op, left->unit, right->unit);
	return node;
}
