/* perf_trace: the parts of one line of perf trace. Grammar: trace__fprintf_entry_head(),
 * trace__sys_enter(), trace__sys_exit() and trace__printf_interrupted_entry() in the kernel's
 * tools/perf/builtin-trace.c, 4.x to 6.x.
 *
 *     line = [time " "] ["(" duration "): "] [[comm "/"] tid " "] what
 *     what = name "(" args ")" blanks "= " value
 *          | name "(" args ")" blanks "..."                            the first half of a split call
 *          | " ... [continued]: " name "())" blanks "= " value         its second half, or a call
 *                                                                      whose entry was not seen
 *          | subsystem ":" event "(" fields ")" | "minfault [" ... | "majfault [" ... */
#ifndef SP_PERF_TRACE_H
#define SP_PERF_TRACE_H

#include "arena.h"
#include "str.h"

struct event;

/* Which of comm and tid a trace prints: a matter of perf's options, the same in all lines. */
enum perf_form { PERF_FORM_UNKNOWN, PERF_FORM_COMM_TID, PERF_FORM_TID, PERF_FORM_BARE };

enum perf_kind { PERF_CALL, PERF_FIRST_HALF, PERF_SECOND_HALF, PERF_OTHER_EVENT };

struct perf_line {
	/* perf_trace_head() */
	bool has_time, has_dur_column, has_dur;
	int64_t time_ns, dur_ns;
	const char *body; /* what follows the head */
	/* perf_trace_body() */
	enum perf_kind kind;
	struct str comm;  /* raw, cut to 14 bytes by perf */
	int64_t tid;	  /* NO_TID when not printed */
	struct str name;
	struct str args;  /* with their parentheses, raw */
	bool has_ret, exits; /* exits: the value is `?` */
	int64_t ret;
	struct str error; /* ENOENT, ERESTARTSYS; empty on success */
	struct str note;  /* Timeout; flags that stand for a number */
};

/* ---- perf_trace_line.c ---- */

/* Time and duration at the front of a line. False when neither is there. */
bool perf_trace_head(struct str line, struct perf_line *l);

/* Text of the traced program in front of a line that shares its line with it: where the perf line
 * begins, or NULL. */
const char *perf_trace_glued(struct str line);

/* What stands from l->body to end. False when that is no whole body, because it is none at all or
 * because a newline in a comm or path has cut it. *form is learnt from the first line that tells. */
bool perf_trace_body(struct perf_line *l, const char *end, enum perf_form *form);

/* ---- perf_trace_facts.c ---- */

/* Fills fd, bytes, offset and path of e. entered: args are those of the entry, so that what is not
 * printed is zero. `space` is what e's path may point into. */
void perf_trace_facts(const struct perf_line *l, bool entered, struct event *e, struct buf *space);

/* Adds "sym (dso)" to a stack, innermost first. */
void perf_trace_frame(struct buf *stack, struct str frame);

/* A clone that makes a thread, as far as its flags are printed. */
bool perf_trace_makes_thread(struct str args);

#endif
