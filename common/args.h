/* args: the arguments of one call as the trace prints them, with their parentheses, in any dialect:
 *     (3</etc/passwd>, "abc"..., 4096)     strace
 *     (0x3, 0x7ffc1e20, 0x1000)            numbers only
 *     (fd: 0x3, count: 4096)               perf trace, which leaves out arguments that are 0; () when all are */
#ifndef SP_ARGS_H
#define SP_ARGS_H

#include "arena.h"
#include "str.h"

enum { ARGS_MOST = 6 };

/* Split as far as somebody has asked. */
struct args {
	struct str arg[ARGS_MOST];
	unsigned n;
	bool labelled; /* by "name: " */
	const char *next, *end;
};

void args_begin(struct args *a, struct str text);

/* Argument i, 1 is the first; "names" are the kernel's for all of them, separated by blanks, and are
 * needed for labelled ones. One that is not there is empty; a labelled one that is not there is "0". */
struct str args_at(struct args *a, unsigned i, const char *names);

/* The text from argument i on, which alone decides what args_at says of i and those behind it. Nothing when
 * they are labelled, or there is none. To be asked before any args_at. */
struct str args_from(const struct args *a, unsigned i);

/* The same up to the end of argument `last`, which decides what args_at says of those from i to it. */
struct str args_among(const struct args *a, unsigned i, unsigned last);

/* The number an argument begins with: 3</etc/passwd>, 0x3, -1. AT_FDCWD is -100 (fcntl.h). */
bool args_number(struct str arg, int64_t *value);

/* The same for a descriptor, which is an int: raw tracers print -1 as 0xffffffff. */
bool args_fd(struct str arg, int *fd);

/* Whether the flags name `word` (O_CLOEXEC, SOCK_CLOEXEC and CLOEXEC all name CLOEXEC), or are a
 * number with one of `bits`; they may be those that a struct begins with, as openat2's. */
bool args_flag(struct str arg, struct str word, uint64_t bits);

/* "O_RDWR, mode=0644}" of "{flags=O_RDWR, mode=0644}"; other arguments stay as they are. */
struct str args_of_struct(struct str arg);

/* The same for several at once: bit i of the result is for flags[i]. */
struct flag {
	struct str word;
	uint64_t bits;
};
unsigned args_flags(struct str arg, const struct flag *flags, unsigned n);

/* Text as the tracer escaped it, in the event table's spelling; the space may become its home. */
struct str args_canonical(struct str text, struct buf *space);

/* The canonical text between the quotes. Nothing for NULL or an address. */
struct str args_quoted(struct str arg, struct buf *space);

/* What stands in the <...> behind the number the argument begins with, as the tracer escaped it. */
struct str args_annotation(struct str arg);

/* Takes the next descriptor of "[3</a>, 4</b>]" or "3, 4]" off the front of *list, with its
 * annotation, if it has one. */
bool args_next_fd(struct str *list, int *fd, struct str *annotation);

#endif
