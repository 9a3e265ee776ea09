/* gates: conditions under which the second run does not pass.
 *
 *     calls > +10%            the total; likewise errors, bytes, time
 *     p99 > +20%              each group; likewise p50; only where the change is significant
 *     read: calls > +5%       one group: its key, keys separated by commas
 *     each: calls > +10%      each group
 *     p99 > 5ms, calls > +100, calls < -50%
 *     new-errors              a group failed that did not before
 *     new, gone               a group is there that was not, and the reverse */
#ifndef SP_GATES_H
#define SP_GATES_H

#include "diff.h"

struct gate {
	struct str text, subject; /* subject: empty, "each", or a key */
	enum { GATE_LIMIT, GATE_NEW_ERRORS, GATE_NEW, GATE_GONE } kind;
	enum measure measure;
	bool below;    /* < */
	bool relative; /* to A: +10 % or +100 */
	bool percent;
	double value;
	bool failed;
	bool found; /* there is such a group */
	struct buf why;   /* the groups that broke it, at most some */
	struct buf aside; /* those that would have, but are not significant */
	bool untested;    /* nor can be: a finished table has no latencies */
	struct buf unchecked; /* which run lacks what, of which groups */
	size_t groups, unsure, unknown;
};

/* NULL, or what is wrong with it. */
const char *gate_parse(struct gate *g, const char *text);

/* Fills in failed, found, why, aside and unchecked. A second run without a single call passes none: nothing was
 * recorded. Nor does one without times, where the first has them, pass gates of times. */
void gate_check(struct gate *g, const struct diff *d);
/* Why those aside did not break it. */
const char *gate_doubt(const struct gate *g);
void gate_free(struct gate *g);

#endif
