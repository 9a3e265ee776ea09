/* perf_leader: what perf script prints in front of an event (perf_sample__fprintf_start() in the
 * kernel's tools/perf/builtin-script.c). Each column may be missing:
 *
 *     line = [comm] [pid | pid "/" tid] ["[" cpu "]"] [misc] [seconds ":"] [period] event
 *
 * The comm is right-justified in 16 places, and not padded when the event has a stack. It holds any
 * bytes; one with a newline comes in two lines. */
#ifndef SP_PERF_LEADER_H
#define SP_PERF_LEADER_H

#include "raw.h"

/* Reads the leader that stands between the start of a line and an event. `above`: the lines before,
 * joined by newlines, that may be the beginning of the comm; empty if none. The comm is whole in `space`
 * then, and *used is set. False: no leader, or one without a thread. */
bool perf_leader(const char *line, const char *event, struct str above, struct buf *space,
		 struct raw_record *at, bool *used);

/* Where the event's name begins in a line whose event is none of the calls; NULL: no event. timed: whether lines of
 * this trace have a time. */
const char *perf_leader_find_event(struct str line, bool timed);

#endif
