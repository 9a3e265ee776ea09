/* pattern: the rows of activity.tsv as a report tells them: which share of the active time of I/O
 * each kind of work has, and which one is the bottleneck. Waiting is no work and has no share. */
#ifndef SP_PATTERN_H
#define SP_PATTERN_H

#include "folder.h"

struct pattern_row {
	struct str work; /* "disk_sync" */
	bool active;     /* has a share; otherwise all of it was waiting */
	int64_t calls;
	int64_t time_ns; /* active, or of a row that has no share all of it */
	int64_t wait_ns;
	int64_t share; /* hundredths of a percent of the active time */
	bool bottleneck;
	const struct row *row;
};

enum { PATTERN_ROWS = 32 }; /* kinds of work that are told apart; there are fewer */

/* Where activity.tsv tells what kind of file calls were about: what the system call's name makes a
 * read from disk is waiting for a peer when it is about a socket or a pipe. Rows of the same work
 * become one. */
void pattern_fold(struct sheet *activity);

/* Largest share first, then what waited. Returns how many. Where "other" has the largest share
 * there is no bottleneck of I/O. */
size_t pattern_rows(const struct folder *f, struct pattern_row rows[PATTERN_ROWS]);

/* "disk sync has 76.21 % of the active time of I/O"; nothing where there is no bottleneck. Appends.
 */
void pattern_verdict(struct buf *b, const struct folder *f);

/* A name of pieces, such as disk_sync, with blanks. Appends. */
void pattern_name(struct buf *b, struct str name);

#endif
