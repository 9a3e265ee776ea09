/* held: an event that is complete but for the stack that the next lines may show. */
#ifndef SP_HELD_H
#define SP_HELD_H

#include "parse.h"

struct held {
	bool active;
	uint64_t line; /* where it ended */
	struct event e;
	struct buf text;     /* what e's text points into */
	struct buf stack;    /* frames as they come: innermost first */
	struct buf reversed; /* scratch */
};

/* Keeps a copy of e, which ended in that line. */
void held_keep(struct held *h, const struct event *e, uint64_t line);

/* Gives it out, as parse_event does at its line, with the frames that came. */
void held_give_out(struct held *h, struct parse *parse);

/* The same, if anything is held. */
static inline void held_release(struct held *h, struct parse *parse)
{
	if (h->active)
		held_give_out(h, parse);
}

/* An event of the line at hand: gives out the one before it, and this one too, if it is whole already; else
 * keeps it. */
void held_take(struct held *h, struct parse *parse, const struct event *e, bool whole);

/* "inner;outer" turned round, as the stack column has it, in space. */
struct str held_outermost_first(struct buf *space, struct str frames);

void held_free(struct held *h);

#endif
