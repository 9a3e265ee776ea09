/* What the files of the perf-script dialect share: perf_leader.c reads what stands in front of events,
 * perf_records.c takes those that are no calls, perf_script.c all else. */
#ifndef SP_PERF_SCRIPT_H
#define SP_PERF_SCRIPT_H

#include "perf_leader.h"
#include "raw.h"
#include "uring.h"

/* Whose stack frames come next. */
enum stack { STACK_NONE, STACK_CALL, STACK_OTHER };

struct perf_script {
	struct parse *parse;
	struct raw *raw;
	struct uring *uring;
	enum stack stack;
	bool has_stacks;  /* some event had one */
	bool in_frames;	  /* the line before was of a stack */
	bool bare;	  /* events have no names */
	bool timed;	  /* events have times */
	bool deltas;	  /* perf script --deltatime: each time counts from the event before */
	int64_t clock_ns; /* sum of these */
	bool comm_open;	  /* a newline has cut the record of a new comm in two */
	/* Lines that may be the beginning of a comm with newlines in it. */
	struct buf above;
	unsigned above_lines;
	struct place above_at;
	struct buf comm; /* scratch */
};

static inline struct accounts *accounts(struct perf_script *s)
{
	return &s->parse->accounts;
}

/* ---- perf_records.c ---- */

/* PERF_RECORD_...: text begins behind that. */
void perf_records_take(struct perf_script *s, struct raw_record at, struct str text);
/* Any other event, such as sched:sched_process_exit. */
void perf_records_take_event(struct perf_script *s, const struct raw_record *at, struct str name,
			     struct str text);
/* A line without an event that goes on with the one before, whose comm or path holds a newline. */
bool perf_records_go_on(struct perf_script *s, struct str line);

#endif
