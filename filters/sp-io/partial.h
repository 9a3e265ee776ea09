/* partial: the groups of sp-io as a table of integers that add up, out and in. */
#ifndef SP_IO_PARTIAL_H
#define SP_IO_PARTIAL_H

#include "group.h"
#include "keyed.h"
#include "keys.h"

enum { PARTIAL_COLUMNS = 4 + SUMS + 5 * HISTS };

struct partial {
	struct tsv *t;
	int column[PARTIAL_COLUMNS]; /* as tsv_want() numbers them */
};

/* Asks the table for the columns of a partial. */
void partial_want(struct partial *p, struct tsv *t);

/* Whether the table at hand is one; a table of results ends the program. */
bool partial_header(struct partial *p);

/* The row at hand into a zeroed group; a bad one is reported and false. */
bool partial_row(struct partial *p, struct group *g);

/* All groups, header included, ordered by key. */
void partial_write(const struct keyed *groups, const struct keys *keys, struct output *out);

#endif
