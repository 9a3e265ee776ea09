/* strace: the parts of one line of strace, cut left to right. Grammar: strace's printleader(),
 * syscall.c and print_fields.h, 4.x to 7.x.
 *
 *     line = [pid] [secontext] [clock] [delta] [nr] [ip] body
 *     body = name "(" args ")" spaces "= " value | event | message */
#ifndef SP_STRACE_H
#define SP_STRACE_H

#include "arena.h"
#include "event.h"
#include "str.h"

/* ---- strace_leader.c ---- */

/* A clock without a date that jumps by more than this has passed midnight. */
#define STRACE_HALF_DAY_NS (43200 * INT64_C(1000000000))

/* What is remembered from line to line to read clocks. */
struct strace_clock {
	char prefix[16];       /* the whole seconds read last, HH:MM:SS or unix time */
	unsigned prefix_n;
	int64_t prefix_ns;     /* what they stand for, in the time of the trace */
	char digits[16];       /* the same as whole seconds in decimal */
	unsigned digits_n;     /* 0: no leading digits to copy */
	int64_t day_ns;	       /* midnights passed */
	int64_t last_ns;       /* clock of the line before, in the trace's time */
	int64_t relative_ns;   /* sum of the -r deltas */
	int64_t before_ns;     /* the same without the last one: for reading a line again */
	bool ticking;	       /* last_ns is set */
	bool relative;	       /* a -r delta has been read */
	bool relative_seconds; /* -r deltas are whole seconds */
};

struct strace_leader {
	bool has_tid, has_time;
	bool has_column;   /* any leader column at all was there */
	int64_t tid;
	struct str comm;   /* as printed by -Y */
	int64_t time_ns;   /* start_ns of the line */
	const char *body;  /* what follows the leader */
};

/* Reads the leader of a line. Never fails: a line without one has its body at the start. */
void strace_leader(struct strace_clock *clock, struct str line, struct strace_leader *leader);

/* ---- strace_call.c ---- */

enum { STRACE_MAX_ARGS = 8 };

/* Something between two delimiters: a string, an annotation. */
struct strace_span {
	const char *open, *close; /* NULL: there is none */
	bool escaped;		  /* holds backslashes */
};

/* What was met on the way to the end of the arguments. */
struct strace_walk {
	bool dirty; /* raw control bytes, or bytes beyond ASCII: strace did not write these */
	unsigned commas;
	const char *comma[STRACE_MAX_ARGS]; /* between the arguments themselves, not inside one */
	struct strace_span string, annotation; /* the first of each */
};

struct syscall_info;

struct strace_call {
	struct str name;
	const struct syscall_info *info; /* NULL for a name that is not in syscall.def */
	struct str args;	/* with parentheses */
	bool has_ret;		/* false for `?` and symbolic values */
	int64_t ret;
	struct str ret_digits;	/* when it was printed in plain decimal */
	struct str error;	/* ENOENT, ERESTARTSYS; empty on success */
	char error_space[48];	/* for the name of an error that was printed as a number */
	struct str annotation;	/* <...> right after the value: a path or a comm */
	bool annotation_escaped;
	int64_t pid_outside;	/* N of "N in strace's PID NS"; 0 when not there */
	struct str note;	/* the rest that says something: Timeout, INJECTED, flags ... */
	bool unavailable;	/* "? <unavailable>" */
	bool has_dur;
	int64_t dur_ns;
	unsigned dur_digits_n;	/* the same in decimal, when it was cheap to have */
	char dur_digits[24];
	struct strace_walk walk;
};

enum strace_scan {
	STRACE_CALL,	   /* complete */
	STRACE_NO_CALL,	   /* does not begin with name( */
	STRACE_OPEN_ARGS,  /* name( and arguments that do not end in this text */
	STRACE_BAD_RETURN, /* what follows the arguments is no return value */
};

/* Cuts a whole call. `notes` is scratch space that `note` may point into. For a failed scan, *at is
 * where it stopped. body must have 16 readable bytes behind it. */
enum strace_scan strace_scan_call(struct str body, struct strace_call *call, struct buf *notes,
				  const char **at);

/* ---- strace_args.c ---- */

/* The quote that closes the string which opens at `open`, or NULL. Sets *dirty as struct strace_walk has
 * it, and *escaped when it holds backslashes. */
const char *strace_string_end(const char *open, const char *end, bool *dirty, bool *escaped);

/* The last byte of a comment, or NULL; they nest under -X verbose. p is behind the opening one. */
const char *strace_comment_end(const char *p, const char *end, bool *dirty);

/* Whether an annotation begins at this <: behind a number in any base, AT_FDCWD or a comment. */
bool strace_is_annotation(const char *lt);

/* The `)` that closes the `(` at `open`, or NULL. This is the rule that decides where arguments end:
 * strings, nested comments and <...> annotations are stepped over, the first `)` at depth 0 ends. Only
 * the first `wanted` commas are noted. */
const char *strace_args_end(const char *open, const char *end, unsigned wanted,
			    struct strace_walk *walk);

/* The `>` that closes the annotation opened at `open`, or NULL. Sets *dirty as struct strace_walk has
 * it, and *escaped when it holds backslashes or quotes. */
const char *strace_annotation_end(const char *open, const char *end, bool *dirty, bool *escaped);

/* ---- strace_facts.c ---- */

/* The returned value as the value of a column. */
void strace_set_ret(struct event *e, enum event_column column, const struct strace_call *call);

/* Fills fd, bytes, offset and path of e from the call, which has a row in syscall.def. `path` is scratch
 * space that e's path may point into. */
void strace_facts(const struct strace_call *call, struct event *e, struct buf *path);

/* The n-th argument, 1 is the first, without blanks in front and without the name= that -N prints. It
 * may run on into the next ones if these were not wanted. */
struct str strace_arg(const struct strace_call *call, unsigned n);

#endif
