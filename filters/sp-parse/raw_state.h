/* What the files of raw share. */
#ifndef SP_RAW_STATE_H
#define SP_RAW_STATE_H

#include "held.h"
#include "raw.h"
#include "syscall.h"

enum { RAW_CLONE_THREAD = 0x10000 }; /* linux/sched.h */

/* A call that was entered, or at least returned. */
struct raw_call {
	bool active;
	bool interrupted; /* came back with a restart code: whether its thread lived on shows later */
	bool creates, shares_pid, claimed; /* makes a child; a thread; that has been seen */
	bool numbered, named; /* which records told of it: both, in a trace of both kinds */
	bool has_start, has_end;
	const struct syscall_info *info; /* NULL: not in syscall.def */
	int64_t number;
	int64_t start_ns, end_ns;
	int64_t code; /* of an interrupted call */
	int64_t ret;  /* as the record of its return says */
	int cpu;
	uint64_t line; /* where it was entered */
	unsigned args;
	uint64_t arg[RAW_ARGS];
	size_t name_n;
	struct str note;
	struct buf text; /* name(arguments) */
	struct buf stack; /* innermost first */
};

struct raw_thread {
	int64_t tid, pid;
	int64_t parent; /* tid of the thread that made it; NO_TID: not told */
	uint32_t arch;
	bool pid_told; /* by the trace: not to be guessed */
	bool silent;   /* no call of it has been seen */
	bool execs;    /* its next return is execve's */
	bool doomed;   /* another thread has ended the process */
	bool dead;     /* ended; what comes next under this number is somebody else */
	bool exit_told;
	bool has_status;
	bool echo;	  /* the call that ended last was told by two kinds of record ... */
	bool echo_named;  /* ... and this is the second, which is still to come */
	int64_t status;
	uint64_t born;
	struct buf raw_comm, comm; /* as it stood in memory; escaped */
	struct buf path;	   /* of the call at hand; escaped */
	uint64_t path_line;
	uint64_t flags, flags_line; /* of the struct of the call at hand; line 0: none */
	struct raw_call call;
};

struct raw_threads {
	struct raw_thread **slot; /* open addressing, by tid */
	size_t cap, n;
	struct raw_thread *last;
};

enum { RAW_CPUS = 1024 };

struct raw {
	struct parse *parse;
	struct raw_threads threads;
	struct held held;
	int64_t held_tid;
	bool frames_expected;
	struct buf *frames; /* where frames go; NULL: nowhere */
	struct buf stack, name, args; /* scratch, for one event */
	bool ticking, has_returns;
	int64_t last_ns;
	/* Lines of the last loss: of all, of those whose cpu is not told, of each cpu; 0: none. */
	uint64_t lost_last, lost_anywhere, lost_cpu[RAW_CPUS];
};

/* ---- raw_threads.c ---- */

struct raw_thread *raw_thread_find(struct raw_threads *t, int64_t tid);
/* The thread of a record. Its comm is still that of the record before: what comes to its end with this
 * record carries that one. */
struct raw_thread *raw_thread_of(struct raw *r, const struct raw_record *at);
void raw_thread_rename(struct raw_thread *th, const struct raw_record *at);
/* parent made this thread. child_pid NO_TID: not told. */
void raw_thread_born(struct raw *r, struct raw_thread *parent, int64_t child, int64_t child_pid);
/* The call that may have made th, whose first record is a return with this number or name. */
struct raw_thread *raw_thread_maker(struct raw *r, const struct raw_body *b);
/* Another thread of the process that is in execve, or of which no more than its path has been told. */
struct raw_thread *raw_thread_in_exec(struct raw *r, const struct raw_thread *th);
void raw_threads_each(struct raw *r, void (*visit)(struct raw *r, struct raw_thread *th, void *with),
		      void *with);
void raw_threads_free(struct raw_threads *t);

/* ---- raw_names.c ---- */

uint32_t raw_default_arch(void);
bool raw_arch_is_32_bit(uint32_t arch);

/* The number that execve returns with when the new program is of this architecture (the kernel's
 * set_personality_64bit() and set_personality_ia32() in arch/x86/kernel/process_64.c set it); 0 when it
 * is none of x86. */
uint32_t raw_arch_of_exec(uint32_t arch, int64_t number);

/* Appends the name; the row of syscall.def, or NULL. */
const struct syscall_info *raw_name_of_number(uint32_t arch, int64_t number, struct buf *name);

/* -ENOENT is "ENOENT"; the text lives as long as the program and may be over-read by 16. */
struct str raw_error(int64_t ret);
bool raw_is_restart(int64_t ret);

/* ---- raw_facts.c ---- */

/* Appends "(0x3, 0x7ffc, 0)" or "(fd: 0x3, ...)" behind the name. */
void raw_put_args(struct raw *r, struct raw_call *call, const struct raw_body *b, uint32_t arch);
/* The n-th argument, from 1. */
bool raw_arg(const struct raw_call *call, unsigned n, uint64_t *value);
/* fd, bytes, offset, path. ret is meaningless unless returned. */
void raw_facts(const struct raw_thread *th, bool returned, int64_t ret, struct event *e,
               struct buf *space);

/* ---- raw_events.c ---- */

void raw_begin_event(struct event *e, enum event_kind kind, const struct raw_thread *th);
/* wait: a stack may follow. */
void raw_emit(struct raw *r, const struct raw_thread *th, struct event *e, bool wait);
/* The call that th is in is over. returned: with this value. */
void raw_give_out(struct raw *r, struct raw_thread *th, bool returned, int64_t ret, bool wait);
/* The thread lives on: an interrupted call came back, to be restarted. */
void raw_settle(struct raw *r, struct raw_thread *th);
/* The thread ended in its call, as a kill in mid-call does, or the return is not there. */
void raw_give_up(struct raw *r, struct raw_thread *th, struct str note);

/* ---- raw_process.c ---- */

void raw_note_time(struct raw *r, const struct raw_record *at);
/* Whether this return is that of an execve that succeeded; th is in that execve then, or in no call of
 * that number. Ends the other threads of the process. */
bool raw_is_exec(struct raw *r, struct raw_thread *th, const struct raw_body *b);
/* th is in exit or exit_group. */
void raw_ends(struct raw *r, struct raw_thread *th);

#endif
