/* strace_spans: where things are in the arguments of a call as the hot path of strace reads them, counted from
 * the parenthesis that opens them. */
#ifndef SP_STRACE_SPANS_H
#define SP_STRACE_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "syscall.h"

/* Commas that are noted; bytes of a call, longer ones being left to the general rules. Small numbers, because
 * the hot path keeps these for each line. */
enum { STRACE_COMMAS = 6, STRACE_SHORT = UINT16_MAX };

/* Something between two delimiters. at 0: there is none. */
struct strace_span_at {
	uint16_t at, n;
	bool escaped; /* not spelled as the columns do */
};

/* String and annotation are the first of their kind. */
struct strace_spans {
	uint16_t close; /* the parenthesis that closes them; 0: they go on in another line */
	uint16_t commas, comma[STRACE_COMMAS];
	struct strace_span_at string, annotation;
};

/* "NAME(ARGS" of a call that a thread has entered, when it ends between two arguments. */
struct strace_half {
	const struct syscall_info *info; /* NULL: only the general rules have read it */
	uint16_t bytes, name_n;          /* of the text that was read */
	struct strace_spans spans;
};

#endif
