/* strace_messages: the lines of strace's output that are no calls: its own messages, summary tables,
 * stack frames and dumps. */
#ifndef SP_STRACE_MESSAGES_H
#define SP_STRACE_MESSAGES_H

#include "arena.h"
#include "str.h"

struct strace_message {
	int64_t tid;	  /* "Process N attached"; 0 when it names none */
	bool attached;	  /* ... and N is traced from here on */
	bool detached;	  /* ... and N is traced no more */
	bool with_threads; /* ... together with its threads, whose clone() nobody saw */
};

/* Whether the whole of s is a message of strace itself. */
bool strace_message(struct str s, struct strace_message *m);

/* strace writes its messages into the middle of a line that it has begun. Cuts such a message off the
 * end of *s. */
bool strace_cut_message(struct str *s, struct strace_message *m);

/* " > /lib/libc.so.6(__close+0x10) [0xf89f0]": appends the frame's name to `stack` as flame graphs
 * want it, the symbol or else [object+address]. s is without " > ". */
void strace_frame(struct buf *stack, struct str s);

/* Removes ESC [ ... m sequences in place and returns the new length. */
size_t strace_strip_colours(char *p, size_t n);

#endif
