/* engine_private: what the files of the engine share. */
#ifndef SP_ADVISE_ENGINE_PRIVATE_H
#define SP_ADVISE_ENGINE_PRIVATE_H

#include "engine.h"

/* What one rule does with the rows of one system call. */
struct action {
	struct rule *rule;
	uint32_t measures, trace_measures; /* a bit for each that takes this call */
	bool counts;                       /* it is one of the rule's calls */
	bool opens, closes;                /* of pairs */
};

/* What the sequence of a rule makes of it. */
struct advance {
	uint8_t steps;  /* a bit for each step that takes this call */
	bool may_stand; /* it may stand between the steps */
};

struct advances {
	bool starts; /* one of them takes it as its first step */
	struct advance *of; /* by rule of the watch */
};

struct actions {
	struct str name;
	struct action *list;
	size_t n;
	struct advances *advances; /* by watch */
};

static inline bool event_holds(const struct event_expr *e, struct row *row)
{
	if (!e->expr)
		return true;
	row_derive(row, e->needs);
	return expr_test(e->expr, row->t->field, row->variable);
}

/* By the name in the table. */
const struct actions *actions_of(struct engine *e, struct str name);
void actions_forget(struct engine *e);

void sequences_open(struct engine *e);
void sequences_close(struct engine *e);
void sequences_begin_trace(struct engine *e);
void sequences_row(struct engine *e, const struct actions *actions);

void pairs_row(struct engine *e, const struct action *action);

#endif
