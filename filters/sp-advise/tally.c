/* Measures of the whole trace that only count the calls of a class, or add up their durations: nothing of
 * them is left to ask of a row, so that a class does it once for all of them. */
#include "engine_private.h"

bool tally_takes(const struct row *row, const struct measuring *m)
{
	bool adds_up = m->kind == SLOT_SUM && m->of->formula && m->of->formula->plain == row->dur;
	return !m->where && (adds_up || (m->kind == SLOT_COUNT && !m->counts));
}

void tally_settle(struct actions *all)
{
	for (const struct measuring *m = all->tallied, *end = m + all->n_tallied; m < end; m++) {
		struct slot *slot = &m->rule->trace_slot[m->slot];
		bool counts = m->kind == SLOT_COUNT;
		slot->count += counts ? all->tally.rows : all->tally.timed;
		slot_sum(slot, counts ? 0 : all->tally.ns);
	}
	all->tally = (struct tally){0};
}
