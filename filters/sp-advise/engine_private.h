/* engine_private: what the files of the engine share. */
#ifndef SP_ADVISE_ENGINE_PRIVATE_H
#define SP_ADVISE_ENGINE_PRIVATE_H

#include "engine.h"

/* Rows with the same call, errno, fdtype, kind and state of their descriptor are a class. A condition that
 * these decide is not asked again: NO takes the rule, measure or step out, YES needs no test. Of others only
 * the part is asked that is not decided. All that is asked of a class lies together, for there is more of it
 * than a cache holds. */

/* What a class leaves of a condition: terms that must all hold, the cheapest first. It is asked once a row,
 * however many rules have it. */
struct residue {
	uint64_t row; /* the last one it was asked of, and whether it held */
	bool held;
	unsigned n;
	struct residue_term {
		struct expr_quick quick;
		unsigned needs;        /* derived ones */
		struct answer *answer; /* NULL: to ask again costs little */
		struct expr *expr;
		const struct expr_term *of;
	} term[];
};

/* One measure. */
struct measuring {
	const struct measure *of;
	struct rule *rule;
	struct residue *where, *counts; /* what is to be asked first; what it counts. NULL: sure */
	enum slot_kind kind;
	int slot;
};

/* A rule that counts such rows in its groups. */
struct action {
	/* Of the rule's `where`: the first thing to ask, and all of it, unless there is nothing else. What a class
	 * asks first lies together: most of it fails. */
	struct expr_quick first;
	bool first_is_all;
	struct residue *where;
	struct rule *rule;
	const struct measuring *measures;
	unsigned n_measures;
};

/* A rule with pairs, which such rows open or close after a test. */
struct pairing {
	struct rule *rule;
	bool opens, closes;
	struct residue *open_where, *close_where;
};

/* What the sequence of a rule makes of them. */
struct advance {
	struct rule *rule;
	int64_t within_ns;
	size_t at;                  /* of its state in an entry of the track */
	const struct action *match; /* for a rule that counts the calls of its matches, by the last one */
	struct residue **where;     /* by step */
	uint8_t n, steps, many;     /* a bit for each step that takes this call; that may come again */
	bool may_stand;             /* it may stand between the steps */
};

/* A watch that such rows move on; others go on as if the row had not come. */
struct due {
	struct watch *watch;
	/* A bit for each sequence that may take it as its first step, that is ended by it, that has to look. */
	uint64_t starts, ends, looks;
	struct advance *of; /* by rule of the watch */
};

struct actions {
	struct class_key {
		const struct syscall_info *info;
		uint64_t error_head, fdtype_head; /* their first eight bytes */
		size_t error_n, fdtype_n;
		unsigned kind_bit, state;
	} key;
	struct str error, fdtype, name;
	const struct str *call; /* the same for examples: engine_name's; NULL: no example has asked yet */
	unsigned n_counting, n_due, n_traced, n_pairs, n_tallied;
	struct action *counting;
	struct due *due;
	struct measuring *traced;  /* measures of the trace, */
	struct measuring *tallied; /* and those that the tally is all of */
	struct pairing *pairs;
	struct tally {
		uint64_t rows, timed;
		__uint128_t ns;
	} tally; /* since they were told */
	struct actions *next; /* of the same call */
	uint64_t number;      /* among all that there ever were */
	struct arena memory;
};

/* What rows of the class of the one at hand make of it. */
enum expr_certainty condition_decide(struct engine *e, const struct event_expr *x);
/* What is left to ask of one that may hold. */
struct residue *condition_rest(struct engine *e, struct actions *all, struct event_expr *x);
/* Makes a `where` that may hold the action's, the first thing to ask apart. */
void condition_split(struct engine *e, struct actions *all, struct event_expr *where, struct action *a);

/* residue_holds, where the answer for this row is not known yet. */
bool residue_asks(struct engine *e, struct residue *rest);

/* Whether the condition holds of the row at hand. NULL: always. */
static inline bool residue_holds(struct engine *e, struct residue *rest)
{
	return !rest || (rest->row == e->row.number ? rest->held : residue_asks(e, rest));
}

/* Whether a rule's `where` holds of the row at hand. */
static inline bool action_holds(struct engine *e, const struct action *a)
{
	enum expr_certainty first = expr_ask(&a->first, e->row.t->field, e->row.variable);
	if (first == EXPR_MAYBE || (first == EXPR_YES && !a->first_is_all))
		return residue_holds(e, a->where);
	return first == EXPR_YES;
}

/* What is counted at once: a call, or those of a match. */
struct batch {
	uint64_t calls, errors, timed, moves;
	int64_t ns, bytes, start_ns, end_ns;
};

/* In the group of the row at hand, of which `where` holds. */
void engine_count(struct engine *e, const struct action *a, const struct batch *b);

struct actions *actions_find(struct engine *e, struct latest *latest);

/* The class of the row at hand, made when its first row comes. */
static inline struct actions *actions_of(struct engine *e)
{
	const struct row *row = &e->row;
	uint64_t mixed = (row->saying ^ (uint64_t)row->state << 16) * UINT64_C(0x9e3779b97f4a7c15);
	struct latest *latest = &e->latest[mixed >> (64 - ENGINE_LATEST_BITS)];
	if (row->saying && latest->saying == row->saying && latest->state == row->state)
		return latest->all;
	return actions_find(e, latest);
}

void actions_open(struct engine *e);
void actions_settle(struct engine *e); /* the tallies of all */
void actions_forget(struct engine *e); /* the table has other columns: all is to be found out anew */

/* Whether a tally is enough for a measure of the trace; and tells all of them. */
bool tally_takes(const struct measuring *m);
void tally_settle(struct engine *e, struct actions *all);

static inline void tally_row(struct tally *tally, const struct row *row)
{
	tally->rows++;
	tally->timed += row->has_dur;
	tally->ns += (uint64_t)row->dur_ns;
}

/* The watches of rules with a sequence. */
void sequences_open(struct engine *e);
void sequences_begin_trace(struct engine *e);
/* The row at hand comes, in three steps, between which memory is fetched; each returns how many watches are left
 * to look at. */
static inline size_t sequences_expect(struct engine *e)
{
	size_t n = 0;
	for (const struct due *due = e->now->due, *end = due + e->now->n_due; due < end; due++) {
		const struct watch *w = due->watch;
		struct coming *c = &e->coming[n];
		if ((!due->starts && !w->track.used) || !scope_track(w->on, &e->row, &c->hash))
			continue;
		c->due = due;
		track_expect(&w->track, c->hash);
		n++;
	}
	return n;
}

/* Leaves those that have nothing under way, and begin nothing. */
static inline size_t sequences_find(struct engine *e, size_t n)
{
	size_t left = 0;
	for (const struct coming *c = e->coming, *end = c + n; c < end; c++) {
		const struct track *track = &c->due->watch->track;
		uint64_t alike = track_alike(track, c->hash);
		if (!alike && !c->due->starts)
			continue;
		track_expect_in(track, c->hash, alike);
		e->coming[left++] = (struct coming){c->due, c->hash, alike};
	}
	return left;
}

void sequences_row(struct engine *e, size_t n);

/* The row at hand opens what a rule's pairs are about, or closes it. */
void pairs_row(struct engine *e, const struct pairing *p);

#endif
