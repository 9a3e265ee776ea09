/* rule: a rule as the engine works with it, compiled from YAML by load.c. */
#ifndef SP_ADVISE_RULE_H
#define SP_ADVISE_RULE_H

#include "groups.h"
#include "scope.h"
#include "sysset.h"

enum {
	RULE_MEASURES = 32,
	RULE_STEPS = 8,
	RULE_SLOTS = RULE_MEASURES + 3 + 2 * RULE_STEPS + 4, /* measures, sequence, pairs and hangs */
};

enum value {
#define VALUE(id, name) VALUE_##id,
#include "value.def"
#undef VALUE
	VALUE_COUNT
};
extern const struct str value_names[VALUE_COUNT];

/* Worst last, as --fail-on compares. */
enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITIES };
extern const char *const severity_names[SEVERITIES];
bool severity_parse(struct str name, enum severity *severity);

/* A condition or formula over an event. Rules that have the same share it. */
struct event_expr {
	struct event_expr *next;
	struct str text;
	enum expr_result result;
	struct expr *expr;
	unsigned needs; /* derived ones */
	int plain;      /* it is only this column of numbers; -1 */
	uint64_t class; /* what is left of a condition for the class of rows that was made last */
	struct residue *rest;
};

struct measure {
	struct str name;
	enum slot_kind kind;
	unsigned per_100k;    /* of HIST */
	struct sysset *calls; /* NULL: all */
	struct event_expr *where, *formula; /* NULL: always true */
	struct scope *columns; /* DISTINCT */
	int64_t every_ns;      /* MOST */
	int text;              /* FIRST, LAST: the column */
	bool of_trace;
	struct expr *of_measures; /* a formula over measures; kind is NONE */
};

struct step {
	struct sysset *calls;
	struct event_expr *where; /* NULL: always true */
	bool many;
};

struct sequence {
	struct scope *on;
	struct step step[RULE_STEPS];
	int steps;
	int64_t within_ns;      /* -1: any */
	struct sysset *between; /* NULL: none */
	size_t at;              /* of its state in an entry of its track */
	struct track *track;
	int slot; /* of `matches`; match_calls, match_ns, step1_calls, step1_ns... behind it */
};

struct pairs {
	struct scope *on;
	struct step open, close;
	struct track *track;
	int slot; /* of `opened`; closed, peak behind it */
};

/* "{calls} times": literal text, or a formula, or the text of a measure. */
struct piece {
	struct piece *next;
	struct str literal;
	struct expr *formula;
	int measure; /* a FIRST or LAST; -1 */
	enum show { SHOW_COUNT, SHOW_NS, SHOW_BYTES, SHOW_PERCENT, SHOW_NUMBER, SHOW_TIME } show;
};

struct rule {
	struct rule *next;
	struct str id, title, fix, about, because;
	uint64_t digest; /* of everything that partials depend on */
	unsigned kinds;  /* bits as in struct row */
	struct scope *scope;
	struct sysset *calls; /* NULL: all */
	struct event_expr *where, *worst; /* NULL: always true; dur_ns */
	struct measure measure[RULE_MEASURES];
	int measures;
	int first_measure; /* the slot of measure 0 */
	struct sequence *sequence;
	struct pairs *pairs;
	int hung_slot; /* -1: none */

	enum slot_kind slot_kind[RULE_SLOTS];
	struct str slot_name[RULE_SLOTS]; /* a measure's, or "matches"; n 0: none */
	int slots;
	/* Whether percentiles and extremes of durations, bytes, first and last, and rule_... are used. */
	bool needs_bins, needs_extremes, needs_bytes, needs_span, needs_sum;

	struct severity_case {
		enum severity severity;
		struct expr *when; /* NULL: always */
	} severity[SEVERITIES]; /* the worst first */
	int severities;
	bool off;
	bool follows; /* it asks for what only descriptors that are followed tell, or for what they are used for in turn */
	struct expr *when, *saves_time, *saves_calls;
	struct str saves_time_text, saves_calls_text;
	struct piece *text;

	struct str *names; /* of the variables: VALUE_COUNT, then slots, then formulas */
	int variables;
	int *wanted; /* columns without which the rule sees nothing */
	int n_wanted;

	struct groups groups;
	struct slot trace_slot[RULE_SLOTS]; /* of measures with of_trace */
	uint64_t lost;                      /* of partials: sequences and pairs given up for want of space */
	uint64_t part;                      /* the last partial that had it */
	struct rule_sum {
		uint64_t calls, errors;
		__uint128_t ns, bytes;
	} sum; /* of all its groups, those forgotten too */
	bool blind, saw;                    /* the table at hand lacks a column; one that did not came by */
};

/* Whether it counts the calls of complete matches, not each call. */
static inline bool rule_counts_matches(const struct rule *r)
{
	return r->sequence && !r->calls;
}

/* The group of the row at hand, which scope_read has said it belongs to; NULL: it waits at the door. `found`
 * is groups_find's. */
static inline struct group *rule_take_group(struct rule *r, struct row *row, struct group *found, uint64_t weight)
{
	struct group *g = groups_take(&r->groups, found, r->scope->hash, weight);
	if (g && group_is_new(g))
		group_name(g, scope_key(r->scope, row));
	return g;
}

static inline struct group *rule_group(struct rule *r, struct row *row, uint64_t weight)
{
	return rule_take_group(r, row, groups_find(&r->groups, r->scope->hash), weight);
}

#endif
