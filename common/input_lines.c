/* The buffer of an input, and the lines in it. */
#include <stdlib.h>

#include "arena.h"
#include "input_private.h"

_Static_assert((int)NEWLINES_STEP <= (int)INPUT_SLACK, "a step may begin at the last byte of the input");

/* ---- blocks ---- */

static bool reader_has_more(struct input_private *s, int ms)
{
	return reader_is_ready(s->reader, ms);
}

/* What is left goes to the front of the buffer, which has room for so many bytes. */
static void keep_rest(struct input_private *s, size_t room)
{
	struct input *in = &s->in;
	size_t have = (size_t)(in->end - in->next);
	if (room <= s->cap) {
		memmove(s->buffer + INPUT_SLACK, in->next, have);
	} else {
		char *grown = xcalloc(INPUT_SLACK + room + INPUT_SLACK, 1);
		memcpy(grown + INPUT_SLACK, in->next, have);
		free(s->buffer);
		s->buffer = grown;
		s->cap = room;
	}
	in->next = s->buffer + INPUT_SLACK;
	in->end = in->next + have;
}

/* The next block, what is left put in front of it; behind what is left, when that is long. */
static bool take_block(struct input_private *s)
{
	struct input *in = &s->in;
	size_t have = (size_t)(in->end - in->next), n;
	input_before_waiting(s, reader_has_more);
	const struct reader_block *block = reader_take(s->reader);
	diag_progress(s->taken, s->total);
	if (block->error)
		input_failed(s, block->error);
	if (!(n = block->n))
		return false;
	if (have <= READER_FRONT) {
		memcpy(block->data - have, in->next, have);
		in->next = block->data - have;
		in->ahead = block->data;
		in->prepared = block->prepared;
	} else {
		keep_rest(s, have + n <= s->cap ? s->cap : 2 * (have + n));
		memcpy(in->end, block->data, n);
		in->ahead = in->end;
	}
	in->end = in->ahead + n;
	in->newline = block->newline;
	in->newlines = block->newlines;
	reader_release(s->reader);
	return true;
}

bool input_take_from_ring(struct input_private *s, const char *token)
{
	struct input *in = &s->in;
	struct ring_block block;
	size_t have = (size_t)(in->end - in->next);
	if (have)
		keep_rest(s, have + RING_BLOCK <= s->cap ? s->cap : 2 * (have + RING_BLOCK));
	size_t n = input_fetch_block(s, token, &block);
	if (have && n) {
		memcpy(in->end, block.data, n);
	} else if (n) {
		in->next = in->end = in->ahead = block.data;
		in->newline = block.rows.newline;
		in->newlines = block.rows.rows;
		in->column_end = block.rows.end;
		in->columns = block.rows.columns;
		in->fact = block.rows.has_facts ? block.rows.fact : NULL;
	}
	in->end += n;
	return n > 0;
}

/* A thread goes on where the file has turned out to be worth one. */
static void consider_reader(struct input_private *s)
{
	if (s->ring || s->threaded || s->no_thread || (s->blocks && !s->pipes_ahead) || s->fetched < READER_WORTH)
		return;
	s->threaded = true; /* which the thread itself looks at */
	s->reader = reader_start((struct reader_source){input_read_text, s}, INPUT_SLACK, s->preparation);
	if (!s->reader) {
		s->threaded = false;
		s->no_thread = true;
	}
}

void input_forget_newlines(struct input *in)
{
	in->newlines = in->next_newline = in->columns = 0;
	in->prepared = NULL;
}

bool input_read_more(struct input_private *s)
{
	struct input *in = &s->in;
	input_forget_newlines(in);
	if (s->ring)
		return input_take_from_ring(s, NULL);
	if (s->reader)
		return take_block(s);
	keep_rest(s, (size_t)(in->end - in->next) == s->cap ? 2 * s->cap : s->cap);
	size_t got = s->at_end ? 0 : input_fetch(s, in->end, s->cap - (size_t)(in->end - in->next));
	in->end += got;
	return got > 0;
}

/* ---- lines ---- */

/* The next line where look_ahead found no newline. */
static bool rest_of_buffer(struct input *in, struct str *line)
{
	char *nl = NULL;
	consider_reader(self_of(in));
	for (size_t searched = 0; !nl;) {
		size_t have = (size_t)(in->end - in->next);
		nl = memchr(in->next + searched, '\n', have - searched);
		searched = have;
		if (!nl && !input_read_more(self_of(in)))
			break;
	}
	if (!nl && in->end == in->next)
		return false;
	in->cut = !nl;
	in->next_newline = in->newlines > 0; /* a block was read: this line ended at its first newline */
	*line = str_between(in->next, nl ? nl : in->end);
	in->next = nl ? nl + 1 : in->end;
	in->line++;
	return true;
}

/* Finds the newlines in the next bytes: none where the next line is not whole, or longer than INPUT_AHEAD. */
static void look_ahead(struct input *in)
{
	struct input_private *s = self_of(in);
	size_t left = (size_t)(in->end - in->next);
	in->ahead = in->next;
	in->prepared = NULL;
	in->columns = 0;
	in->newline = s->newline;
	in->newlines = newlines_find(in->next, left < INPUT_AHEAD ? left : INPUT_AHEAD, s->newline,
				     sizeof s->newline / sizeof *s->newline);
	in->next_newline = 0;
}

bool input_line_slow(struct input *in, struct str *line)
{
	look_ahead(in);
	return in->newlines ? input_line(in, line) : rest_of_buffer(in, line);
}
