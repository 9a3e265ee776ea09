/* agg_io: events and partials in, partials out. A partial is a table of groups with nothing but
 * integers that add up (agg.def) behind the key columns; it may stand in the same input as events,
 * before or behind them. */
#ifndef SP_AGG_IO_H
#define SP_AGG_IO_H

#include "agg.h"
#include "keys.h"
#include "tsv.h"

enum { AGG_IO_COLUMNS = 32 };

struct agg_reader {
	struct tsv *t;
	struct agg *agg;
	struct keys *keys;
	bool unfinished; /* count calls that never returned, too */
	bool spans;      /* note first start and last end */
	struct agg_reader *also; /* NULL, or who adds the same rows to other groups */
	/* Among those: */
	struct agg_reader *lead;      /* itself, or the first of all, whose tallies are for its groups, too */
	struct agg_reader *next_lead; /* of a lead: NULL, or the next one behind it */
	struct agg_reader *slicer;    /* of a lead: NULL, or who follows it with a slice in its key, part */
	int slice;                    /* so many */
	bool of_words;                /* of a lead: rows of the same ring_fact.words have the same key */
	bool in_runs;                 /* of a lead: rows of one key mostly follow each other, */
	struct keys_run run;          /* these are the last ones, */
	struct agg_tally *of_run;     /* and are added here; NULL: there are none */
	int kind, syscall, error, dur, bytes, start;
	struct number_before before; /* of start */
	int partial[AGG_IO_COLUMNS]; /* by row of agg.def */
	bool is_partial;             /* the table at hand is one */
	bool has_kind;               /* it says which rows are calls; without, all are */
	bool by_syscall;             /* all rows of a group are of the same one */
	bool is_plain; /* events by syscall, and only what is kept for those by default */
};

/* Asks the table for its columns; the members from `t` to `also` must be set. Readers that are linked by `also` must
 * agree in t, spans, unfinished and, but for those with sums alone, buckets: a row is read once for all of them. */
void agg_reader_open(struct agg_reader *r);

/* After each TSV_HEADER. A table that is neither events nor a partial of this kind ends the
 * program. */
void agg_reader_header(struct agg_reader *r);

/* Adds the row at hand. It is on its way to its group until agg_reader_flush. */
void agg_reader_row(struct agg_reader *r);
void agg_reader_flush(struct agg_reader *r);

/* Adds all of the input, and flushes. */
void agg_reader_run(struct agg_reader *r);

/* All groups as a partial, header included, ordered by key. */
void agg_write_partial(const struct agg *a, const struct keys *keys, struct output *out);

#endif
