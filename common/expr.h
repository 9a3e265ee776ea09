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
	struct expr_bound {
		unsigned relation; /* a bit for each order that it accepts: less, equal, greater */
		int variable;
		int64_t integer;
	} bound; /* of one that compares a variable with an integer, as most do; relation is 0 in others */
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

static inline bool expr_within(const struct expr_bound *bound, int64_t value)
{
	int order = (value >= bound->integer) + (value > bound->integer);
	return bound->relation >> order & 1;
}

static inline bool expr_holds(struct expr *e, const struct expr_term *term, const struct str *field,
			      const struct expr_value *variable)
{
	const struct expr_value *value = &variable[term->bound.variable];
	if (!term->bound.relation || value->kind == EXPR_REAL)
		return expr_holds_slow(e, term, field, variable);
	return value->kind == EXPR_INT && expr_within(&term->bound, value->integer);
}

/* HH:MM[:SS[.FRACTION]] as ns since midnight; hours may go on after 24. The whole of s. */
bool expr_clock_time(struct str s, int64_t *ns);

/* Warns of patterns that were given up and of fields that should be numbers and are not. */
void expr_report(const struct expr *e, const char *origin);
void expr_free(struct expr *e);

#endif
