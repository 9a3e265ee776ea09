/* agg_tally: sums on their way to groups. Rows of a trace have the same few hundred keys over and over: a small cache,
 * found by what keys are made of, takes what they add. A group in one of several large tables is then touched once
 * for many rows, and its key is put together as seldom. */
#ifndef SP_AGG_TALLY_H
#define SP_AGG_TALLY_H

#include "agg.h"
#include "keys.h"

enum { AGG_TALLY_BITS = 9, AGG_TALLY_GROUPS = 3, AGG_TALLY_BINS = 30 };

struct agg_tally {
	struct keys_words words;
	struct agg_group *group[AGG_TALLY_GROUPS]; /* what the sums are for: [0] has the bins; NULL: no more */
	struct agg_group sum;
	uint16_t told; /* ring_fact.words of rows of these words, where they tell keys; 0: they do not */
	uint16_t bins, bin[AGG_TALLY_BINS]; /* of durations that are in the sum, but in no histogram yet */
};

void agg_tally_open(struct agg *a);

/* The place for these words. Its group[0] is NULL when it is free, or its words are others when it is for them:
 * then agg_tally_empty, and the caller fills in words and groups. */
static inline struct agg_tally *agg_tally_at(struct agg *a, const struct keys_words *words)
{
	if (!a->tally)
		agg_tally_open(a);
	return &a->tally[keys_words_hash(words, AGG_TALLY_BITS)];
}

static inline bool agg_tally_is_for(const struct agg_tally *t, const struct keys_words *words)
{
	return t->group[0] && keys_words_equal(&t->words, words);
}

/* The tally of rows whose words have this number, which is not 0, and whose slice is this one, if any is known. NULL:
 * their key is to be looked at. */
static inline struct agg_tally *agg_tally_told(const struct agg *a, unsigned told, bool sliced, int64_t slice)
{
	struct agg_tally *t = a->tally ? a->tally_told[told] : NULL;
	if (!t || t->told != told || !t->group[0])
		return NULL;
	uint64_t last[2];
	memcpy(last, &t->words.part[KEYS_LENGTHS], sizeof last);
	return last[0] >> 63 == sliced && last[1] == (uint64_t)slice ? t : NULL;
}

/* A duration goes into the histogram of group[0]. */
void agg_tally_bin(struct agg_tally *t);
static inline void agg_tally_note(struct agg_tally *t, uint64_t dur_ns)
{
	t->bin[t->bins++] = (uint16_t)hist_bin(dur_ns);
	if (t->bins == AGG_TALLY_BINS)
		agg_tally_bin(t);
}

/* Adds the sums to their groups, and frees the place; all places. */
void agg_tally_empty(struct agg_tally *t);
void agg_tally_flush(struct agg *a);

/* Frees the memory; what was not flushed is lost. */
void agg_tally_close(struct agg *a);

#endif
