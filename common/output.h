/* output: one buffer in front of one descriptor, one write() a flush, every write checked. A write
 * that fails ends the program with a message and exit status 2; a closed pipe ends it quietly by
 * SIGPIPE. Rows are built in place: reserve, copy, commit. Long output into a pipe is written by a
 * thread of its own (writer.h). */
#ifndef SP_OUTPUT_H
#define SP_OUTPUT_H

#include "ring.h"
#include "str.h"
#include "writer.h"

struct output {
	int fd;
	const char *name; /* for messages */
	char *p;	  /* cap bytes, and OUTPUT_SLACK more that may be scribbled on */
	size_t n, cap;
	struct ring *ring;     /* p is its room, unless a row is larger; NULL: there is none */
	struct ring_rows *rows; /* what is told of these; NULL, too */
	unsigned filled;       /* how often the buffer has been full: often enough, and a writer is tried */
	struct writer *writer; /* NULL while this thread writes itself */
};

enum { OUTPUT_SLACK = 128 };

/* The buffer in front of standard output; options_finish writes what is left of it. */
extern struct output output_stdout;

/* Opens a file for what is written beside standard output. A failure to open is fatal, "-" is one. */
void output_open(struct output *out, const char *path);

/* Room for n bytes (and OUTPUT_SLACK beyond them) at the returned address; flushes if needed. */
char *output_reserve_slow(struct output *out, size_t n);

static inline char *output_reserve(struct output *out, size_t n)
{
	return out->cap - out->n >= n ? out->p + out->n : output_reserve_slow(out, n);
}

/* Everything up to `end`, written since output_reserve, is now part of the output. */
static inline void output_commit(struct output *out, char *end)
{
	out->n = (size_t)(end - out->p);
}

/* Nothing has been written yet: if it is a pipe, it goes through a ring in this file (ring.h), if one can be had. */
void output_through_ring(struct output *out, const char *path, enum ring_readers readers);

/* Bytes that were written since output_reserve, and are no part of the output yet. */
static inline size_t output_uncommitted(const struct output *out, const char *end)
{
	return (size_t)(end - out->p) - out->n;
}

/* Where the ends of the columns of a row of so many bytes may be told, which is committed next: ring_told follows.
 * NULL: nobody wants to know. Of rows alone, not of headers, and of such as have no control bytes but TABs. */
static inline uint16_t *output_ends(const struct output *out, size_t columns, size_t bytes)
{
	return out->rows && bytes <= UINT16_MAX ? ring_tell(out->rows, columns) : NULL;
}

void output_str(struct output *out, struct str s);
void output_char(struct output *out, char c);
void output_printf(struct output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void output_flush(struct output *out);
void output_flush_stdout(void); /* for input_when_idle: what is known is shown */

/* Flushes, closes and checks; the last thing done with an output. */
void output_close(struct output *out);

/* Copies n bytes in 16-byte steps: may read and write up to 15 bytes past the end, which both input
 * and output buffers allow for. Returns the end of the copy. */
static inline char *output_copy(char *to, const char *from, size_t n)
{
	char *end = to + n;
	do {
		memcpy(to, from, 16);
		to += 16;
		from += 16;
	} while (to < end);
	return end;
}

#endif
