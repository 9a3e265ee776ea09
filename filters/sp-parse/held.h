/* held: an event that is complete but for the stack that the next lines may show. */
#ifndef SP_HELD_H
#define SP_HELD_H

#include "parse.h"

struct held {
	bool active;
	uint64_t line; /* where it ended */
	struct event e;
	struct buf text;  /* what e's text points into */
	struct buf stack; /* frames as they come: innermost first */
};

/* Keeps a copy of e, which ended in that line. */
void held_keep(struct held *h, const struct event *e, uint64_t line);

/* Gives it out, as parse_event does at its line. */
void held_release(struct held *h, struct parse *parse);

void held_free(struct held *h);

#endif
