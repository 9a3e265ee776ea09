/* The totals, and measures of the whole trace that only count the calls of a class, or add up their durations:
 * nothing of them is left to ask of a row, so that a class does it once for all of them. */
#include "engine_private.h"

bool tally_takes(const struct measuring *m)
{
	bool adds_up = m->kind == SLOT_SUM && m->of->formula && m->of->formula->plain == EVENT_DUR;
	return !m->where && (adds_up || (m->kind == SLOT_COUNT && !m->counts));
}

static void add_totals(struct engine *e, const struct actions *all)
{
	const struct tally *t = &all->tally;
	e->rows += t->rows;
	if (!(all->key.kind_bit & 1u << EVENT_CALL))
		return;
	e->totals.calls += t->rows;
	e->totals.errors += all->key.error_n ? t->rows : 0;
	e->totals.ns += t->ns;
	e->totals.wait_ns += all->key.info && all->key.info->waits ? t->ns : 0;
	e->untimed += t->rows - t->timed;
}

void tally_settle(struct engine *e, struct actions *all)
{
	int64_t ns = all->tally.ns < INT64_MAX ? (int64_t)all->tally.ns : INT64_MAX;
	add_totals(e, all);
	for (const struct measuring *m = all->tallied, *end = m + all->n_tallied; m < end; m++) {
		struct slot *slot = &m->rule->trace_slot[m->slot];
		bool counts = m->kind == SLOT_COUNT;
		slot->count += counts ? all->tally.rows : all->tally.timed;
		slot_sum(slot, counts ? 0 : ns);
	}
	all->tally = (struct tally){0};
}
