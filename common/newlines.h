/* newlines: where lines end, found 64 bytes at a time: a search for the end of each line would be
 * mispredicted for each. */
#ifndef SP_NEWLINES_H
#define SP_NEWLINES_H

#include <stddef.h>
#include <stdint.h>

enum { NEWLINES_STEP = 64 };

/* Puts the offsets of the newlines in from[0..n) into at[0..room) and returns how many. Stops early when fewer than
 * NEWLINES_STEP places are left. NEWLINES_STEP bytes behind from[n] must be readable. */
size_t newlines_find(const char *from, size_t n, uint32_t *at, size_t room);

#endif
