/* writer: a thread that writes one buffer into a pipe while the next one is being filled: a third of what
 * sp-parse does is copying into its pipe. It pays with buffers of WRITER_BUFFER, below that handing them
 * over costs more than it gains (sp-parse | sp-stats on 589 MB of trace took 0.72 s without it, 0.71, 0.63,
 * 0.61 and 0.56 s with buffers of 64, 128, 256 and 512 KiB). */
#ifndef SP_WRITER_H
#define SP_WRITER_H

#include <stdbool.h>
#include <stddef.h>

enum { WRITER_BUFFER = 512 * 1024 };

struct writer;

bool writer_is_pipe(int fd);

/* NULL when a thread would not help (one core, not a pipe) or cannot be had. spare: a buffer from malloc,
 * the writer's then, of the same size as those that will be given. */
struct writer *writer_start(int fd, char *spare);

/* Takes over a buffer with n bytes to write, waits until the one before it is written, and returns that
 * to be filled. *error is the errno of a write that failed, else 0; what comes after is not written. */
char *writer_give(struct writer *w, char *p, size_t n, int *error);

/* Waits for the last byte, ends the thread, frees its buffer. Returns the errno of a failed write, or 0. */
int writer_stop(struct writer *w);

/* Writes n bytes, however many calls that takes, waiting where others made the descriptor non-blocking.
 * Returns 0 or errno. */
int writer_write(int fd, const char *p, size_t n);

#endif
