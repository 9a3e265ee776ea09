/* accounts: what became of every line. Each line is exactly one of: the end of an event, a part of
 * an event that ends elsewhere, skipped for a reason with a name, or rejected with a reason. */
#ifndef SP_ACCOUNTS_H
#define SP_ACCOUNTS_H

#include "event.h"
#include "input.h"
#include "output.h"

/* Lines that are no part of any event and no damage either: SKIP(id, name). */
#define SKIP_KINDS                                                                                 \
	SKIP(BLANK, "blank")                                                                       \
	SKIP(MESSAGE, "message")         /* the tracer's own: Process 5 attached */                \
	SKIP(SUMMARY, "summary")         /* tables of counts in or after the trace */              \
	SKIP(HEADER, "header")           /* comments and column heads */                           \
	SKIP(PERSONALITY, "personality") /* runs in 32 bit mode */                                 \
	SKIP(ORPHAN, "orphan")           /* a second half, stack or dump whose call is not there */\
	SKIP(OTHER, "other event")       /* events that are no system calls */                     \
	SKIP(PROSE, "prose")             /* text around the calls, with --lenient */

enum skip {
#define SKIP(id, name) SKIP_##id,
	SKIP_KINDS
#undef SKIP
	SKIP_COUNT
};

enum { ACCOUNTS_FORMATS = 8 };

struct accounts {
	uint64_t lines, ends, parts, rejected;
	uint64_t skipped[SKIP_COUNT];
	uint64_t events, joined, unfinished, lost;
	uint64_t overlapping; /* calls in which perf script's only number was in another one next */
	const char *format[ACCOUNTS_FORMATS]; /* names of the dialects met; NULL behind them */
	uint64_t filled[EVENT_COLUMNS]; /* events that had a value there; START and DUR only */
	bool of_strace; /* the hint names options of strace */
	bool of_cpu; /* counts came with times of the CPU */
	bool of_stdin; /* lines were rejected */
	const char *instead; /* what a file is that is no text of a tracer; or NULL */
	bool has_rejects_file;
	struct output rejects;
};

void accounts_open(struct accounts *a, const char *rejects_path);

/* A file in this dialect begins; the name lives as long as the program. */
static inline void accounts_format(struct accounts *a, const char *name)
{
	int i = 0;
	while (i < ACCOUNTS_FORMATS - 1 && a->format[i] && a->format[i] != name)
		i++;
	a->format[i] = name;
}

static inline void accounts_end(struct accounts *a)
{
	a->ends++;
}

static inline void accounts_part(struct accounts *a)
{
	a->parts++;
}

static inline void accounts_skip(struct accounts *a, enum skip why)
{
	a->skipped[why]++;
}

/* reason lives as long as the program; text is the line. */
void accounts_reject(struct accounts *a, struct place at, const char *reason, struct str text);

/* The line on stderr, and what to record next time for columns that stayed empty. */
void accounts_print(const struct accounts *a, bool json);
void accounts_hint(const struct accounts *a, const struct event_layout *layout);
void accounts_close(struct accounts *a);

#endif
