/* What the files of the perf trace dialect share while they read one trace. Lines come in through
 * perf_trace_lines.c, which cuts them (perf_trace_line.c) and hands them to perf_trace.c. */
#ifndef SP_PERF_TRACE_STATE_H
#define SP_PERF_TRACE_STATE_H

#include "held.h"
#include "parse.h"
#include "perf_trace.h"
#include "summary.h"

#define uthash_fatal(message) diag_die(DIAG_MEMORY, NULL)
#include <uthash.h>

/* What perf trace needs to know of a thread beyond struct thread. */
struct perf_thread {
	int64_t tid;
	bool undecided;	  /* made by clone3: thread or process? */
	bool has_end;
	int64_t end_ns;	  /* of its last call */
	uint64_t losses;  /* how many there had been at its last call */
	UT_hash_handle hh;
};

/* A line that a newline in a comm or path has cut, as far as it has come. */
struct perf_open_line {
	unsigned lines; /* 0: there is none */
	struct place at;
	struct buf text; /* with the newlines */
	bool other_event;
};

struct perf_trace {
	struct parse *parse;
	struct perf_thread *extra; /* by tid */
	struct perf_thread *last;  /* found last */
	enum perf_form form;
	bool has_dur_column; /* seen in this trace: every line has one */
	bool coloured, in_summary, has_stacks;
	struct summary summary;
	uint64_t losses, lost_last; /* LOST lines, records of the last one */
	struct perf_open_line open;
	struct held held;
	struct buf args, path, line; /* scratch, valid for one line */
};

/* ---- perf_trace.c ---- */

void perf_trace_take(struct perf_trace *s, struct perf_line *l);
void perf_trace_lost(struct perf_trace *s, uint64_t records);
void perf_trace_end(struct perf_trace *s);

/* ---- perf_trace_lines.c ---- */

/* Gives out an event, now or when it is known that no stack follows. */
void perf_trace_emit(struct perf_trace *s, const struct event *e);

#endif
