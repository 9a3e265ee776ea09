/* openers: where descriptors are opened (pattern of the path, syscall, stack), and how many of them were
 * closed: the table of --leaks. */
#ifndef SP_FDMAP_OPENERS_H
#define SP_FDMAP_OPENERS_H

#include "str.h"
#include "table.h"

/* Time is cut into bins of equal width; when it runs out of bins, two become one. */
enum { OPENER_BINS = 64 };

struct openers;

struct opener {
	struct openers *all;
	struct str path, syscall, stack; /* path as a pattern: digits are N */
	uint64_t opened, closed;
	uint64_t at_exit; /* still open when the last that shared the table ended */
	uint64_t at_end;  /* still open when the trace ended */
	uint32_t left[OPENER_BINS]; /* those never closed, by the time they were opened */
};

struct openers *openers_new(void);

/* The opener, made if it is new. Counts one opened. */
struct opener *openers_opened(struct openers *o, struct str path, struct str syscall,
			      struct str stack);
/* One that was opened at `ns` is never going to be closed. */
void opener_left(struct opener *opener, int64_t ns, bool at_exit);

/* The trace has been seen from the first of these times to the last. */
void openers_time(struct openers *o, int64_t ns);

/* Prints those that left any open, most first; all of them for top 0. */
void openers_print(struct openers *o, struct output *out, enum table_format format, uint64_t top);
void openers_free(struct openers *o);

#endif
