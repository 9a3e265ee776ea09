/* What the files of the strace dialect share while they read one trace. Lines come in through
 * strace.c, which asks in turn: strace_split.c (calls), strace_events.c (signals, exits, what goes out),
 * strace_open.c (lines broken in two); strace_process.c knows whose line it is. */
#ifndef SP_STRACE_STATE_H
#define SP_STRACE_STATE_H

#include "held.h"
#include "number.h"
#include "parse.h"
#include "strace.h"
#include "strace_messages.h"
#include "summary.h"
#include "syscall.h"

/* A call of which neither the end nor <unfinished ...> has been seen: a message of strace or output
 * of the tracee broke its line in two. */
struct strace_open_call {
	unsigned lines; /* 0: there is none */
	struct place at;
	struct buf text; /* the line so far, without the messages */
	struct buf raw;	 /* the physical lines, for --rejects */
	bool has_column, has_time; /* of the leader it began with */
	struct strace_message message; /* the one that broke it; takes effect when it is whole */
};

/* A syscall's name as it begins in a line, for finding it again without a look at the rest. */
enum { STRACE_KNOWN_BITS = 8 };
struct strace_known {
	uint64_t first, second; /* its n bytes, up to 16, zeros behind */
	size_t n;
	const struct syscall_info *info;
	unsigned commas; /* in front of the last argument that says something */
	bool plain;	 /* which is the first or the second */
};

/* A thread by the six bytes that its number takes up in a line. */
enum { STRACE_COLUMNS_BITS = 8 };
struct strace_column {
	uint64_t bytes;
	struct thread *thread;
};

/* Where a line stood, and what the clock said before it. */
struct strace_origin {
	uint64_t line;
	struct strace_clock clock;
};

/* Lines that wait until it is known whose child their thread is. */
struct strace_deferred {
	int64_t tid;
	struct buf lines;	/* with newlines */
	struct buf origins;	/* of struct strace_origin, one a line */
};

struct strace {
	struct parse *parse;
	struct strace_clock clock;
	struct held held; /* followers are stack frames and dumps */
	struct strace_open_call open;
	struct buf whole;	      /* a split call put together */
	struct buf notes, note, path, args; /* scratch, valid for one line */
	struct buf line;	      /* a line without colours */
	int64_t entered;	      /* the thread that entered a call last */
	struct strace_deferred *deferred;
	size_t n_deferred;
	struct strace_deferred *follows; /* the line above was put off: so are its followers */
	bool coloured, in_summary, has_followers;
	bool slow; /* read every line by the general rules */
	const struct strace_hot_path *hot;
	struct event fast; /* the event of the hot path: columns that it never fills stay empty */
	struct strace_known known[1 << STRACE_KNOWN_BITS];
	struct strace_column column[1 << STRACE_COLUMNS_BITS];
	uint64_t column_removals; /* threads.removals when they were right */
	struct summary summary;
};

/* ---- strace.c ---- */

/* A line, whatever it is: it may go on with the one above it. */
void strace_take_whole_line(struct strace *s, struct str line);
/* A line that begins something. */
void strace_take_line(struct strace *s, struct str line);

/* ---- strace_fast.c, strace_fast_avx2.c ---- */

/* The hot path, for any processor and for those with AVX2. take: a line of the kind that most are; false,
 * with nothing changed, if it is another. */
struct strace_hot_path {
	bool (*take)(struct strace *s, struct str line);
	struct reader_preparation ahead; /* what the thread that reads can do of it */
};
extern const struct strace_hot_path strace_fast_any, strace_fast_avx2;

/* ---- strace_known.c ---- */

/* A syscall by its name of n bytes, 1 to 16, of which 16 are readable; NULL for those that make threads,
 * end them or name them, which the general rules must see, and for what is no syscall. */
const struct strace_known *strace_make_known(struct strace_known *known, uint64_t first,
					     uint64_t second, const char *name, size_t n);

/* calls: a table of 1 << STRACE_KNOWN_BITS. */
static inline const struct strace_known *strace_known(struct strace_known *calls, const char *name, size_t n)
{
	uint64_t first, second;
	memcpy(&first, name, 8);
	memcpy(&second, name + 8, 8);
	const uint64_t all = ~UINT64_C(0);
	first &= all >> (n < 8 ? 64 - 8 * n : 0);
	second = n > 8 ? second & all >> (n < 16 ? 128 - 8 * n : 0) : 0;
	struct strace_known *known =
	    &calls[(first + second * 31) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - STRACE_KNOWN_BITS)];
	return known->first == first && known->second == second && known->n == n
		   ? known
		   : strace_make_known(known, first, second, name, n);
}

/* ---- strace_defer.c ---- */

/* Puts the line off: its thread is undecided. */
void strace_defer(struct strace *s, struct thread *th, struct str line,
		  const struct strace_clock *before);
void strace_defer_follower(struct strace *s, struct str line);
/* Takes the lines of threads that have become known; all of them at the end of the trace. */
void strace_take_deferred(struct strace *s, bool at_end);

/* ---- strace_process.c ---- */

/* The thread a line is of. resumes: the line is the second half of a call. */
struct thread *strace_thread(struct strace *s, const struct strace_leader *leader, bool resumes);

/* Whether the child of a clone shares the caller's pid. */
bool strace_shares_pid(struct str args);

/* What a call that has returned does to threads and their names. entered: the line of its entry. */
void strace_follow(struct strace *s, struct thread *th, const struct strace_call *call,
		   struct str path, uint64_t entered);

/* "Process N attached" */
void strace_attached(struct strace *s, const struct strace_message *m);

/* ---- strace_events.c ---- */

/* pid, tid and comm of the event. */
void strace_set_thread(struct event *e, struct thread *th);
/* Gives out the event, now or when it is known that no stack follows. */
void strace_emit(struct strace *s, const struct event *e);

/* A field of text that strace did not escape itself: output of the tracee, prose. May point into space. */
struct str strace_clean(struct buf *space, struct str text);

bool strace_take_signal(struct strace *s, const struct strace_leader *leader, struct str body);
bool strace_take_exit(struct strace *s, const struct strace_leader *leader, struct str body);

/* ---- strace_split.c ---- */

/* All three return false when the body is nothing of the kind. raw is the whole line. */
bool strace_take_call(struct strace *s, const struct strace_leader *leader, struct str body,
		      struct str raw);
bool strace_take_resumed(struct strace *s, const struct strace_leader *leader, struct str body,
			 struct str raw);
/* The other half of the call that the line above began, without pid and time: strace -f -z puts it there
 * when it had to print in the middle of a call. */
bool strace_take_rest(struct strace *s, const struct strace_leader *leader, struct str body);

/* Where <unfinished ...> and its like begin at the end of a line; NULL when it does not end so. */
const char *strace_unfinished_at(struct str body, struct str *marker);

void strace_enter(struct strace *s, struct thread *th, const struct strace_leader *leader,
		  struct str text);

/* The call that th is in never returned: gives out what is known of it. until_now: its time is the
 * time since entry. */
void strace_give_up(struct strace *s, struct thread *th, struct str note, bool until_now);

/* ---- strace_open.c ---- */

/* Whether the body is a call whose arguments do not end in it. */
bool strace_is_open(struct strace *s, struct str body);
void strace_keep_open(struct strace *s, const struct strace_leader *leader, struct str raw);
/* Takes the line if it goes on with the open call; the open call is rejected if not. */
bool strace_go_on(struct strace *s, struct str line);
/* The trace ends. A hanging call has no newline: it was entered and did not return. */
void strace_close_open(struct strace *s);

#endif
