/* engine_private: what the files of the engine share. */
#ifndef SP_ADVISE_ENGINE_PRIVATE_H
#define SP_ADVISE_ENGINE_PRIVATE_H

#include "engine.h"

/* A condition that is already decided for all rows with the same call, errno, fdtype and kind is not asked
 * again: NO takes the rule, measure or step out, YES needs no test. Of others only the part is asked that
 * is not decided. */

/* What one rule does with such rows. */
struct action {
	struct rule *rule;
	bool counts;                /* it is one of the rule's calls */
	/* Of the rule's `where`: the first thing to ask, unless its relation is 0, and all of it, unless that
	 * is sure to hold then. What a class asks first lies together: most of it fails. */
	struct expr_bound first;
	struct event_expr *where;
	bool opens, closes;         /* of pairs, after a test of their `where` */
	uint32_t measures, of_trace; /* a bit for each that takes this call */
	uint32_t sure_where, sure_count; /* no test of a measure's `where`, or what it counts */
};

/* What the sequence of a rule makes of them. */
struct advance {
	struct action match; /* for a rule that counts the calls of its matches, by the last one */
	uint8_t steps, sure; /* a bit for each step that takes this call, or does so without a test */
	bool may_stand;      /* it may stand between the steps */
};

struct advances {
	uint64_t starts;    /* a bit for each that may take it as its first step */
	bool matters;       /* it is a step of some, or ends some; else all go on as if it had not come */
	struct advance *of; /* by rule of the watch */
};

struct actions {
	struct actions *next; /* of the same call with another errno, type of file or kind */
	unsigned kind_bit;
	uint64_t error_head, fdtype_head;
	struct str error, fdtype, name;
	struct action *counting, *others; /* those that count it in a group; of the trace, and pairs */
	struct action *tallied; /* of the trace: the measures that the tally is all of */
	size_t n_counting, n_others, n_tallied;
	struct tally {
		uint64_t rows, timed;
		int64_t ns;
	} tally; /* since they were told */
	struct advances *advances; /* by watch */
	struct residue **residue;  /* of conditions, by their number; NULL: not asked for yet */
	struct arena memory;       /* for those */
};

/* What rows with the same call, errno, fdtype and kind as the one at hand make of it. */
enum expr_certainty condition_decide(struct engine *e, const struct event_expr *x);
/* Makes a `where` that is not decided the action's, the first thing to ask apart. */
void condition_split(struct engine *e, struct actions *all, struct event_expr *where, struct action *a);
void conditions_close(struct engine *e);

/* event_holds, where the answer for this row is not known yet. */
bool event_asks(struct engine *e, struct event_expr *x);

/* Whether the condition holds of the row at hand. NULL: always. */
static inline bool event_holds(struct engine *e, struct event_expr *x)
{
	return !x || (x->row == e->row.number ? x->held : event_asks(e, x));
}

/* Whether a rule's `where` holds of the row at hand. */
static inline bool action_holds(struct engine *e, const struct action *a)
{
	const struct expr_value *value = &e->row.variable[a->first.variable];
	if (a->first.relation && (value->kind != EXPR_INT || !expr_within(&a->first, value->integer)))
		return false;
	return event_holds(e, a->where);
}

/* What is counted at once: a call, or those of a match. */
struct batch {
	uint64_t calls, errors, timed, moves;
	int64_t ns, bytes, start_ns, end_ns;
};

/* In the group of the row at hand, of which `where` holds. */
void engine_count(struct engine *e, const struct action *a, const struct batch *b);

/* Which rules count a row like the one at hand, found out when the first such row comes. */
struct actions *actions_of(struct engine *e);
void actions_open(struct engine *e);
void actions_settle(struct engine *e); /* the tallies of all */
void actions_forget(struct engine *e); /* the table has other columns: all is to be found out anew */
void actions_close(struct engine *e);

/* The measures of the trace that a tally is enough for, a bit for each; and tells them. */
uint32_t tally_takes(const struct row *row, const struct action *a);
void tally_settle(struct actions *all);

static inline void tally_row(struct tally *tally, const struct row *row)
{
	tally->rows++;
	tally->timed += row->has_dur;
	if (__builtin_add_overflow(tally->ns, row->dur_ns, &tally->ns))
		tally->ns = INT64_MAX;
}

/* The watches of rules with a sequence. */
void sequences_open(struct engine *e);
void sequences_close(struct engine *e);
void sequences_begin_trace(struct engine *e);
/* The row at hand comes, in three steps, between which memory is fetched. */
void sequences_expect(struct engine *e);
void sequences_find(struct engine *e);
void sequences_row(struct engine *e);

/* The row at hand opens what a rule's pairs are about, or closes it. */
void pairs_row(struct engine *e, const struct action *action);

#endif
