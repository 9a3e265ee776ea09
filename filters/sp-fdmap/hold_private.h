/* What the files of hold share: the held rows. */
#ifndef SP_FDMAP_HOLD_PRIVATE_H
#define SP_FDMAP_HOLD_PRIVATE_H

#include "hold.h"

/* How many generations of threads may all show their first row before the row of the clone() that made them. */
enum { CHAIN_MOST = 16 };

struct held {
	size_t at, n; /* in text */
	int64_t tid;   /* -1: not told */
	int64_t child; /* what a clone() returned; 0: this is none, or it failed */
	uint32_t has;
	struct {
		uint32_t from, until; /* the second is behind the TAB */
	} field[COLUMNS];
	bool sends; /* may carry descriptors */
	bool done;  /* what the call does to others has been done */
};

struct hold {
	struct fdmap *map;
	struct buf text;
	struct held *row;
	size_t first, n, cap; /* rows first .. n - 1 are held */
	size_t clones;	      /* those with a child: without any none is looked for, however many threads wait */

	struct need need;  /* of the first one */
	size_t looked_at;  /* rows before this one cannot satisfy it */
	struct {
		int64_t tid;
		size_t row; /* of the clone() that returned tid */
	} chain[CHAIN_MOST];
	unsigned chained;
};

/* A row of the hold, with what it points to. */
struct held_row {
	struct row row;
	const char *edge[COLUMNS][2];
	const char *const *place[COLUMNS];
};

/* ---- hold.c ---- */

const struct row *hold_row_at(const struct hold *h, size_t i, struct held_row *space);
bool hold_same_scope(const struct row *a, const struct row *b);

/* Makes tid the child of the clone() in row i. */
bool hold_made_by(struct hold *h, size_t i, int64_t tid);

/* The process at the end of the chain is known: so are those back to the first row's. */
void hold_make_chained(struct hold *h);

/* ---- hold_guess.c ---- */

/* The first row's thread has waited in vain for the row of its clone(). */
void hold_guess_parent(struct hold *h);

#endif
