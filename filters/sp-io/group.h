/* group: what sp-io keeps for each group of calls (sums.def): integers that add up, so that it
 * cannot matter in how many parts, or in which order, they were counted. */
#ifndef SP_IO_GROUP_H
#define SP_IO_GROUP_H

#include "hist.h"
#include "iocall.h"

enum sum {
#define SUM(id, column, act) SUM_##id,
#define HIST(id, column, unit, act)
#include "sums.def"
#undef SUM
#undef HIST
	SUMS
};

enum which_hist {
#define SUM(id, column, act)
#define HIST(id, column, unit, act) HIST_##id,
#include "sums.def"
#undef SUM
#undef HIST
	HISTS
};

/* What a group can have done; MOVE is what reads and writes have in common. */
enum act {
	ACT_READ = 1 << 0,
	ACT_WRITE = 1 << 1,
	ACT_MOVE = 1 << 2,
	ACT_OPEN = 1 << 3,
	ACT_MMAP = 1 << 4,
	ACT_SEEK = 1 << 5,
	ACT_SYNC = 1 << 6,
	ACT_CONNECT = 1 << 7,
	ACT_CALL = 1 << 8, /* all groups have */
	ACTS_MOVES = ACT_READ | ACT_WRITE | ACT_MOVE,
};

/* There can be many, of small files: sums get 64 bits when one of them needs more than 32, where they
 * stay at their maximum instead of overflowing. Most files are only read, or only written, a few times: durations
 * and sizes are first noted in `moves`, by enum access_op, and a histogram is made when there are many of them, or
 * when somebody wants to see it. A zeroed one is empty. */
struct group {
	struct str key;
	uint64_t calls, errors;
	__uint128_t total_ns; /* of those whose duration is known: */
	uint64_t timed;
	uint64_t *large; /* instead of `small` */
	struct moves *moves[ACCESS_OPS];
	uint32_t small[SUMS];
	struct hist *hist[HISTS];
};

/* Moves what is noted into the histograms, which have all values from then on. */
void group_settle(struct group *g);

/* The same until group_shown, in histograms that one group after the other has where it has none: for groups that are
 * looked at once. A zeroed room is empty. */
struct group_room {
	struct hist hist[HISTS];
};
void group_show(struct group *g, struct group_room *room);
void group_shown(struct group *g, struct group_room *room);
void group_room_free(struct group_room *room);

/* What is kept for each open descriptor: the `extra` of iocalls_open. The `data` of a file is the
 * group that counts its open among the unused ones. */
struct opened_for_io {
	struct group *last; /* what its last call was counted in */
	bool awaits_byte;   /* a socket that was connected or accepted and has not received yet */
	int64_t since_ns;
};

/* The columns that are needed beside those of iocalls. */
struct group_columns {
	int start, dur;
};

/* Counts the call that the row at hand is. */
void group_add(struct group *g, struct iocalls *calls, const struct group_columns *columns,
               const struct iocall *call);

/* The other side of a call that copies, which is no further call, and takes no further time. */
void group_add_other(struct group *g, const struct iocall *call);

static inline uint64_t group_sum(const struct group *g, enum sum sum)
{
	return g->large ? g->large[sum] : g->small[sum];
}
void group_add_sum(struct group *g, enum sum sum, uint64_t value);

/* Of one that is settled: */
static inline bool group_has(const struct group *g, enum which_hist which)
{
	return g->hist[which] && g->hist[which]->count;
}
struct hist *group_hist(struct group *g, enum which_hist which);

void group_merge(struct group *into, struct group *from); /* settles the other one */
void group_free(struct group *g); /* what is in it, but for the key */

#endif
