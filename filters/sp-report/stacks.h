/* stacks: folded stacks as a tree of frames, the time of each with everything that it called. */
#ifndef SP_STACKS_H
#define SP_STACKS_H

#include "arena.h"
#include "str.h"

struct frame {
	struct str name;
	int64_t total_ns, calls; /* with what it called */
	uint32_t parent, child,
	    next; /* the first one called, the next of the same caller; 0: none */
};

struct stacks {
	bool present;
	struct frame *frame; /* [0] is all */
	uint32_t frames, room;
	uint32_t *slot; /* frames by caller and name */
	uint64_t
	    cut; /* stacks whose inner frames found no room; their time is with their callers */
	int depth;
	bool by_calls; /* no times are known: total_ns is the calls */
	struct arena arena;
};

/* Reads DIR/stacks.tsv, if there is one. */
void stacks_load(struct stacks *s, const char *dir);

#endif
