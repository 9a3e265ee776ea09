/* diag: everything that goes to stderr. A diagnostic reads
 *     sp-parse: trace.log:1234:17: text: detail
 * with as much of the place as is known. Bytes of a trace are escaped: nothing that a traced
 * program chose reaches a terminal raw. Only filters and this module print or exit. */
#ifndef SP_DIAG_H
#define SP_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

enum diag {
#define DIAG(name, level, text) DIAG_##name,
#include "diag.def"
#undef DIAG
	DIAG_COUNT
};

struct place {
	const char *file; /* NULL: unknown */
	uint64_t line;    /* 1 is the first; 0: unknown */
	uint64_t column;  /* in bytes, 1 is the first; 0: unknown */
};

/* The name that begins every message; argv[0]'s last part. */
void diag_program(const char *argv0);
const char *diag_program_name(void);

/* Reports; detail may be NULL. A FATAL one never returns. */
void diag(enum diag what, const char *detail, ...) __attribute__((format(printf, 2, 3)));
void diag_at(enum diag what, struct place at, const char *detail, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void diag_die(enum diag what, const char *detail, ...)
    __attribute__((format(printf, 2, 3)));

/* What this thread does before each diagnostic, if not NULL: it may wait until others have said theirs. */
void diag_in_turn(void (*wait)(void *of), void *of);

/* The next diagnostic is followed by this line of source and a caret under its column (1 is the
 * first): for rules and expressions. The line must live until then. */
void diag_excerpt(struct str line, uint64_t column);

/* How many bytes of how many have been read: a line on stderr with rate and time left, when that is a
 * terminal, standard output is none, and the work takes longer than a second. A total of 0 is unknown: no
 * line. Diagnostics take its place while they are written. */
void diag_progress_begin(void); /* before the sandbox; diag_program has done it */
void diag_progress(uint64_t done, uint64_t total);
void diag_progress_clear(void);
void diag_progress_end(void);
void diag_progress_off(void); /* --quiet */

/* How many have been reported so far. */
unsigned diag_reported(void);

/* 0, 1 or 2: the worst reported so far, as the exit status of a filter. */
int diag_status(void);

#endif
