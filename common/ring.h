/* ring: rows that one filter hands to others in memory that they share, instead of copying them through a pipe. The
 * memory is a file that all of them map; what goes through the pipe is a page for each block of rows, which says
 * where it is. So waiting, the end of the input and readers that die are those of the pipe.
 *
 * A block is written again when all others have been given behind it. Until then its readers must be done with it: a
 * pipe holds few pages, and there may be one more between (sp-tee --ring). A reader that was too slow all the same
 * finds out when it takes its next block, and fails. */
#ifndef SP_RING_H
#define SP_RING_H

#include <sys/types.h>

#include "str.h"

enum {
	RING_TOKEN = 4096, /* bytes in the pipe for each block: a page, so that a pipe's size counts them */
	RING_NEAR = 8,     /* tokens that the pipe holds into which they are written, */
	RING_FAR = 32,     /* and each of those behind sp-tee: powers of two, as the kernel makes pipes */
	RING_SLACK = 128, /* bytes that may be read in front of a block, and read and written behind it */
#ifndef TINY
	RING_BLOCK = 256 * 1024,
#else
	RING_BLOCK = 4096,
#endif
};

enum { RING_ROWS = RING_BLOCK / 32, RING_ENDS = RING_BLOCK / 4, RING_COLUMNS = 64, RING_WORDS = 4096 };

/* What a row says, so that its readers need not find out one after the other. */
struct ring_fact {
	int64_t start_ns; /* RING_NO_START: look at the column; so with */
	uint32_t dur_ns;  /* RING_NO_DUR */
	/* Rows with the same number have the same syscall, errno and fdtype, and the kind `call`; less than RING_WORDS.
	 * 0: that is not known. */
	uint16_t words;
	uint16_t fdgen; /* RING_NO_GEN */
};
#define RING_NO_START INT64_MIN
#define RING_NO_DUR UINT32_MAX
#define RING_NO_GEN UINT16_MAX
extern const struct ring_fact ring_no_fact;

/* Where the rows of a block and their columns end, as far as its writer tells: readers need not look for that. */
struct ring_rows {
	size_t columns, rows; /* every row has so many */
	size_t bytes;         /* of these rows together, from the block's first on */
	uint32_t *newline;    /* of each row, its offset in the block; RING_ROWS at most */
	uint16_t *end;        /* of each column of each row, the offset in the row of the byte behind its TAB or newline;
			       * RING_ENDS at most */
	struct ring_fact *fact; /* of each row, */
	bool has_facts;         /* where the writer tells these */
};

/* Who reads: the next program alone, or also those behind its sp-tee. Blocks: those on the way, that which is written,
 * that which is read and the next one, which is known to be there before it is given up; sp-tee has one at hand. */
enum ring_readers { RING_FOR_NEXT = RING_NEAR + 3, RING_FOR_ALL = RING_NEAR + RING_FAR + 4 };

struct ring;

/* Has the pipe hold so many tokens, RING_NEAR or RING_FAR. False: it is none, or cannot be made small. */
bool ring_limit(int pipe, int tokens);

/* Whether these are the first bytes of a token. */
bool ring_is_token(struct str head);

/* The side that writes, into the pipe fd. NULL: there can be no ring here; rows go through the pipe itself. */
struct ring *ring_create(const char *path, enum ring_readers readers, int fd);
/* Where the next RING_BLOCK bytes are to be put. */
char *ring_room(const struct ring *r);
/* What is told of them: only where that is all of what is given, is it handed on. */
struct ring_rows *ring_rows(struct ring *r);
/* Where the ends of the next row's columns go, RING_COLUMNS at most; NULL: nothing is to be told of it. */
static inline uint16_t *ring_tell(const struct ring_rows *r, size_t columns)
{
	if (r->rows == RING_ROWS || (r->rows && columns != r->columns) || columns > RING_COLUMNS ||
	    (r->rows + 1) * columns > RING_ENDS)
		return NULL;
	return r->end + r->rows * columns;
}
/* Where that of the same row goes: of all that ring_told is said of, or of none. */
static inline struct ring_fact *ring_tell_fact(struct ring_rows *r)
{
	r->has_facts = true;
	return &r->fact[r->rows];
}
static inline void ring_told(struct ring_rows *r, size_t columns, size_t bytes)
{
	r->bytes += bytes;
	r->columns = columns;
	r->newline[r->rows++] = (uint32_t)r->bytes - 1;
}
/* The first n bytes there go to the readers. Returns 0 or the errno of a failed write. */
int ring_give(struct ring *r, size_t n);

/* The side that reads. NULL: errno says why. */
struct ring *ring_open(const char *path);
struct ring_block {
	char *data;
	struct ring_rows rows; /* none: nothing is told */
};

/* The next block, for which a token is read from fd, or which is that of `token` unless that is NULL; the one before
 * is not looked at any more. Bytes; 0 at the end; -1: errno says why, ESTALE that the block before it was written
 * again while it was read. */
ssize_t ring_next(struct ring *r, int fd, const char *token, struct ring_block *block);

void ring_close(struct ring *r);

#endif
