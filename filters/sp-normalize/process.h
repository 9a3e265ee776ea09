/* process: what is open and mapped in one process at a time: descriptors and address ranges, each
 * with the id of the thing it stands for. Rows come in the order in which calls returned: another
 * thread may open a number again before the close that freed it returns, so a range knows what was
 * there before. */
#ifndef SP_PROCESS_H
#define SP_PROCESS_H

#include "ids.h"

struct range {
	uint64_t from, to;   /* to: one behind the last */
	uint64_t base;       /* what offsets count from */
	int64_t since;       /* when the call that made it returned; INT64_MIN: always */
	uint32_t id, before; /* before: what began here until then, or IDS_NONE */
	bool reserved; /* address space only, to be trimmed to an aligned part: then base moves
	                  along */
};

/* Ranges that do not overlap, in order. A zeroed one is empty. */
struct ranges {
	struct range *at;
	size_t n, cap;
};

struct process {
	struct ranges fds, maps;
	uint64_t heap; /* where brk began; 0: not known */
	bool begun;
};

/* The range that holds the value, or NULL. Valid until the next change. */
struct range *ranges_find(const struct ranges *r, uint64_t value);
/* Its id for a call that began at that time. */
static inline uint32_t range_id(const struct range *r, int64_t start)
{
	return start < r->since && r->before != IDS_NONE ? r->before : r->id;
}
/* Adds a range, over whatever was there, and sets base and before. A table that is full (65,536:
 * the kernel's own bound on mappings) stays as it is. */
void ranges_add(struct ranges *r, struct range range);
/* Cuts [from, to) out, for a call that began at that time: what is newer stays. What is left behind
 * a cut keeps its id. */
void ranges_remove(struct ranges *r, uint64_t from, uint64_t to, int64_t start);

void process_fork(struct process *child, const struct process *parent);
void process_free(struct process *p);

#endif
