/* ftrace_leader: what tracefs prints in front of an event (the kernel's kernel/trace/trace_output.c).
 *
 *     line = comm "-" tid ["(" tgid ")"] "[" cpu "]" [flags] seconds ":" event         %16s-%-7d
 *          | comm "-" tid cpu flags microseconds "us" [mark] ":" event                 latency: %8.8s */
#ifndef SP_FTRACE_LEADER_H
#define SP_FTRACE_LEADER_H

#include "raw.h"

/* Where the event begins, or NULL. The comm fills 16 places (8 in the latency format), so that the `-`
 * behind it has its place; versions of trace-cmd differ. */
const char *ftrace_leader(struct str line, struct raw_record *at);

#endif
