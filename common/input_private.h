/* input_private: what the files of input share. */
#ifndef SP_INPUT_PRIVATE_H
#define SP_INPUT_PRIVATE_H

#include "compressed.h"
#include "input.h"
#include "newlines.h"
#include "ring.h"

enum { INPUT_AHEAD = 4 * 1024 /* bytes looked through for newlines at once */ };

struct input_private {
	struct input in;
	char *const *paths;
	char *buffer; /* INPUT_SLACK, cap bytes, INPUT_SLACK */
	size_t cap;
	int fd;
	bool blocks; /* a pipe or terminal: reading may wait */
	bool at_end;
	bool is_open; /* some file is, or was */
	bool last;    /* no other input comes after this one */
	bool pipes_ahead; /* a thread may read these, too */
	bool no_thread;	  /* it cannot be had */
	bool threaded;	  /* it reads: this thread must not */
	void (*idle)(void), (*quiet)(void); /* NULL: nothing is to be done */
	struct ring *ring;	 /* rows come through it */
	struct reader *reader;	 /* non-NULL while a large file is read ahead */
	struct reader_preparation preparation;
	struct compressed *compressed; /* non-NULL while reading such data */
	uint64_t total;		/* bytes before decompression; 0: unknown */
	_Atomic uint64_t taken; /* of these; a thread may read them */
	uint64_t fetched;	/* bytes of this file, decompressed */
	uint32_t newline[INPUT_AHEAD + NEWLINES_STEP];
};

static inline struct input_private *self_of(struct input *in)
{
	return in->self;
}

/* ---- input.c: files ---- */

/* Whether more comes within so many milliseconds. */
typedef bool input_has_more(struct input_private *s, int ms);
bool input_fd_has_more(struct input_private *s, int ms);

/* Says that input is about to block, if it is: see input_when_idle. */
void input_before_waiting(struct input_private *s, input_has_more *more);

/* Up to n bytes, decompressed; 0 at the end of the file. The first is like read(2), for a thread, too; the second
 * reports an error, and notes the end and how far the file is read. */
ssize_t input_read_text(void *input_private, char *to, size_t n);
size_t input_fetch(struct input_private *s, char *to, size_t n);
void input_failed(struct input_private *s, int error); /* reports it */

/* The next block of the ring; 0 at the end. token: as for ring_next. */
size_t input_fetch_block(struct input_private *s, const char *token, struct ring_block *block);

/* ---- input_lines.c: the buffer ---- */

/* Makes room and reads more. False at the end of the file. What is known of newlines is that of what was read
 * last, if anything. */
bool input_read_more(struct input_private *s);
void input_forget_newlines(struct input *in);
/* The next block of the ring, in place unless a row is not whole yet. */
bool input_take_from_ring(struct input_private *s, const char *token);

#endif
