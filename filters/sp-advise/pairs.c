/* Calls that belong together: what opens, and what closes again. */
#include "engine_private.h"

/* In the track: the group in which the opening call counted. */
struct open_pair {
	uint64_t group;
};

static void close_one(struct rule *r, uint64_t key, const struct open_pair *o)
{
	struct group *g = groups_find(&r->groups, o->group);
	track_drop(r->pairs->track, key);
	if (!g)
		return; /* forgotten for want of space */
	g->slot[r->pairs->slot + 1].count++;
	slot_peak(&g->slot[r->pairs->slot + 2], -1);
}

static void open_one(struct engine *e, struct rule *r, uint64_t key)
{
	if (!scope_read(r->scope, &e->row))
		return;
	struct group *g = rule_group(r, &e->row, GROUPS_CALL_NS);
	if (!g)
		return;
	struct open_pair *o = track_add(r->pairs->track, key);
	o->group = r->scope->hash;
	g->slot[r->pairs->slot].count++;
	slot_peak(&g->slot[r->pairs->slot + 2], 1);
}

void pairs_row(struct engine *e, const struct pairing *p)
{
	struct rule *r = p->rule;
	uint64_t key;
	if (!scope_track(r->pairs->on, &e->row, &key))
		return;
	bool opens = p->opens && residue_holds(e, p->open_where);
	bool closes = p->closes && residue_holds(e, p->close_where);
	if (!opens && !closes)
		return;
	const struct open_pair *o = track_find(r->pairs->track, key);
	if (o)
		close_one(r, key, o);
	if (opens)
		open_one(e, r, key);
}
