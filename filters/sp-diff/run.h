/* run: the groups of one run. */
#ifndef SP_RUN_H
#define SP_RUN_H

#include "agg.h"
#include "grouping.h"
#include "measure.h"
#include "tsv.h"

/* One run, read from a file: events, partials, or a finished table of sp-stats. */
struct run {
	const char *path;
	bool last; /* the second run: nothing else will be opened */
	struct agg agg; /* of events and partials */
	struct run_row {
		struct str key;
		struct side side;
	} * row;
	size_t rows, cap;
	struct agg_group total;
	bool finished;        /* it was a finished table: no histograms */
	struct str key_names; /* separated by TABs */
	struct arena memory;
};

/* Reads the file. by: NULL, until --by is given: a partial's own keys, else syscall; for the second
 * run, what the first has. */
void run_read(struct run *r, struct grouping *grouping, const char *path);
/* Counts the write patterns of events instead. */
void run_read_patterns(struct run *r, const char *path);
void run_free(struct run *r);

/* Parts of the two: */

/* Opens the file ("-": standard input), for a reader of the table to go on with. */
struct tsv *run_open(struct run *r, const char *path);
/* To be called when everything the run needs is open: behind the last run the process is confined (sandbox.h). */
void run_opened(const struct run *r, struct tsv *t);
/* Makes rows of the groups in r->agg. */
void run_take_groups(struct run *r);

#endif
