/* parse: what the dialects of sp-parse share. A dialect turns lines into events and tells what became
 * of every line; it never sees the output. Adding a dialect is one file and one row in dialect.def. */
#ifndef SP_PARSE_H
#define SP_PARSE_H

#include "accounts.h"
#include "event.h"
#include "input.h"
#include "log.h"
#include "threads.h"

struct parse {
	struct input *in;
	struct threads threads;
	struct accounts accounts;
	int64_t tid_of_file; /* strace -ff: the thread that the file's name ends in; else NO_TID */
	struct buf file_escaped; /* for the file column */
	const struct event_layout *layout; /* what goes out */
	bool extra;	     /* there are columns beyond the standard ones */
	struct line_digits { /* the number of a line, as the line column spells it */
		uint64_t line; /* the one in front of it that ends in 0 */
		size_t n;
		char text[56]; /* n digits, and what may be read behind them */
	} line_digits;
	bool slow;	     /* no short cuts: for holding them against the general rules */
	bool places;	     /* fd, offset or path are asked for */
	bool lenient;	     /* look for calls inside lines that are something else */
	unsigned log;	     /* what is in front of each line of the file, see log.h; 0: nothing */
	struct str first;    /* the first lines of the file, without that, for recognise() and open() */
};

/* The next line, and perhaps more, as far as it has been read. Empty: it is not known yet. */
static inline struct str parse_ahead(const struct parse *parse)
{
	struct str next = str_between(parse->in->next, parse->in->end);
	return __builtin_expect(parse->log != 0, 0) ? log_strip_ahead(next, parse->log) : next;
}

/* One event is complete. Its text is copied or written before this returns. */
void parse_event(struct parse *parse, const struct event *e);

/* A whole table of another kind, header included: the groups of an aggregating program (agg.def). The
 * events that follow begin a new trace. */
void parse_table(struct parse *parse, struct str table);

/* The thread that a file of strace -ff (NAME.TID) is about; NO_TID for other names. */
int64_t parse_tid_of_name(const char *file);

/* parse->in has gone to another file: what depends on its name follows. */
void parse_set_file(struct parse *parse);

struct dialect {
	/* Whether the first lines of a file (whole ones, as far as they are there) are in it. */
	bool (*recognise)(struct str lines);
	void *(*open)(struct parse *parse);
	void (*line)(void *state, struct str line);
	/* The time of a line, for reading several files in time order; may be NULL. */
	bool (*time)(void *state, struct str line, int64_t *time_ns);
	/* Input is about to block: what can be given out now, should be; may be NULL. */
	void (*idle)(void *state);
	/* The file ends; what is still held comes out. */
	void (*close)(void *state);
};

/* By parse->first. surely: NULL where nobody recognises it, else that is strace. */
const struct dialect *parse_recognise(const struct parse *parse, bool surely);

/* As dialect.def calls it; always the same address. */
const char *parse_dialect_name(const struct dialect *d);

#define DIALECT(id, name) extern const struct dialect dialect_##id;
#include "dialect.def"
#undef DIALECT

#endif
