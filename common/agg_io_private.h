/* agg_io_private: what the two halves of agg_io share: agg_event.c adds events, agg_io.c does the rest. */
#ifndef SP_AGG_IO_PRIVATE_H
#define SP_AGG_IO_PRIVATE_H

#include "agg_io.h"

/* The group of the row at hand. */
struct agg_group *agg_io_group(struct agg_reader *r);

/* Who has tallies for whose groups: for a new header. */
void agg_io_lead(struct agg_reader *first);

/* Adds the row at hand to the groups of r and of all readers that are linked behind it by `also`. */
void agg_io_event(struct agg_reader *r);
/* All rows of a table of events; returns what stands behind them. */
enum tsv_what agg_io_events(struct agg_reader *r);

/* The same for all rows of a table by syscall and nothing more, which is what most people want of the
 * largest files. */
enum tsv_what agg_io_plain_events(struct agg_reader *r);

#endif
