/* expr_lex: the tokens of an expression and the spelling of its literals, for the files of expr. */
#ifndef SP_EXPR_LEX_H
#define SP_EXPR_LEX_H

#include "expr.h"

enum token_kind {
	T_END, T_NAME, T_NUMBER, T_STRING, T_AND, T_OR, T_NOT, T_IN, T_MATCH, T_NO_MATCH,
	/* The comparisons, as the sums of the orders they accept: 1 less, 2 equal, 4 greater. */
	T_LESS, T_EQUAL, T_LESS_EQUAL, T_GREATER, T_NOT_EQUAL, T_GREATER_EQUAL,
	T_PLUS, T_MINUS, T_TIMES, T_DIVIDE, T_MODULO,
	T_OPEN, T_CLOSE, T_BRACE_OPEN, T_BRACE_CLOSE, T_COMMA,
};

/* What a number measures. Times are durations, instants (start_ns) or clock times; ANY is not known. */
enum unit { UNIT_ANY, UNIT_NONE, UNIT_SIZE, UNIT_TIME, UNIT_INSTANT, UNIT_CLOCK };

struct literal {
	struct expr_value value; /* a clock time: ns since midnight */
	enum unit unit;
};

struct token {
	enum token_kind kind;
	struct str text; /* as written; of a string, what stands between the quotes */
	size_t at, n;	 /* in the expression, quotes included */
	struct literal number;
};

struct lexer {
	struct str text;
	size_t next;
	struct fault *fault;
};

bool lex_next(struct lexer *l, struct token *t);
/* An element of a set: a string, or everything up to a comma, brace or blank (as T_NAME). */
bool lex_element(struct lexer *l, struct token *t);

/* NUMBER[UNIT] or HH:MM[:SS[.FRACTION]], with or without a minus. The whole of s. */
bool literal_number(struct str s, struct literal *literal);

/* Writes s without its C escapes at out (room for s.n) and returns the length. What is no escape stays
 * as it is; *unknown becomes the offset of the first such backslash. */
size_t literal_unescape(char *out, struct str s, size_t *unknown);

#endif
