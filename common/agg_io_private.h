/* agg_io_private: what the two halves of agg_io share: agg_event.c adds events, agg_io.c does the rest. */
#ifndef SP_AGG_IO_PRIVATE_H
#define SP_AGG_IO_PRIVATE_H

#include "agg_io.h"

struct agg_group *agg_io_group_slow(struct agg_reader *r);

/* The group of the row at hand; returned_ns is as for keys_words. */
static inline struct agg_group *agg_io_group(struct agg_reader *r, const int64_t *returned_ns)
{
	struct keyed_words words;
	if (r->keys->plain >= 0)
		return agg_group(r->agg, tsv_at(r->t, r->keys->plain));
	if (!keys_words(r->keys, returned_ns, &words))
		return agg_io_group_slow(r);
	void **met = keyed_met(&r->agg->groups, &words);
	if (!*met)
		*met = agg_io_group_slow(r);
	return *met;
}

/* Adds the row at hand to the groups of r and of all readers that are linked behind it by `also`. */
void agg_io_event(struct agg_reader *r);

/* The same for all rows of a table by syscall and nothing more, which is what most people want of the
 * largest files. Returns what stands behind them. */
enum tsv_what agg_io_plain_events(struct agg_reader *r);

#endif
