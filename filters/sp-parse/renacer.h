/* renacer: calls as renacer prints them (its src/tracer.rs, json_output.rs, csv_output.rs) and as its
 * book shows them. Three arguments in hexadecimal, whatever the call; only openat's path is read, and
 * printed as it stood in memory; errors are negative numbers; neither times nor processes. */
#ifndef SP_RENACER_H
#define SP_RENACER_H

#include "held.h"
#include "parse.h"

struct renacer_call {
	struct str name;
	struct str args; /* with their parentheses, as traced */
	bool raw;	 /* args are of renacer itself: no escapes in them */
	bool has_ret, has_dur;
	bool never; /* the value is `?` */
	bool hex;   /* the value is hexadecimal, as never in renacer's own */
	int64_t ret, dur_ns;
	struct str error;  /* ENOENT when the name is printed; else empty: it follows from ret */
	struct str file, function; /* src/main.rs:42 and main */
	struct str stack;  /* a---b */
};

/* A call that was entered; the text is `name(args)`. */
struct renacer_entry {
	struct buf text, file, function;
	size_t name_n;
	bool raw;
};

enum { RENACER_MOST_ENTRIES = 256 };

struct renacer_data; /* a JSON or CSV document as far as it has come */

struct renacer {
	struct parse *parse;
	struct renacer_entry *entry; /* oldest first */
	size_t entries, cap_entries;
	bool in_summary;
	bool open_active; /* a path with a newline in it: the call so far is in open ... */
	unsigned open_lines; /* ... from this many lines that are not accounted for */
	struct place open_at;
	struct buf open;
	struct held held; /* whose stack may come in the next line */
	bool has_stacks;
	struct renacer_data *data; /* NULL: text */
	struct buf name, args, path, stack; /* scratch, for one event */
};

/* ---- renacer_scan.c ---- */

/* Whether name is a call's, or syscall_511. */
bool renacer_is_call(struct str name);

/* "3 <0.000052>", "-2", "-ENOENT    [src/config.rs:42 in load]", "-1 EBADF (text)", "? > a---b": all of
 * text is a value and what may follow it. */
bool renacer_value(struct str text, struct renacer_call *call);

/* "name(" of a known call at the front of s. */
bool renacer_begins_call(struct str s, struct str *name);

/* (0x3, 0x7ffd, 0x10) or (0xffffff9c, "/etc/passwd", 0x80000): as renacer itself prints them. */
bool renacer_is_raw(struct str args);

/* Steps over "src/main.rs:42 main " in front of a call, into call->file and function. */
const char *renacer_skip_source(struct str line, struct renacer_call *call);

enum renacer_found {
	RENACER_NOTHING,
	RENACER_WHOLE, /* a call and its result */
	RENACER_ENTRY, /* a call whose result is elsewhere */
	RENACER_CUT,   /* the beginning of a call */
};

/* The call at p; *next is what comes behind an entry. Paths are printed as they are: the arguments end
 * where something begins that may follow them. */
enum renacer_found renacer_take(const char *p, const char *end, struct renacer_call *call,
				const char **next);

/* ---- renacer_call.c ---- */

/* The event of a call, whole or unfinished. Its text is in r's scratch space and in call. */
void renacer_event(struct renacer *r, const struct renacer_call *call, enum event_kind kind,
		   struct event *e);

/* "a---b" as the stack column has it: outermost first. Replaces what is in stack. */
void renacer_frames(struct buf *stack, struct str text);

/* ---- renacer_data.c ---- */

/* NULL: the file is text. */
struct renacer_data *renacer_data_open(struct str first_lines);
void renacer_data_line(struct renacer *r, struct str line);
/* The file ends; what is incomplete is rejected. */
void renacer_data_close(struct renacer *r);
void renacer_data_free(struct renacer_data *data);

#endif
