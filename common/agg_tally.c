#include "agg_tally.h"

#include <stdlib.h>

enum { TALLIES = 1 << AGG_TALLY_BITS };

void agg_tally_open(struct agg *a)
{
	a->tally = xcalloc(TALLIES, sizeof *a->tally);
	a->tally_told = xcalloc(RING_WORDS, sizeof *a->tally_told);
	for (int i = 0; i < TALLIES; i++)
		a->tally[i].sum = agg_group_empty();
}

void agg_tally_bin(struct agg_tally *t)
{
	hist_add_bins(&t->group[0]->dur, t->bin, t->bins);
	t->bins = 0;
}

void agg_tally_empty(struct agg_tally *t)
{
	struct bucket_counts counts = t->sum.buckets;
	if (t->bins)
		agg_tally_bin(t);
	for (int i = 0; i < AGG_TALLY_GROUPS && t->group[i]; i++) {
		agg_merge(t->group[i], &t->sum);
		t->group[i] = NULL;
	}
	t->sum = agg_group_empty();
	bucket_counts_clear(&counts);
	t->sum.buckets = counts;
}

void agg_tally_flush(struct agg *a)
{
	for (int i = 0; a->tally && i < TALLIES; i++)
		if (a->tally[i].group[0])
			agg_tally_empty(&a->tally[i]);
}

void agg_tally_close(struct agg *a)
{
	for (int i = 0; a->tally && i < TALLIES; i++)
		agg_group_free(&a->tally[i].sum);
	free(a->tally);
	free(a->tally_told);
	a->tally = NULL;
	a->tally_told = NULL;
}
