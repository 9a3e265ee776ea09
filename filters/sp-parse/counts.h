/* counts: what a tracer tells of calls without showing them: bpftrace's maps, the tables of strace -c and perf
 * trace -s. A group for each system call; together a table that aggregating programs read like one they have
 * written themselves (common/agg.def). */
#ifndef SP_COUNTS_H
#define SP_COUNTS_H

#include "keyed.h"
#include "syscall.h"

struct counts_bin {
	unsigned bin; /* of common/hist.h */
	uint64_t count;
};

struct counts_group {
	struct str name;
	struct counts_group *next; /* met after it */
	bool waits;
	uint64_t calls, exits, errors; /* exits: where returns alone are counted */
	bool has_total, has_extremes;
	__uint128_t total_ns; /* as told */
	uint64_t min_ns, max_ns;
	/* Of a distribution: how many values it has, and their sums by the middles of its bars. */
	uint64_t timed;
	__uint128_t sum_ns, squares_ns;
	struct counts_bin *bin;
	size_t bins;
};

/* A zeroed one is empty. */
struct counts {
	struct keyed groups;
	struct counts_group *first, *last;
};

/* Whether a system call may be called so. */
bool counts_is_name(struct str s);

/* The group of a call, made when there is none. 16 bytes must be readable at name.p; info may be NULL. */
struct counts_group *counts_of(struct counts *c, struct str name, const struct syscall_info *info);
void counts_extremes(struct counts_group *g, uint64_t min_ns, uint64_t max_ns);

/* Appends the table, header included; false when there are no groups. */
bool counts_write(struct counts *c, struct buf *out);
void counts_free(struct counts *c);

#endif
