/* reader: a thread that reads the next block of a file, decompresses it and finds its newlines, while the one before it
 * is being worked on: a fifth of what sp-parse does. */
#ifndef SP_READER_H
#define SP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifndef TINY
enum {
	READER_FRONT = 16 * 1024, /* writable bytes in front of a block, for what is left of the one before */
	READER_BLOCK = 96 * 1024,
	READER_NEWLINES = 8 * 1024, /* that are noted of a block */
	READER_PREPARED = 2 * 1024, /* lines of a block, likewise */
	READER_WORTH = 16 * 1024 * 1024, /* less is not worth a thread */
};
#else /* make TINY=1: the traces of the tests have many blocks, too */
enum { READER_FRONT = 256, READER_BLOCK = 512, READER_NEWLINES = 70, READER_PREPARED = 5, READER_WORTH = 1 };
#endif

/* read() that goes on after signals, and waits where somebody else made fd non-blocking. */
ssize_t reader_read(int fd, char *to, size_t n);

/* What can be found out about a line without knowing those before it: a record of so many bytes, zeros at
 * first, for each of the first READER_PREPARED lines that end in a block. Only the first line may begin
 * before it. The thread that reads does this while there are blocks to work on. */
struct reader_preparation {
	size_t bytes; /* 0: nothing */
	void (*prepare)(void *records, const char *data, const uint32_t *newline, size_t lines);
};

struct reader;

/* What is read from: like read(2); it is called by the thread from now on. */
struct reader_source {
	ssize_t (*read)(void *self, char *to, size_t n);
	void *self;
};

/* Whether there is a core that it may keep busy: standard output may be a pipe, whose reader wants one. */
bool reader_has_core(void);

/* slack: readable bytes wanted before the front and behind the block. NULL when a thread would not help (one
 * core) or cannot be had. */
struct reader *reader_start(struct reader_source from, size_t slack, struct reader_preparation preparation);

/* Whether reader_take would not wait, if it came in so many milliseconds. */
bool reader_is_ready(struct reader *r, int ms);

struct reader_block {
	char *data;
	size_t n;  /* bytes; 0 at the end */
	int error; /* the errno of a read that failed, EIO if it had none; the file ends with it, too */
	uint32_t *newline; /* offsets of the first newlines: all of them, or so many that one more may not fit */
	size_t newlines;
	const char *prepared; /* records; NULL: there are none of this block */
};

/* The next block. The block taken before stays valid until reader_release. */
const struct reader_block *reader_take(struct reader *r);

/* The block taken before the last one, if any, may be read into again. */
void reader_release(struct reader *r);

/* Ends the thread and frees all blocks. */
void reader_stop(struct reader *r);

#endif
