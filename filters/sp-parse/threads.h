/* threads: who is alive in a trace. A thread knows its process (thread group), its name and the call
 * it is in. Threads are found by tid; NO_TID stands for the only thread of a trace that prints none. */
#ifndef SP_THREADS_H
#define SP_THREADS_H

#include "arena.h"
#include "str.h"
#include "strace_spans.h"

#define NO_TID INT64_C(-1)

/* The call a thread has entered and not left. */
struct pending {
	bool active;
	bool attached;	  /* was already running when the tracer came: its duration is not real */
	bool creates;	  /* clone, fork and the like: a new tid may be its child */
	bool shares_pid;  /* ... and the child is a thread of the same process */
	int64_t child;	  /* ... this one, it seems; 0: not yet seen */
	bool has_start;
	int64_t start_ns;
	size_t start_n;   /* the same in decimal, when `half` has been read */
	char start_digits[40];
	uint64_t line;	  /* where it was entered */
	struct buf text;  /* name and arguments as far as printed */
	struct strace_half half; /* of the text */
};

/* "PID\tTID\tcall\t", as most rows have it. */
struct thread_ids {
	int64_t pid, tid; /* of whom it was made */
	size_t n;	  /* 0: not yet made */
	char text[64];
};

/* A number with its decimal digits beside it, which are wanted on every line. */
struct thread_digits {
	int64_t value;
	size_t n; /* 0: not yet made */
	char digits[40];
};

struct thread {
	int64_t tid, pid;
	struct thread_digits tid_digits, pid_digits;
	struct thread_ids ids;
	bool seen;	/* a line of a call of its own has been read */
	bool undecided; /* whose child it is cannot be told yet, and it matters for pid */
	uint64_t born; /* line of its first appearance */
	struct thread *older, *younger; /* in the order of appearance */
	struct buf comm;
	struct pending call;
};

struct threads {
	struct thread **slot; /* open addressing, by tid */
	size_t cap, n;
	uint64_t removals; /* how often a thread left the table: what points at one is void */
	struct thread *oldest, *youngest;
	struct thread *last; /* found last: most lines follow a line of the same thread */
	struct thread **creating; /* threads whose pending call creates */
	size_t n_creating, cap_creating;
	int64_t attached_pid; /* "Process N attached with 5 threads": unknown tids are N's */
};

struct str thread_make_digits(struct thread_digits *d, int64_t value);

static inline struct str thread_digits(struct thread_digits *d, int64_t value)
{
	return d->n && d->value == value ? (struct str){d->digits, d->n}
					 : thread_make_digits(d, value);
}

struct str thread_make_ids(struct thread *th);

static inline struct str thread_ids(struct thread *th)
{
	const struct thread_ids *ids = &th->ids;
	return ids->n && ids->pid == th->pid && ids->tid == th->tid
		   ? (struct str){ids->text, ids->n}
		   : thread_make_ids(th);
}

/* NULL when there is none. */
struct thread *threads_find(struct threads *t, int64_t tid);

/* The thread with this tid; a new one gets its pid from the clone() that may have made it, as far
 * as the trace has told, and is its own process otherwise. Where several calls may have made it and
 * the pid would differ, it is `undecided` until threads_born names it or threads_decide guesses. */
struct thread *threads_get_slow(struct threads *t, int64_t tid, uint64_t line);

static inline struct thread *threads_get(struct threads *t, int64_t tid, uint64_t line)
{
	return t->last && t->last->tid == tid ? t->last : threads_get_slow(t, tid, line);
}

/* Takes the oldest clone() in flight for the one that made it: strace attaches children in the order in
 * which they were made. */
void threads_decide(struct threads *t, struct thread *th);

/* The thread was known under another number (NO_TID) until now. */
struct thread *threads_rename(struct threads *t, struct thread *th, int64_t tid);

/* The thread that has lived longest; NULL when there is none. */
struct thread *threads_survivor(const struct threads *t);

/* The thread entered a call. `shares_pid` and `creates` as in struct pending. */
void threads_enter(struct threads *t, struct thread *th, bool creates, bool shares_pid);
void threads_leave(struct threads *t, struct thread *th);

/* parent's clone() returned this child. entered: the line where the clone was entered; a thread of
 * that tid which is older than that was somebody else. */
struct thread *threads_born(struct threads *t, struct thread *parent, int64_t child,
			    bool shares_pid, uint64_t entered, uint64_t line);

/* exec from a thread: everything of `from` but its tid becomes `to`'s, `from` is gone. */
void threads_supersede(struct threads *t, struct thread *from, struct thread *to);

/* Another thread of the same process that is in a call of this name; NULL when there is none. */
struct thread *threads_in_call(struct threads *t, int64_t pid, struct str name,
			       const struct thread *except);

/* A thread of this number that lived before the clone() entered at that line; NULL when there is none. */
struct thread *threads_stale(struct threads *t, int64_t tid, uint64_t entered);

void threads_exit(struct threads *t, struct thread *th);
void threads_each(struct threads *t, void (*visit)(void *context, struct thread *th), void *context);
void threads_clear(struct threads *t);

#endif
