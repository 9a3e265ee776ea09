/* expr_tree: the tree of an expression, for the files of expr. */
#ifndef SP_EXPR_TREE_H
#define SP_EXPR_TREE_H

#include "arena.h"
#include "expr_lex.h"
#include "pattern.h"

/* ---- expr_node.c: nodes, and those that are values ---- */

enum op {
	/* conditions */
	OP_AND, OP_OR, OP_NOT,
	OP_FIELD_NUMBER, /* a name against an integer: what most conditions are */
	OP_NUMBERS,	 /* two numbers */
	OP_TEXTS,	 /* two texts */
	OP_EITHER,	 /* numbers if both are, else texts: two names of unknown type */
	OP_EMPTY, OP_MATCH, OP_IN_NUMBERS, OP_IN_TEXTS,
	/* values */
	OP_NAME, OP_NUMBER, OP_TEXT,
	OP_CLOCK, /* a clock time, or the first start of the trace */
	OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_MODULO, OP_NEGATE,
};

enum type { TYPE_CONDITION, TYPE_NUMBER, TYPE_TEXT, TYPE_ANY };

enum { LESS = 1, EQUAL = 2, GREATER = 4 }; /* relation: which orders of left and right it accepts */
enum { FIRST_START = -1 };		   /* instead of a clock time */

struct node {
	enum op op;
	enum type type;
	enum unit unit;
	size_t at, n; /* in the expression */
	struct node *left, *right;
	union {
		unsigned relation; /* OP_FIELD_NUMBER, OP_NUMBERS, OP_TEXTS, OP_EITHER */
		struct pattern *pattern; /* OP_MATCH */
		struct str text; /* OP_TEXT, unescaped */
		struct { /* OP_IN_NUMBERS, OP_IN_TEXTS: one of the arrays, sorted */
			struct expr_value *numbers;
			struct str *texts;
			size_t members;
			bool or_empty;
		};
		struct { /* OP_NAME */
			struct str name;
			int slot;      /* of the field, or -1 - that of the variable */
			bool escaped;  /* a field may hold escapes that are not part of its value */
			bool as_text;
			bool maybe_word; /* errno == ENOENT: a text without its quotes? */
		};
		struct { /* OP_NUMBER; OP_CLOCK, whose value is missing until the trace begins */
			struct expr_value value;
			int64_t clock_ns; /* since midnight, or FIRST_START */
		};
	};
};

/* All nodes of one kind, so that they are found without walking the tree. */
struct node_list {
	struct node **node;
	size_t n;
};

struct expr {
	struct arena arena;
	struct str text;
	struct node *root;
	struct node_list names, clocks, matches;
	struct buf left, right; /* where fields lose their escapes */
	uint64_t bad_numbers;
	struct buf first_bad; /* "ret: 12x" */
};

/* What a tree is built with. The makers of nodes return NULL with the fault set when the parts do not
 * fit together. */
struct builder {
	struct expr *e;
	struct fault *fault;
	size_t nodes;
};

struct members {
	struct token *token; /* T_NUMBER or T_STRING */
	size_t n;
};

/* The bytes at..at+n of the expression, in e's memory; a joint one covers both of its parts. */
struct node *node_new(struct builder *b, enum op op, enum type type, size_t at, size_t n);
struct node *node_join(struct builder *b, enum op op, enum type type, struct node *left,
		       struct node *right);
void node_keep(struct node_list *list, struct node *node);

/* What a string's escapes stand for; false, with the fault set, where one is unknown. */
bool node_unescape(struct builder *b, const struct token *t, struct str *text);
bool node_may_be_number(const struct node *node);
/* Sets the fault at this node; NULL, for the caller to return. */
struct node *node_fail(struct builder *b, const struct node *at, const char *what);

struct node *node_name(struct builder *b, const struct token *t);
struct node *node_literal(struct builder *b, const struct token *t);
struct node *node_arithmetic(struct builder *b, enum op op, struct node *left, struct node *right);
struct node *node_negate(struct builder *b, size_t at, struct node *value);

/* ---- expr_condition.c: nodes that hold or do not ---- */

struct node *node_compare(struct builder *b, struct node *left, unsigned relation,
			  struct node *right);
struct node *node_match(struct builder *b, struct node *left, const struct token *pattern);
struct node *node_in(struct builder *b, struct node *left, const struct members *m, size_t end);
struct node *node_not(struct builder *b, struct node *condition);
struct node *node_logic(struct builder *b, enum op op, struct node *left, struct node *right);
/* Whether node is of this type or may be; the fault otherwise. */
bool node_check(struct builder *b, const struct node *node, enum expr_result result);

/* ---- expr_eval.c ---- */

/* Whether a part of a condition holds; field and variable as for expr_test. */
bool expr_test_node(struct expr *e, const struct node *node, const struct str *field,
		    const struct expr_value *variable);

/* For qsort, of values that are not missing. */
int expr_order_numbers(const void *a, const void *b);
int expr_order_texts(const void *a, const void *b);

#endif
