/* input: the lines of standard input or of files, one after the other; .gz .zst .xz .bz2 .lz4 are
 * recognised by their first bytes and read in place. A file that cannot be opened or read is
 * reported, makes the exit status 2, and the next one is taken.
 *
 *     struct input *in = input_open(paths);           arguments, or NULL-terminated empty: stdin
 *     while (input_next_file(in))
 *             while (input_line(in, &line)) ...
 *
 * A line comes without its newline. INPUT_SLACK bytes before and after it are readable (their values
 * mean nothing), and the byte after it may be overwritten. It is valid until the next call. */
#ifndef SP_INPUT_H
#define SP_INPUT_H

#include "diag.h"
#include "reader.h"
#include "str.h"

enum { INPUT_SLACK = 128 };

struct input {
	char *next, *end; /* bytes read but not yet handed out */
	uint64_t line;	  /* number of the line last handed out, 1 is the first */
	const char *file; /* name of the file it came from, "-" for standard input */
	bool cut;	  /* the line last handed out had no newline: the file ends in it */
	struct input_private *self;
	/* The newlines among the next bytes, as offsets from `ahead`; next_newline is that of the next line. */
	char *ahead;
	const uint32_t *newline;
	size_t newlines, next_newline;
	const char *prepared; /* records, one a newline */
	/* Where the columns of each row of these bytes end (ring.h); 0 columns: that is not known. */
	const uint16_t *column_end;
	size_t columns;
	const struct ring_fact *fact; /* of each of these rows; NULL: not told */
};

/* paths is NULL-terminated and must outlive the input; "-" is standard input; an empty list means
 * standard input. */
struct input *input_open(char *const *paths);
/* The same with a buffer of so many bytes, for many inputs at once. */
struct input *input_open_sized(char *const *paths, size_t buffer);
/* What comes through standard input, if that is a pipe, may come through a ring in this file (ring.h). */
void input_through_ring(const char *path);
/* Large files are read by a thread of their own (reader.h); from now on what comes through a pipe, too. That
 * pays for programs that take longer over a block than reading it does: those that write every row. */
void input_read_ahead(struct input *in);

/* From now on to the next file, where a thread reads it. */
void input_prepare(struct input *in, struct reader_preparation preparation);

bool input_next_file(struct input *in);
/* Nothing else will be opened after the last file of this input: from then on the process is in the
 * sandbox. Inputs of the command line's files or of standard input need not say so. */
void input_last(struct input *in);
/* The lines that are buffered and not yet handed out, at least one if the file has any: for looking
 * at a file before reading it. Of a pipe, what comes in a fifth of a second; of a compressed file as much as
 * of a plain one, however small its parts are. */
struct str input_peek(struct input *in);
/* Waits for more to look at. False where no more is to be looked at: at the end, or enough is there, or this
 * is no pipe. */
bool input_peek_more(struct input *in);

bool input_line_slow(struct input *in, struct str *line);

/* Newlines are found many at a time (newlines.h).
 * Pointer and length are stored one by one: read back as one 16-byte word, as a copied struct would be,
 * they would have to wait for the stores. */
static inline bool input_line(struct input *in, struct str *line)
{
	if (__builtin_expect(in->next_newline == in->newlines, 0))
		return input_line_slow(in, line);
	const char *newline = in->ahead + in->newline[in->next_newline++];
	line->p = in->next;
	line->n = (size_t)(newline - in->next);
	in->next += line->n + 1;
	in->line++;
	return true;
}

/* The record of the line last handed out, of so many bytes; NULL when there is none. */
static inline const void *input_prepared(const struct input *in, size_t bytes)
{
	return in->prepared && in->next_newline <= READER_PREPARED ? in->prepared + (in->next_newline - 1) * bytes
								   : NULL;
}

/* The next line and where its columns end, if that is known; else NULL, and no line is taken. */
static inline const uint16_t *input_columns(struct input *in, struct str *line)
{
	if (in->columns == 0 || in->next_newline == in->newlines)
		return NULL;
	const uint16_t *end = in->column_end + in->next_newline++ * in->columns;
	line->p = in->next;
	line->n = end[in->columns - 1] - 1u;
	in->next += end[in->columns - 1];
	in->line++;
	return end;
}

static inline struct place input_place(const struct input *in)
{
	return (struct place){.file = in->file, .line = in->line};
}

/* Called before a read that would block, so that a quiet live pipe still shows what is known: idle at once,
 * quiet when nothing has come for a tenth of a second, for what may belong to lines still being written. */
void input_when_idle(struct input *in, void (*idle)(void), void (*quiet)(void));

void input_close(struct input *in);

#endif
