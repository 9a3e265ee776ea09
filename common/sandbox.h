/* sandbox: traces are hostile, and a filter that has its inputs open needs nothing of the system any more
 * but to read, to write and to end. From sandbox_enter() on the kernel refuses everything else with EPERM:
 * opening files, sockets, starting programs (seccomp(2), by libseccomp). Where the kernel has no seccomp,
 * under valgrind and with the address sanitizer, which need more, nothing happens.
 *
 * Filters need not call it: input.c does, when it opens the last file of the command line, or of an
 * input of which input_last() was said. Whoever opens something later does so in vain. */
#ifndef SP_SANDBOX_H
#define SP_SANDBOX_H

#include <stdbool.h>

/* The NULL behind the last argument: a list of files that ends there is the command line's, and so is
 * no list or an empty one, which stands for standard input. */
void sandbox_arguments(char *const *end);
bool sandbox_is_arguments(char *const *files);

/* --no-sandbox */
void sandbox_off(void);

/* For good. True when the rights are given up, now or before. */
bool sandbox_enter(void);

#endif
