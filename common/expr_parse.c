/* Grammar, loosest first:
 *
 *     or          = and { ("or" | "||") and }
 *     and         = not { ("and" | "&&") not }
 *     not         = { "not" | "!" } comparison
 *     comparison  = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
 *                       | ("=~" | "!~") STRING | ["not"] "in" "{" [ELEMENT { "," ELEMENT }] "}" ]
 *     sum         = product { ("+" | "-") product }
 *     product     = negation { ("*" | "/" | "%") negation }
 *     negation    = { "-" } (NUMBER | STRING | NAME | "(" or ")")
 *
 * Conditions and values share the parentheses; expr_node.c and expr_condition.c check what they are where they meet. */
#include "expr_tree.h"

#include <stdlib.h>

/* What people write is far below; what a program or an attacker writes must not exhaust the stack,
 * neither here nor in expr_eval.c, which goes down chains of and, or and arithmetic. */
enum { DEEPEST = 200, MOST_NODES = 20000 };

struct parser {
	struct builder b;
	struct lexer lexer;
	struct token token; /* the next one, not yet used */
	unsigned depth;
};

static struct node *fail(struct parser *p, const char *what)
{
	fault_set(p->b.fault, p->token.at, p->token.n, "%s", what);
	return NULL;
}

static bool next(struct parser *p)
{
	if (p->b.nodes > MOST_NODES)
		return fail(p, "the expression is too long");
	return lex_next(&p->lexer, &p->token);
}

static struct node *parse_or(struct parser *p);

/* One level deeper: what follows the token is parsed by `inner`. */
static struct node *nested(struct parser *p, struct node *(*inner)(struct parser *))
{
	if (p->depth == DEEPEST)
		return fail(p, "the expression is nested too deeply");
	p->depth++;
	struct node *node = next(p) ? inner(p) : NULL;
	p->depth--;
	return node;
}

static struct node *parse_parentheses(struct parser *p)
{
	size_t at = p->token.at;
	struct node *node = nested(p, parse_or);
	if (node && p->token.kind != T_CLOSE) {
		fault_set(p->b.fault, at, 1, "this parenthesis is not closed");
		return NULL;
	}
	return node;
}

static struct node *parse_operand(struct parser *p)
{
	struct node *node;
	switch (p->token.kind) {
	case T_NUMBER:
	case T_STRING:
		node = node_literal(&p->b, &p->token);
		break;
	case T_NAME:
		node = node_name(&p->b, &p->token);
		break;
	case T_OPEN:
		node = parse_parentheses(p);
		break;
	case T_END:
		return fail(p, "the expression ends too early");
	default:
		return fail(p, "a name, a number or a string is expected here");
	}
	return node && next(p) ? node : NULL;
}

static struct node *parse_negation(struct parser *p)
{
	if (p->token.kind != T_MINUS)
		return parse_operand(p);
	size_t at = p->token.at;
	struct node *value = nested(p, parse_negation);
	return value ? node_negate(&p->b, at, value) : NULL;
}

/* operand { operator operand }, where the operators are first .. last. */
static struct node *parse_chain(struct parser *p, struct node *(*operand)(struct parser *),
				enum token_kind first, enum token_kind last, enum op op)
{
	struct node *left = operand(p);
	while (left && p->token.kind >= first && p->token.kind <= last) {
		enum op this = op + (p->token.kind - first);
		struct node *right = next(p) ? operand(p) : NULL;
		left = right ? node_arithmetic(&p->b, this, left, right) : NULL;
	}
	return left;
}

static struct node *parse_product(struct parser *p)
{
	return parse_chain(p, parse_negation, T_TIMES, T_MODULO, OP_MULTIPLY);
}

static struct node *parse_sum(struct parser *p)
{
	return parse_chain(p, parse_product, T_PLUS, T_MINUS, OP_ADD);
}

static struct node *parse_match(struct parser *p, struct node *left)
{
	if (p->token.kind != T_STRING)
		return fail(p, "a pattern in quotes is expected here");
	struct node *node = node_match(&p->b, left, &p->token);
	return node && next(p) ? node : NULL;
}

static bool take_members(struct parser *p, struct members *m)
{
	struct token t;
	for (size_t cap = 0;;) {
		if (!lex_element(&p->lexer, &t))
			return false;
		if (t.kind == T_BRACE_CLOSE && m->n == 0)
			return true;
		if (t.kind != T_NAME && t.kind != T_STRING)
			return fault_set(p->b.fault, t.at, t.n,
					 "an element of the set is expected here");
		bool number = t.kind == T_NAME && literal_number(t.text, &t.number) &&
			      t.number.unit != UNIT_CLOCK;
		t.kind = number ? T_NUMBER : T_STRING;
		if (m->n == cap) {
			cap = cap ? cap * 2 : 16;
			m->token = xrealloc(m->token, cap, sizeof t);
		}
		m->token[m->n++] = t;
		if (!lex_next(&p->lexer, &t))
			return false;
		if (t.kind == T_BRACE_CLOSE)
			return true;
		if (t.kind != T_COMMA)
			return fault_set(p->b.fault, t.at, t.n, "a comma or } is expected here");
	}
}

static struct node *parse_in(struct parser *p, struct node *left)
{
	if (p->token.kind != T_BRACE_OPEN)
		return fail(p, "a set is expected here, like {a, b}");
	struct members m = {0};
	struct node *node = take_members(p, &m) ? node_in(&p->b, left, &m, p->lexer.next) : NULL;
	free(m.token);
	return node && next(p) ? node : NULL;
}

static struct node *parse_comparison(struct parser *p)
{
	struct node *left = parse_sum(p);
	if (!left)
		return NULL;
	enum token_kind kind = p->token.kind;
	if (kind >= T_LESS && kind <= T_GREATER_EQUAL) {
		struct node *right = next(p) ? parse_sum(p) : NULL;
		return right ? node_compare(&p->b, left, kind - T_LESS + 1u, right) : NULL;
	}
	if (kind != T_MATCH && kind != T_NO_MATCH && kind != T_IN && kind != T_NOT)
		return left;
	if (!next(p))
		return NULL;
	if (kind == T_NOT && p->token.kind != T_IN)
		return fail(p, "only in can follow not here");
	if (kind == T_NOT && !next(p))
		return NULL;
	bool match = kind == T_MATCH || kind == T_NO_MATCH;
	struct node *node = match ? parse_match(p, left) : parse_in(p, left);
	return node && (kind == T_NOT || kind == T_NO_MATCH) ? node_not(&p->b, node) : node;
}

static struct node *parse_not(struct parser *p)
{
	if (p->token.kind != T_NOT)
		return parse_comparison(p);
	struct node *condition = nested(p, parse_not);
	return condition ? node_not(&p->b, condition) : NULL;
}

static struct node *parse_and(struct parser *p)
{
	struct node *left = parse_not(p);
	while (left && p->token.kind == T_AND) {
		struct node *right = next(p) ? parse_not(p) : NULL;
		left = right ? node_logic(&p->b, OP_AND, left, right) : NULL;
	}
	return left;
}

static struct node *parse_or(struct parser *p)
{
	struct node *left = parse_and(p);
	while (left && p->token.kind == T_OR) {
		struct node *right = next(p) ? parse_and(p) : NULL;
		left = right ? node_logic(&p->b, OP_OR, left, right) : NULL;
	}
	return left;
}

static const char *unexpected(enum token_kind kind)
{
	if (kind >= T_LESS && kind <= T_GREATER_EQUAL)
		return "comparisons do not chain: join them by and";
	if (kind == T_CLOSE)
		return "no parenthesis is open here";
	return "and, or or an operator is missing here";
}

struct expr *expr_compile(struct str text, enum expr_result result, struct fault *fault)
{
	struct expr *e = xcalloc(1, sizeof *e);
	e->text = arena_str(&e->arena, text);
	struct parser p = {.b = {.e = e, .fault = fault}, .lexer = {.text = e->text, .fault = fault}};
	e->root = next(&p) ? parse_or(&p) : NULL;
	if (e->root && p.token.kind != T_END)
		e->root = fail(&p, unexpected(p.token.kind));
	if (e->root && node_check(&p.b, e->root, result))
		return e;
	expr_free(e);
	return NULL;
}
