/* finished: the rows of a finished table (one made by --by, say, not of events or partials), without the rows
 * of totals that sp-stats --total and sp-io --total add to it:
 *
 *     total     the sum of the rows before it; with --top, of all that there were
 *     waiting   two parts of it, where both are known
 *     active
 *
 * They have no mark of their own, since a group may be called "total", too. So a row counts as one when that
 * word is its only key and calls and time are the sum of the rows before it, or of the two parts behind it. */
#ifndef SP_FINISHED_H
#define SP_FINISHED_H

#include "arena.h"
#include "tsv.h"

enum { FINISHED_HELD = 3 };

struct finished_sum {
	__int128_t calls, ns;
};

struct finished {
	struct tsv *t;
	int calls, ns;           /* columns of t */
	struct finished_sum sum; /* of the rows since the last totals */
	bool any;                /* there are such rows */
	bool led;                /* the first column is a key: a total is known by its first cell, if not empty */
	struct finished_held {   /* rows that may be totals, while those behind them decide it */
		struct buf header, row;
		const char *start[TSV_WANTED][2]; /* what tsv->place points to */
		struct finished_sum sum;
		bool is_sum; /* of the rows before it */
	} held[FINISHED_HELD];
	struct buf key;     /* scratch */
	int n, given;       /* held rows; how many of them were handed out or are totals */
	enum tsv_what what; /* what came behind them and was not handed out yet */
	struct tsv after;   /* t as it was then */
};

/* What a row has in the key columns of its header, separated by TABs, in the space; of the header itself, their
 * names. Keys are the columns before "calls" that are no statistics, and those behind it whose names are those of
 * keys; "bytes" can be both, and is a statistic behind "calls". */
struct str finished_key(struct str header, struct str row, struct buf *space);

/* Reads from t, which the caller closes; the header may have been read. */
void finished_open(struct finished *f, struct tsv *t);

/* As tsv_next(): fills t. A row labelled "total" that proves to be none is handed out late: the place that messages
 * name is that of the line, at most three further down, that decided it. */
enum tsv_what finished_next(struct finished *f);

void finished_close(struct finished *f);

#endif
