/* range: a range of durations or sizes for people. */
#ifndef SP_RANGE_H
#define SP_RANGE_H

#include "arena.h"

/* "< 10 us", "10-50 us", "500 us-1 ms", ">= 10 ms"; "4-8 KiB". Appends. */
void range_show(struct buf *b, bool of_bytes, uint64_t low, bool has_high, uint64_t high);

#endif
