/* expr: conditions and formulas over the columns of a table, as typed by users:
 *
 *     dur > 1ms and path =~ "^/data" and errno == "" and not syscall in {read, pread64}
 *
 * The language is described in sp-select(1). In short: a name means a column, or that name with _ns
 * (dur is dur_ns); `elapsed` is start_ns since the first event of the trace. Numbers take units. Text
 * is compared by value: the escapes of the table are undone, except in args, which is the tracer's
 * own text. A missing number makes every comparison false; x == "" and x != "" test for emptiness.
 *
 *     struct fault fault;
 *     struct expr *e = expr_compile(text, EXPR_CONDITION, &fault);    NULL: see fault
 *     at every header:     expr_bind(e, table, NULL, 0, &fault)       false: see fault
 *     at its first start:  expr_begin_trace(e, start_ns)              if expr_needs_start(e)
 *     at every row:        expr_test(e, table->field, NULL)
 *     at the end:          expr_report(e, "--where"); expr_free(e)
 */
#ifndef SP_EXPR_H
#define SP_EXPR_H

#include "arena.h"
#include "fault.h"
#include "tsv.h"

enum expr_result { EXPR_CONDITION, EXPR_FORMULA }; /* a formula is a number: "bytes / calls" */

struct expr_value {
	enum { EXPR_MISSING, EXPR_INT, EXPR_REAL } kind;
	union {
		int64_t integer;
		double real;
	};
};

struct expr;
struct expr *expr_compile(struct str text, enum expr_result result, struct fault *fault);

/* Finds every name among the table's columns, which are then wanted of it, or else among `variables`:
 * numbers that the caller will give. Either may be absent. Names mean the same from row to row, so
 * this is called again when the columns change. */
bool expr_bind(struct expr *e, struct tsv *table, const struct str *variables, size_t n,
	       struct fault *fault);

/* The names in it, one after the other from i = 0 on, and what they were bound to: the number of a
 * column in field[], or -1 - that of a variable. False when there is no such name. */
bool expr_name(const struct expr *e, size_t i, struct str *name, int *slot);

/* Clock times mean the day of this start (local time for times since the Epoch), `elapsed` counts
 * from it. Until it is called both are missing. */
bool expr_needs_start(const struct expr *e);
void expr_begin_trace(struct expr *e, int64_t start_ns);

/* field: what the table's columns hold, as tsv's. variable: in the order given to expr_bind. */
bool expr_test(struct expr *e, const struct str *field, const struct expr_value *variable);
struct expr_value expr_compute(struct expr *e, const struct str *field,
			       const struct expr_value *variable);

/* What is certain of a condition while only some columns and variables are known, those whose bits are
 * set; the others' values are not looked at. */
enum expr_certainty { EXPR_NO, EXPR_YES, EXPR_MAYBE };
enum expr_certainty expr_decide(struct expr *e, const struct str *field,
				const struct expr_value *variable, uint64_t known,
				uint64_t known_variables);

/* What is then left to ask of one that is uncertain: terms that must all hold. They live as long as
 * `memory`. */
struct expr_term {
	const struct node *node;
	uint64_t fields, variables; /* what it looks at, a bit for each; all are set when there are more
				       than 64 of them */
	unsigned cost;		    /* of asking, roughly: 1 for a number, 20 for a pattern */
	struct expr_quick {
		enum expr_quick_of {
			EXPR_QUICK_NONE,
			EXPR_QUICK_VARIABLE, /* a variable is compared with an integer, */
			EXPR_QUICK_FIELD,    /* or a field, behind which eight bytes are readable; */
			EXPR_QUICK_TEXT,     /* a field may be this text; */
			EXPR_QUICK_EMPTY,    /* or is empty */
		} of;
		bool negated;
		uint8_t relation; /* a bit for each order that it accepts: less, equal, greater */
		int at;		  /* of the variable or field */
		union {
			int64_t integer;
			const struct str *text;
		};
	} quick; /* of one that can mostly be told without its node, as most can */
	/* Of one that matches a pattern, or does not: that as written, and whether `not` is in front an odd
	 * number of times. What is alike in both has the same answer in a row. */
	struct str match;
	bool negated;
};
size_t expr_rest(struct expr *e, const struct str *field, const struct expr_value *variable,
		 uint64_t known, uint64_t known_variables, struct arena *memory,
		 struct expr_term **terms);
bool expr_holds_slow(struct expr *e, const struct expr_term *term, const struct str *field,
		     const struct expr_value *variable);

static inline bool expr_within(const struct expr_quick *q, int64_t value)
{
	int order = (value >= q->integer) + (value > q->integer);
	return q->relation >> order & 1;
}

/* Whether their first bytes tell that the value of a field is another one. With escapes it is shorter than the
 * field, and where it begins to differ the field has either that byte or a backslash; unless the text has one,
 * too, which the field spells as an escape. */
static inline bool expr_begins_otherwise(struct str field, struct str text)
{
	uint64_t a, b;
	if (field.n < text.n)
		return true;
	if (text.n < sizeof a)
		return false;
	memcpy(&a, field.p, sizeof a);
	memcpy(&b, text.p, sizeof b);
	return a != b && field.p[__builtin_ctzll(a ^ b) / 8] != '\\' && !str_has_byte(b, '\\');
}

static inline enum expr_certainty expr_ask(const struct expr_quick *q, const struct str *field,
					   const struct expr_value *variable)
{
	int64_t value;
	bool holds = false;
	if (q->of == EXPR_QUICK_VARIABLE) { /* as most are: no jump through a table */
		if (variable[q->at].kind == EXPR_REAL)
			return EXPR_MAYBE;
		holds = variable[q->at].kind == EXPR_INT && expr_within(q, variable[q->at].integer);
	} else if (q->of == EXPR_QUICK_EMPTY) {
		holds = field[q->at].n == 0;
	} else if (q->of == EXPR_QUICK_TEXT) {
		if (!expr_begins_otherwise(field[q->at], *q->text))
			return EXPR_MAYBE;
	} else if (q->of == EXPR_QUICK_FIELD) {
		if (field[q->at].n && !number_field(field[q->at], &value))
			return EXPR_MAYBE;
		holds = field[q->at].n && expr_within(q, value);
	} else {
		return EXPR_MAYBE;
	}
	return holds != q->negated ? EXPR_YES : EXPR_NO;
}

static inline bool expr_holds(struct expr *e, const struct expr_term *term, const struct str *field,
			      const struct expr_value *variable)
{
	enum expr_certainty holds = expr_ask(&term->quick, field, variable);
	return holds == EXPR_MAYBE ? expr_holds_slow(e, term, field, variable) : holds == EXPR_YES;
}

/* HH:MM[:SS[.FRACTION]] as ns since midnight; hours may go on after 24. The whole of s. */
bool expr_clock_time(struct str s, int64_t *ns);

/* Warns of patterns that were given up and of fields that should be numbers and are not. */
void expr_report(const struct expr *e, const char *origin);
void expr_free(struct expr *e);

#endif
