#include "expr_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "diag.h"
#include "number.h"

/* Starts below this are no times since the Epoch, or of 1973. */
static const int64_t EPOCH_LEAST_NS = 100000000000000000;
static const int64_t DAY_NS = 86400000000000;

struct row {
	struct expr *e;
	const struct str *field;
	const struct expr_value *variable;
};

static const struct expr_value missing = {.kind = EXPR_MISSING};

/* ---- numbers ---- */

static int order_of(struct expr_value a, struct expr_value b)
{
	if (a.kind == EXPR_INT && b.kind == EXPR_INT)
		return (a.integer > b.integer) - (a.integer < b.integer);
	/* A long double holds every int64_t and every double exactly, on x86-64 and arm64. */
	long double x = a.kind == EXPR_INT ? (long double)a.integer : a.real;
	long double y = b.kind == EXPR_INT ? (long double)b.integer : b.real;
	return (x > y) - (x < y);
}

int expr_order_numbers(const void *a, const void *b)
{
	return order_of(*(const struct expr_value *)a, *(const struct expr_value *)b);
}

int expr_order_texts(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void bad_number(struct expr *e, const struct node *node, struct str field)
{
	if (!e->bad_numbers++)
		buf_printf(&e->first_bad, "%.*s: %.*s", (int)node->name.n, node->name.p, (int)field.n,
			   field.p);
}

/* Tables of results hold decimals, too. */
static struct expr_value number_in(struct str field)
{
	struct expr_value v = {.kind = EXPR_INT};
	struct literal literal;
	if (number_i64(field, &v.integer))
		return v;
	if (str_chr(field, '.') && literal_number(field, &literal) && literal.unit == UNIT_ANY)
		return literal.value;
	return missing;
}

static struct expr_value name_value(const struct row *row, const struct node *node, bool must)
{
	if (node->slot < 0)
		return row->variable[-1 - node->slot];
	struct str field = row->field[node->slot];
	if (field.n == 0)
		return missing;
	struct expr_value v = number_in(field);
	if (must && v.kind == EXPR_MISSING)
		bad_number(row->e, node, field);
	return v;
}

static struct expr_value integers(enum op op, int64_t a, int64_t b)
{
	struct expr_value v = {.kind = EXPR_INT};
	bool overflow = false;
	if (op == OP_ADD) {
		overflow = __builtin_add_overflow(a, b, &v.integer);
	} else if (op == OP_SUBTRACT) {
		overflow = __builtin_sub_overflow(a, b, &v.integer);
	} else if (op == OP_MULTIPLY) {
		overflow = __builtin_mul_overflow(a, b, &v.integer);
	} else if (b == 0 || (a == INT64_MIN && b == -1)) {
		return missing;
	} else if (op == OP_MODULO) {
		v.integer = a % b;
	} else if (a % b == 0) {
		v.integer = a / b;
	} else {
		v.kind = EXPR_REAL;
		v.real = (double)a / (double)b;
	}
	return overflow ? missing : v;
}

static struct expr_value reals(enum op op, double a, double b)
{
	struct expr_value v = {.kind = EXPR_REAL};
	if (op == OP_MODULO || (op == OP_DIVIDE && b == 0))
		return missing;
	v.real = op == OP_ADD ? a + b : op == OP_SUBTRACT ? a - b : op == OP_MULTIPLY ? a * b : a / b;
	return v;
}

static double real_of(struct expr_value v)
{
	return v.kind == EXPR_INT ? (double)v.integer : v.real;
}

static struct expr_value value_of(const struct row *row, const struct node *node)
{
	if (node->op == OP_NAME)
		return name_value(row, node, true);
	if (node->op == OP_NUMBER || node->op == OP_CLOCK)
		return node->value;
	struct expr_value a = value_of(row, node->left);
	struct expr_value b = node->op == OP_NEGATE ? a : value_of(row, node->right);
	if (a.kind == EXPR_MISSING || b.kind == EXPR_MISSING)
		return missing;
	if (node->op == OP_NEGATE)
		return a.kind == EXPR_INT ? integers(OP_SUBTRACT, 0, a.integer)
					  : reals(OP_SUBTRACT, 0, a.real);
	if (a.kind == EXPR_INT && b.kind == EXPR_INT)
		return integers(node->op, a.integer, b.integer);
	return reals(node->op, real_of(a), real_of(b));
}

/* ---- text ---- */

static struct str text_of(const struct row *row, const struct node *node, struct buf *room)
{
	if (node->op == OP_TEXT)
		return node->text;
	struct str field = row->field[node->slot];
	if (!node->escaped || !str_chr(field, '\\'))
		return field;
	size_t unknown;
	room->n = 0;
	room->n = literal_unescape(buf_reserve(room, field.n), field, &unknown);
	return buf_str(room);
}

/* ---- conditions ---- */

static bool holds(unsigned relation, int order)
{
	return relation >> (order + 1) & 1;
}

static bool compare_texts(const struct row *row, const struct node *node)
{
	bool equality = node->relation == EQUAL || node->relation == (LESS | GREATER);
	if (equality && node->left->op == OP_NAME && node->right->op == OP_TEXT &&
	    expr_begins_otherwise(row->field[node->left->slot], node->right->text))
		return node->relation != EQUAL;
	struct str left = text_of(row, node->left, &row->e->left);
	struct str right = text_of(row, node->right, &row->e->right);
	if (node->relation == EQUAL)
		return str_eq(left, right);
	int order = str_cmp(left, right);
	return holds(node->relation, (order > 0) - (order < 0));
}

static bool compare_numbers(unsigned relation, struct expr_value a, struct expr_value b)
{
	return a.kind != EXPR_MISSING && b.kind != EXPR_MISSING && holds(relation, order_of(a, b));
}

static bool compare_field(const struct row *row, const struct node *node)
{
	int slot = node->left->slot;
	int64_t a, b = node->right->value.integer;
	bool is_integer = slot < 0 ? row->variable[-1 - slot].kind == EXPR_INT : number_i64(row->field[slot], &a);
	if (slot < 0 && is_integer)
		a = row->variable[-1 - slot].integer;
	if (is_integer)
		return holds(node->relation, (a > b) - (a < b));
	return compare_numbers(node->relation, name_value(row, node->left, true), node->right->value);
}

static bool compare_either(const struct row *row, const struct node *node)
{
	struct expr_value a = name_value(row, node->left, false);
	struct expr_value b = name_value(row, node->right, false);
	if (a.kind != EXPR_MISSING && b.kind != EXPR_MISSING)
		return compare_numbers(node->relation, a, b);
	bool fields = node->left->slot >= 0 && node->right->slot >= 0;
	return fields && compare_texts(row, node);
}

static bool is_empty(const struct row *row, const struct node *node)
{
	if (node->op == OP_TEXT)
		return node->text.n == 0;
	if (node->op == OP_NAME && node->slot >= 0)
		return row->field[node->slot].n == 0;
	return value_of(row, node).kind == EXPR_MISSING;
}

static bool in_numbers(const struct row *row, const struct node *node)
{
	struct expr_value v = value_of(row, node->left);
	if (v.kind == EXPR_MISSING)
		return node->or_empty && is_empty(row, node->left);
	return bsearch(&v, node->numbers, node->members, sizeof v, expr_order_numbers);
}

static bool in_texts(const struct row *row, const struct node *node)
{
	struct str text = text_of(row, node->left, &row->e->left);
	if (text.n == 0)
		return node->or_empty;
	return bsearch(&text, node->texts, node->members, sizeof text, expr_order_texts);
}

static bool test(const struct row *row, const struct node *node)
{
	switch (node->op) {
	case OP_AND:
		return test(row, node->left) && test(row, node->right);
	case OP_OR:
		return test(row, node->left) || test(row, node->right);
	case OP_NOT:
		return !test(row, node->left);
	case OP_FIELD_NUMBER:
		return compare_field(row, node);
	case OP_NUMBERS:
		return compare_numbers(node->relation, value_of(row, node->left),
				       value_of(row, node->right));
	case OP_TEXTS:
		return compare_texts(row, node);
	case OP_EITHER:
		return compare_either(row, node);
	case OP_EMPTY:
		return is_empty(row, node->left);
	case OP_MATCH:
		return pattern_match(node->pattern, text_of(row, node->left, &row->e->left));
	case OP_IN_NUMBERS:
		return in_numbers(row, node);
	case OP_IN_TEXTS:
		return in_texts(row, node);
	default:
		return false; /* values are no conditions: expr_compile has checked */
	}
}

bool expr_test_node(struct expr *e, const struct node *node, const struct str *field,
		    const struct expr_value *variable)
{
	return test(&(struct row){e, field, variable}, node);
}

bool expr_test(struct expr *e, const struct str *field, const struct expr_value *variable)
{
	return expr_test_node(e, e->root, field, variable);
}

struct expr_value expr_compute(struct expr *e, const struct str *field,
			       const struct expr_value *variable)
{
	return value_of(&(struct row){e, field, variable}, e->root);
}

/* ---- the trace's clock ---- */

bool expr_needs_start(const struct expr *e)
{
	return e->clocks.n > 0;
}

/* In ns since the Epoch, as mktime: on a day that is 23 or 25 hours long, clocks jump. */
static int64_t clock_since_epoch(int64_t start_ns, int64_t clock_ns)
{
	time_t seconds = (time_t)(start_ns / 1000000000);
	struct tm tm;
	localtime_r(&seconds, &tm);
	tm.tm_hour = (int)(clock_ns / 3600000000000);
	tm.tm_min = (int)(clock_ns / 60000000000 % 60);
	tm.tm_sec = (int)(clock_ns / 1000000000 % 60);
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000000000 + clock_ns % 1000000000;
}

void expr_begin_trace(struct expr *e, int64_t start_ns)
{
	for (size_t i = 0; i < e->clocks.n; i++) {
		struct node *clock = e->clocks.node[i];
		int64_t *ns = &clock->value.integer;
		clock->value.kind = EXPR_INT;
		if (clock->clock_ns == FIRST_START)
			*ns = start_ns;
		else if (start_ns >= EPOCH_LEAST_NS)
			*ns = clock_since_epoch(start_ns, clock->clock_ns);
		else
			*ns = start_ns / DAY_NS * DAY_NS + clock->clock_ns;
	}
}

/* ---- the end ---- */

void expr_report(const struct expr *e, const char *origin)
{
	for (size_t i = 0; i < e->matches.n; i++)
		pattern_report(e->matches.node[i]->pattern, origin);
	if (e->bad_numbers)
		diag(DIAG_WARNING,
		     "%s: %" PRIu64 " fields are not numbers and count as missing, first %.*s", origin,
		     e->bad_numbers, (int)e->first_bad.n, e->first_bad.p);
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->matches.n; i++)
		pattern_free(e->matches.node[i]->pattern);
	free(e->names.node);
	free(e->clocks.node);
	free(e->matches.node);
	buf_free(&e->left);
	buf_free(&e->right);
	buf_free(&e->first_bad);
	arena_free(&e->arena);
	free(e);
}
