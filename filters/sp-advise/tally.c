/* Measures of the whole trace that only count the calls of a class, or add up their durations: nothing of
 * them is left to ask of a row, so that a class does it once for all of them. */
#include "engine_private.h"

uint32_t tally_takes(const struct row *row, const struct action *a)
{
	uint32_t takes = 0;
	for (uint32_t left = a->of_trace & a->sure_where; left; left &= left - 1) {
		int i = __builtin_ctz(left);
		const struct measure *m = &a->rule->measure[i];
		bool adds_up = m->kind == SLOT_SUM && m->formula && m->formula->plain == row->dur;
		if (adds_up || (m->kind == SLOT_COUNT && a->sure_count >> i & 1))
			takes |= left & -left;
	}
	return takes;
}

void tally_settle(struct actions *all)
{
	for (size_t i = 0; i < all->n_tallied; i++) {
		struct rule *r = all->tallied[i].rule;
		for (uint32_t left = all->tallied[i].of_trace; left; left &= left - 1) {
			int m = __builtin_ctz(left);
			struct slot *slot = &r->trace_slot[r->first_measure + m];
			bool counts = r->measure[m].kind == SLOT_COUNT;
			slot->count += counts ? all->tally.rows : all->tally.timed;
			slot_sum(slot, counts ? 0 : all->tally.ns);
		}
	}
	all->tally = (struct tally){0};
}
