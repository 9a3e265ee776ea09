/* touched: which 4 KiB blocks of each open file were read and written already. 64 blocks share a
 * record of 40 bytes; there are at most TOUCHED_MOST of them (10 MiB, 64 GiB of blocks side by
 * side): beyond, new blocks are not noted, what is said to be new may not be, and `dropped` tells
 * how often. */
#ifndef SP_TOUCHED_H
#define SP_TOUCHED_H

#include "access.h"

enum { TOUCHED_MOST = 1 << 18 };

struct touched {
	struct touched_record *record;
	uint32_t *bucket;
	uint32_t records, buckets, free; /* record 0 is none */
	uint32_t in_use;
	uint64_t files;
	uint64_t dropped; /* spans of 64 blocks that could not be noted */
};

/* The blocks of one open file; a zeroed one has none. */
struct touched_file {
	uint64_t id; /* set by touched_add */
	uint32_t first;
};

/* Notes start .. start + bytes. True when the block that holds `probe`, inside of that, was touched
 * by a call of this kind before. */
bool touched_add(struct touched *t, struct touched_file *f, enum access_op op, int64_t start,
                 uint64_t bytes, int64_t probe);

/* Forgets one file; all of them, which must not be used again. */
void touched_forget(struct touched *t, struct touched_file *f);
void touched_clear(struct touched *t);

#endif
