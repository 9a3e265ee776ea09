/* reader: a thread that reads the next block of a file while the one before it is being worked on: a
 * sixth of what sp-parse does is copying out of the page cache. */
#ifndef SP_READER_H
#define SP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	READER_FRONT = 16 * 1024, /* writable bytes in front of a block, for what is left of the one before */
	READER_BLOCK = 256 * 1024,
	READER_WORTH = 16 * 1024 * 1024, /* less is not worth a thread */
};

/* read() that goes on after signals, and waits where somebody else made fd non-blocking. */
ssize_t reader_read(int fd, char *to, size_t n);

struct reader;

/* Goes on where fd stands. slack: readable bytes wanted before the front and behind the block. NULL when
 * a thread would not help (one core) or cannot be had. */
struct reader *reader_start(int fd, size_t slack);

/* Whether reader_take would not wait. */
bool reader_is_ready(struct reader *r);

/* The next block, of n bytes; 0 at the end, or when *error is the errno of a read that failed. The block
 * taken before stays valid until reader_release. */
char *reader_take(struct reader *r, size_t *n, int *error);

/* The block taken before the last one, if any, may be read into again. */
void reader_release(struct reader *r);

/* Ends the thread and frees all blocks. */
void reader_stop(struct reader *r);

#endif
