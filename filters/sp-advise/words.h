/* words: the flags and other constants among the arguments of a call, as strace spells them:
 *     mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)    PROT_READ MAP_PRIVATE|MAP_ANONYMOUS
 *     mmap(len: 8192, prot: READ, flags: PRIVATE|ANONYMOUS)            the same
 *     mmap(0, 0x2000, 0x1, 0x22, 0xffffffff, 0)                        the same */
#ifndef SP_ADVISE_WORDS_H
#define SP_ADVISE_WORDS_H

#include "arena.h"

/* Empty for calls that are not in words.def. Of numbers, what words.def knows. Valid until the next call. */
struct str words_of(struct str syscall, struct str args, struct buf *space);

#endif
