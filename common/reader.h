/* reader: a thread that reads the next block of a file, and finds its newlines, while the one before it
 * is being worked on: a fifth of what sp-parse does. */
#ifndef SP_READER_H
#define SP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	READER_FRONT = 16 * 1024, /* writable bytes in front of a block, for what is left of the one before */
	READER_BLOCK = 128 * 1024,
	READER_NEWLINES = 16 * 1024, /* that are noted of a block */
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

struct reader_block {
	char *data;
	size_t n;  /* bytes; 0 at the end */
	int error; /* the errno of a read that failed, with which the file ends, too */
	uint32_t *newline; /* offsets of the first newlines: all of them, or so many that one more may not fit */
	size_t newlines;
};

/* The next block. The block taken before stays valid until reader_release. */
const struct reader_block *reader_take(struct reader *r);

/* The block taken before the last one, if any, may be read into again. */
void reader_release(struct reader *r);

/* Ends the thread and frees all blocks. */
void reader_stop(struct reader *r);

#endif
