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

#include <emmintrin.h>

#include "diag.h"
#include "str.h"

enum { INPUT_SLACK = 64 };

struct input {
	char *next, *end; /* bytes read but not yet handed out */
	uint64_t line;	  /* number of the line last handed out, 1 is the first */
	const char *file; /* name of the file it came from, "-" for standard input */
	bool cut;	  /* the line last handed out had no newline: the file ends in it */
	struct input_private *self;
};

/* paths is NULL-terminated and must outlive the input; "-" is standard input; an empty list means
 * standard input. */
struct input *input_open(char *const *paths);
/* The same with a buffer of so many bytes, for many inputs at once. */
struct input *input_open_sized(char *const *paths, size_t buffer);
bool input_next_file(struct input *in);
/* The lines that are buffered and not yet handed out, at least one if the file has any: for looking
 * at a file before reading it. */
struct str input_peek(struct input *in);

bool input_line_slow(struct input *in, struct str *line);

/* The first newline in p .. end, or NULL: 64 bytes a step, which the slack behind the buffer allows. */
static inline char *input_find_newline(char *p, const char *end)
{
	const __m128i newline = _mm_set1_epi8('\n');
	for (; p < end; p += 64) {
		__m128i a = _mm_cmpeq_epi8(newline, _mm_loadu_si128((const __m128i *)(void *)p));
		__m128i b = _mm_cmpeq_epi8(newline, _mm_loadu_si128((const __m128i *)(void *)p + 1));
		__m128i c = _mm_cmpeq_epi8(newline, _mm_loadu_si128((const __m128i *)(void *)p + 2));
		__m128i d = _mm_cmpeq_epi8(newline, _mm_loadu_si128((const __m128i *)(void *)p + 3));
		if (!_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))))
			continue;
		uint64_t found = (unsigned)_mm_movemask_epi8(a) |
				 (unsigned)_mm_movemask_epi8(b) << 16 |
				 (uint64_t)(unsigned)_mm_movemask_epi8(c) << 32 |
				 (uint64_t)(unsigned)_mm_movemask_epi8(d) << 48;
		p += __builtin_ctzll(found);
		return p < end ? p : NULL;
	}
	return NULL;
}

static inline bool input_line(struct input *in, struct str *line)
{
	char *newline = input_find_newline(in->next, in->end);
	if (!newline)
		return input_line_slow(in, line);
	*line = str_between(in->next, newline);
	in->next = newline + 1;
	in->line++;
	return true;
}

static inline struct place input_place(const struct input *in)
{
	return (struct place){.file = in->file, .line = in->line};
}

/* Bytes taken from the files so far (before decompression), and the size of all of them together;
 * total 0 when unknown (a pipe). For progress. */
void input_progress(const struct input *in, uint64_t *done, uint64_t *total);

/* Called before a read that would block, so that a quiet live pipe still shows what is known. */
void input_when_idle(struct input *in, void (*flush)(void));

void input_close(struct input *in);

#endif
