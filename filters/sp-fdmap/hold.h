/* hold: rows that wait for a later one. Rows come in order of completion: a child's first row often
 * comes before the row of the clone() that made it (always after vfork), and a message may be received
 * before the row of its sendmsg(). Such a row, and all that follow, are held until the other one comes;
 * what that one does to others is done at once, and it is marked.
 *
 * Held are at most HOLD_BYTES, and HOLD_NS of the trace's time; then the row goes on without. */
#ifndef SP_FDMAP_HOLD_H
#define SP_FDMAP_HOLD_H

#include "fdmap.h"

enum { HOLD_BYTES = 1 << 20 };
#define HOLD_NS INT64_C(2000000000)

struct hold;

struct hold *hold_new(struct fdmap *map);

/* The row's text and fields are copied if it has to wait. */
void hold_row(struct hold *h, const struct row *row);

/* The trace ends: nothing is worth waiting for. */
void hold_flush(struct hold *h);
void hold_free(struct hold *h);

#endif
