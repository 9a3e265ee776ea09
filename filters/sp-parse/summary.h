/* summary: the tables of counts of strace -c and -C, and of perf trace -s and -S. Behind a trace they repeat what it
 * shows; where they are all there is, they become a table of counts. */
#ifndef SP_SUMMARY_H
#define SP_SUMMARY_H

#include "counts.h"
#include "parse.h"

enum summary_of { SUMMARY_OF_STRACE, SUMMARY_OF_PERF };
enum { SUMMARY_COLUMNS = 16 };

struct summary {
	struct parse *parse;
	uint64_t events_before; /* this file */
	int column[SUMMARY_COLUMNS]; /* of the table at hand: rows in the list of summary.c */
	size_t columns;
	bool of_cpu; /* its times are those of the CPU, as far as one can tell */
	struct counts counts;
};

/* A file begins; s is zeroed. */
void summary_begin(struct summary *s, struct parse *parse);

/* Whether the line is the head of a table, in whatever order its columns come: nothing but their names. */
bool summary_head(struct summary *s, enum summary_of tracer, struct str line);
/* A line behind a head. Others than rows are left alone. */
void summary_row(struct summary *s, struct str line);
/* The file ends. Gives out the counts unless the file had events, and frees all. */
void summary_end(struct summary *s);

#endif
