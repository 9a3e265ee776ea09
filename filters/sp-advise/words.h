/* words: the flags and other constants among the arguments of a call, as strace spells them:
 *     mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)    PROT_READ MAP_PRIVATE|MAP_ANONYMOUS
 *     mmap(len: 8192, prot: READ, flags: PRIVATE|ANONYMOUS)            the same
 *     mmap(0, 0x2000, 0x1, 0x22, 0xffffffff, 0)                        the same */
#ifndef SP_ADVISE_WORDS_H
#define SP_ADVISE_WORDS_H

#include "arena.h"

enum { WORDS_BITS = 5, WORDS_ARGS = 63 };

/* What arguments meant is kept: they are spelled out every time, and few are different. A zeroed one knows none. */
struct words {
	const struct argument *first[1 << WORDS_BITS]; /* of calls, by their name */
	struct words_said {
		const struct argument *of; /* NULL: nothing is kept */
		uint8_t n;
		char args[WORDS_ARGS]; /* the arguments from the first one with words to the last */
		struct buf words;
	} said[1 << WORDS_BITS]; /* by hash */
	struct buf text;
};

/* Empty for calls that are not in words.def. Of numbers, what words.def knows. Valid until the next call. */
struct str words_of(struct words *w, struct str syscall, struct str args);

#endif
