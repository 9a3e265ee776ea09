/* raw: calls from tracers that print numbers and report entry and return as two records: perf script,
 * ftrace, bpftrace. Pairs the records by thread, never across records that the tracer lost, turns numbers
 * into names and values into errors, follows processes, gives out events.
 *
 * Every function below accounts for the line that the record stands on, except where it says not. */
#ifndef SP_RAW_H
#define SP_RAW_H

#include "parse.h"

/* What a record says about itself, whatever it is about. */
struct raw_record {
	int64_t tid;
	int64_t pid;	 /* NO_TID: not told */
	int64_t time_ns;
	int cpu;	 /* -1: not told */
	bool has_time, has_comm;
	struct str comm; /* as it stood in memory */
};

enum { RAW_ARGS = 6 };

/* An entry or a return: either numbered (raw_syscalls) or named (syscalls). */
struct raw_body {
	bool exits;	 /* it is a return */
	bool named;
	int64_t number;
	struct str name; /* the kernel's, such as newfstat */
	unsigned args;
	uint64_t arg[RAW_ARGS]; /* of a numbered entry */
	bool has_flags;
	uint64_t flags; /* of a numbered entry: what its struct that has its flags begins with */
	struct str text; /* the arguments of a named entry, as traced, without parentheses */
	int64_t ret;
	struct str rest; /* what stands behind it in the line */
};

struct raw;

struct raw *raw_open(struct parse *parse);
/* Gives out what has not returned. */
void raw_close(struct raw *r);
/* Gives out what waits for stack frames. */
void raw_release(struct raw *r);

void raw_enter(struct raw *r, const struct raw_record *at, const struct raw_body *b);
void raw_exit(struct raw *r, const struct raw_record *at, const struct raw_body *b);

/* A call told by one record: entered at at->time_ns, over dur_ns later. returned: with b->ret; else it
 * never did. No accounting. */
void raw_whole(struct raw *r, const struct raw_record *at, const struct raw_body *b, int64_t dur_ns,
	       bool returned);

/* The file name that the call at hand of a thread is about, as it stood in memory. No accounting. */
void raw_path(struct raw *r, int64_t tid, struct str path);

/* The struct that has the flags of a thread's call at hand begins with these. No accounting. */
void raw_struct(struct raw *r, int64_t tid, uint64_t flags);

/* The tracer lost n records (0: unknown how many) of this cpu (-1: of any). No accounting. */
void raw_lost(struct raw *r, int cpu, uint64_t n);

/* at's thread made a child. child_pid NO_TID: not told. No accounting. */
void raw_fork(struct raw *r, const struct raw_record *at, int64_t child, int64_t child_pid);
/* at's thread is in an execve that will succeed; until now it was called `old` (NO_TID: not told). No
 * accounting. */
void raw_exec(struct raw *r, const struct raw_record *at, int64_t old);
/* at's thread is called something else now. No accounting. */
void raw_rename(struct raw *r, const struct raw_record *at);
/* at's thread is gone. */
void raw_gone(struct raw *r, const struct raw_record *at);
/* The same, from the kernel's events: sched_process_fork, _exec, _exit, task_newtask. False: none. */
bool raw_task_event(struct raw *r, const struct raw_record *at, struct str name, struct str text);

/* Stack frames, innermost first, of the record before. Before the record: whether frames may follow it. */
void raw_expect_frames(struct raw *r, bool expected);
/* Where the frames to come go: to the call of this thread, or nowhere when that has its stack. */
void raw_frames_of(struct raw *r, int64_t tid);
/* symbol; or object and address; or address. Empty ones are unknown. Accounts for the line if `line`. */
void raw_frame(struct raw *r, struct str symbol, struct str object, struct str address, bool line);
/* "file.c:12" of the frame before. Accounts for the line. */
void raw_frame_source(struct raw *r, struct str source);

/* ---- raw_text.c: how perf and ftrace print records, from "sys_" on ---- */

/* Takes hexadecimal digits without 0x off the front of *s: at least one, at most 16. */
bool raw_take_hex(struct str *s, uint64_t *value);

/* Whether what follows the quote at p is in a string. The kernel does not escape quotes in strings: one
 * ends where an argument does. */
static inline bool raw_in_quotes(bool before, const char *p, const char *end)
{
	return !before || !(p + 1 == end || p[1] == ',' || p[1] == ' ' || p[1] == ')');
}

/* False when it is none, or a damaged one. */
bool raw_body(struct str text, struct raw_body *b);

/* "NR 0 (3, 7ffc3f07ade8, 340, 0, 0, 0)", "NR 0 = 832": a numbered record without its name. */
bool raw_bare_body(struct str text, struct raw_body *b);

/* " addr symbol+0x12 (object)" of perf, any of which may be missing. */
void raw_perf_frame(struct raw *r, struct str text, bool line);

/* ---- raw_names.c ---- */

/* What sp-parse --arch says numbers mean where the trace does not tell. False: no such architecture. */
bool raw_set_arch(const char *name);

/* Appends the name of a call, numbered as --arch says or named as the kernel does (newfstat); its row
 * in syscall.def or NULL. */
struct syscall_info;
const struct syscall_info *raw_call_by_number(int64_t number, struct buf *name);
const struct syscall_info *raw_call_by_name(struct str kernel, struct buf *name);

#endif
