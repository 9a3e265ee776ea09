#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "reader.h"
#include "writer.h"

/* In front of each block a page with the number of what is in it: the first block given is 1, 0 is none. Behind it,
 * after another page, what is told of its rows: the ends last, as those who write many at once write behind them, too. */
enum {
	FRONT = 4096,
	NEWLINES_AT = RING_BLOCK + FRONT,
	FACTS_AT = NEWLINES_AT + RING_ROWS * (int)sizeof(uint32_t),
	ENDS_AT = FACTS_AT + RING_ROWS * (int)sizeof(struct ring_fact),
	STRIDE = FRONT + ENDS_AT + RING_ENDS * (int)sizeof(uint16_t),
};
_Static_assert((int)FRONT >= 2 * (int)RING_SLACK && (int)RING_SLACK >= (int)RING_COLUMNS * 2, "slack on both sides");

static size_t bytes_of(size_t blocks)
{
	return blocks * STRIDE + FRONT;
}

struct ring {
	char *memory;
	size_t blocks;
	int fd;          /* of the pipe that is written into */
	uint64_t number; /* of the block at hand; of a reader: 0 before the first */
	struct ring_rows rows;
};

struct token {
	char magic[16];
	uint64_t number, bytes, rows, columns, has_facts;
};

const struct ring_fact ring_no_fact = {.start_ns = RING_NO_START, .dur_ns = RING_NO_DUR, .fdgen = RING_NO_GEN};

static const char magic[16] = "\0sp ring 1\n";

bool ring_limit(int pipe, int tokens)
{
	if (!writer_is_pipe(pipe) || sysconf(_SC_PAGESIZE) != RING_TOKEN)
		return false;
	int bytes = fcntl(pipe, F_SETPIPE_SZ, tokens * RING_TOKEN);
	if (bytes < 0) /* a user with many pipes has small ones */
		bytes = fcntl(pipe, F_GETPIPE_SZ);
	return bytes > 0 && bytes <= tokens * RING_TOKEN;
}

bool ring_is_token(struct str head)
{
	return head.n >= sizeof magic && memcmp(head.p, magic, sizeof magic) == 0;
}

static char *block_at(const struct ring *r, uint64_t number)
{
	return r->memory + number % r->blocks * STRIDE + FRONT;
}

static struct ring_rows rows_at(char *block)
{
	return (struct ring_rows){.newline = (uint32_t *)(void *)(block + NEWLINES_AT),
	                          .end = (uint16_t *)(void *)(block + ENDS_AT),
	                          .fact = (struct ring_fact *)(void *)(block + FACTS_AT)};
}

static _Atomic uint64_t *number_in(const struct ring *r, uint64_t number)
{
	return (_Atomic uint64_t *)(void *)(block_at(r, number) - FRONT / 2);
}

static struct ring *map(int file, size_t blocks, int protection)
{
	char *memory = mmap(NULL, bytes_of(blocks), protection, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED)
		return NULL;
	struct ring *r = xcalloc(1, sizeof *r);
	r->memory = memory;
	r->blocks = blocks;
	return r;
}

/* ---- writing ---- */

/* What the block held is not to be read any more, before it is written again. */
static void begin_block(struct ring *r)
{
	r->number++;
	atomic_store_explicit(number_in(r, r->number), 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	r->rows = rows_at(ring_room(r));
}

/* Where ulimit -f forbids a file of this size, making one would be the end of us (SIGXFSZ). */
static bool may_be_made(size_t bytes)
{
	struct rlimit size;
	return getrlimit(RLIMIT_FSIZE, &size) != 0 || size.rlim_cur >= bytes;
}

struct ring *ring_create(const char *path, enum ring_readers readers, int fd)
{
	size_t blocks = (size_t)readers, bytes = bytes_of(blocks);
	if (!may_be_made(bytes) || !ring_limit(fd, RING_NEAR))
		return NULL;
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		return NULL;
	/* All of it is there before it is written to: a disk that is full is no signal. */
	struct ring *r = posix_fallocate(file, 0, (off_t)bytes) == 0 ? map(file, blocks, PROT_READ | PROT_WRITE) : NULL;
	close(file);
	if (!r)
		return NULL;
	r->fd = fd;
	begin_block(r);
	return r;
}

char *ring_room(const struct ring *r)
{
	return block_at(r, r->number);
}

struct ring_rows *ring_rows(struct ring *r)
{
	return &r->rows;
}

int ring_give(struct ring *r, size_t n)
{
	char page[RING_TOKEN] = {0};
	struct token token = {.number = r->number, .bytes = n};
	if (r->rows.bytes == n) {
		token.rows = r->rows.rows;
		token.columns = r->rows.columns;
		token.has_facts = r->rows.has_facts;
	}
	memcpy(token.magic, magic, sizeof magic);
	memcpy(page, &token, sizeof token);
	atomic_store_explicit(number_in(r, r->number), r->number, memory_order_release);
	int error = writer_write(r->fd, page, sizeof page);
	begin_block(r);
	return error;
}

/* ---- reading ---- */

struct ring *ring_open(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0)
		return NULL;
	struct stat st = {0};
	size_t blocks = fstat(file, &st) == 0 && st.st_size > FRONT ? ((size_t)st.st_size - FRONT) / STRIDE : 0;
	errno = EINVAL;
	struct ring *r = blocks && (size_t)st.st_size == bytes_of(blocks) ? map(file, blocks, PROT_READ) : NULL;
	close(file);
	return r;
}

/* Whether the block at hand is still what the token said. */
static bool is_whole(const struct ring *r)
{
	atomic_thread_fence(memory_order_acquire);
	return r->number == 0 ||
	       atomic_load_explicit(number_in(r, r->number), memory_order_relaxed) == r->number;
}

/* Bytes of the page that could be read; -1: an error. */
static ssize_t read_page(int fd, char *page)
{
	ssize_t have = 0, got;
	while (have < RING_TOKEN && (got = reader_read(fd, page + have, (size_t)(RING_TOKEN - have))) != 0) {
		if (got < 0)
			return -1;
		have += got;
	}
	return have;
}

ssize_t ring_next(struct ring *r, int fd, const char *given, struct ring_block *block)
{
	char page[RING_TOKEN];
	struct token token;
	ssize_t have = given ? RING_TOKEN : read_page(fd, page);
	if (have < 0)
		return -1;
	memcpy(&token, given ? given : page, sizeof token);
	errno = ESTALE;
	if (!is_whole(r))
		return -1;
	if (have == 0)
		return 0;
	errno = EIO;
	if (have < RING_TOKEN || memcmp(token.magic, magic, sizeof magic) != 0 || token.bytes > RING_BLOCK ||
	    token.rows > RING_ROWS || token.rows * token.columns > RING_ENDS || token.number != r->number + 1)
		return -1;
	r->number = token.number;
	errno = ESTALE;
	block->data = block_at(r, r->number);
	block->rows = rows_at(block->data);
	block->rows.rows = token.rows;
	block->rows.columns = token.columns;
	block->rows.has_facts = token.has_facts;
	return is_whole(r) ? (ssize_t)token.bytes : -1;
}

void ring_close(struct ring *r)
{
	munmap(r->memory, bytes_of(r->blocks));
	free(r);
}
