/* also: further partials from the same reading of the events, for --also FILE=LIST. They have the counts of
 * --buckets and no histograms; for --also-sums FILE=LIST counts and sums of calls alone. */
#ifndef SP_HIST_ALSO_H
#define SP_HIST_ALSO_H

#include "agg_io.h"
#include "show.h"

enum { ALSO_MAX = 8 };

/* Takes the argument of --also or --also-sums; it must outlive the program's work. False when it is not FILE=LIST. */
bool also_take(char *argument, bool sums);
bool also_is_full(void);

/* Opens the files and asks the table for columns. True when one of the lists has time slices. */
bool also_open(const struct options *o, struct tsv *t);

/* The first of the readers, for the program's own to pass rows to; NULL: there are none. */
struct agg_reader *also_readers(void);

/* Writes and closes the files. */
void also_close(void);

#endif
