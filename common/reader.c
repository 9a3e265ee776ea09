#include "reader.h"

#include <errno.h>
#include <immintrin.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "newlines.h"
#include "thread.h"
#include "writer.h"

enum { BLOCKS = 6 };
/* Looks for the next block of a file before the taker sleeps: to be woken would take longer than it takes to
 * read one. */
enum { LOOKS = 4000 };

struct reader {
	struct reader_source from;
	bool has_core;
	struct reader_preparation preparation;
	pthread_t thread;
	char *memory[BLOCKS], *records[BLOCKS];
	struct reader_block block[BLOCKS];
	/* Counted from the start: blocks read, taken, released. Block i is at i % BLOCKS. Each is written by one
	 * thread; a thread that sleeps says so before it looks at them for the last time. */
	_Atomic size_t read, released;
	size_t taken;
	_Atomic bool at_end, stop, reader_sleeps, taker_sleeps;
	pthread_mutex_t lock; /* for sleeping */
	pthread_cond_t changed;
};

static bool wait_for_input(int fd)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};
	return poll(&input, 1, -1) >= 0 || errno == EINTR;
}

ssize_t reader_read(int fd, char *to, size_t n)
{
	ssize_t got;
	do
		got = read(fd, to, n);
	while (got < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_input(fd))));
	return got;
}

static void fill(const struct reader *r, struct reader_block *block)
{
	errno = 0;
	ssize_t got = r->from.read(r->from.self, block->data, READER_BLOCK);
	block->error = got >= 0 ? 0 : errno ? errno : EIO;
	block->n = got < 0 ? 0 : (size_t)got;
	block->newlines = newlines_find(block->data, block->n, block->newline, READER_NEWLINES);
	block->prepared = NULL;
	/* Not while the other thread waits: it can find out as well. */
	if (r->preparation.bytes && r->read - r->released > 1) {
		char *records = r->records[r->read % BLOCKS];
		size_t lines = block->newlines < READER_PREPARED ? block->newlines : READER_PREPARED;
		r->preparation.prepare(records, block->data, block->newline, lines);
		block->prepared = records;
	}
}

/* ---- sleeping ---- */

typedef bool condition(const struct reader *r);

static bool has_block(const struct reader *r)
{
	return r->taken < r->read || r->at_end;
}

/* Not as soon as one block is free: sleeping and waking cost more than a block. */
static bool has_room(const struct reader *r)
{
	return r->read - r->released <= BLOCKS / 2 || r->stop;
}

/* ms: how long at most, 0: as long as it takes. Whether it holds. */
static bool sleep_until(struct reader *r, condition *holds, _Atomic bool *sleeps, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	int status = 0;
	pthread_mutex_lock(&r->lock);
	*sleeps = true;
	while (!holds(r) && status == 0)
		status = ms ? pthread_cond_timedwait(&r->changed, &r->lock, &until)
			    : pthread_cond_wait(&r->changed, &r->lock);
	*sleeps = false;
	pthread_mutex_unlock(&r->lock);
	return holds(r);
}

static void wake(struct reader *r, const _Atomic bool *sleeps)
{
	if (!*sleeps)
		return;
	pthread_mutex_lock(&r->lock);
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

/* ---- the reader ---- */

static void *run(void *of)
{
	struct reader *r = of;
	while (!r->at_end) {
		if (r->read - r->released == BLOCKS)
			sleep_until(r, has_room, &r->reader_sleeps, 0);
		if (r->stop)
			break;
		struct reader_block *block = &r->block[r->read % BLOCKS];
		fill(r, block);
		bool last = block->n == 0;
		r->read++; /* first: the last block may have an error to tell */
		r->at_end = last;
		wake(r, &r->taker_sleeps);
	}
	return NULL;
}

static void release(struct reader *r)
{
	for (int i = 0; i < BLOCKS; i++) {
		free(r->memory[i]);
		free(r->block[i].newline);
		free(r->records[i]);
	}
	free(r);
}

bool reader_has_core(void)
{
	return thread_cores() > 1 + writer_is_pipe(STDOUT_FILENO);
}

struct reader *reader_start(struct reader_source from, size_t slack, struct reader_preparation preparation)
{
	if (thread_cores() == 1)
		return NULL;
	struct reader *r = xcalloc(1, sizeof *r);
	*r = (struct reader){.from = from, .has_core = reader_has_core()};
	if (r->has_core)
		r->preparation = preparation;
	for (int i = 0; i < BLOCKS; i++) {
		r->memory[i] = xcalloc(2 * slack + READER_FRONT + READER_BLOCK, 1);
		r->block[i].data = r->memory[i] + slack + READER_FRONT;
		r->block[i].newline = xcalloc(READER_NEWLINES, sizeof(uint32_t));
		r->records[i] = r->preparation.bytes ? xcalloc(READER_PREPARED, r->preparation.bytes) : NULL;
	}
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (thread_start(&r->thread, run, r))
		return r;
	release(r);
	return NULL;
}

bool reader_is_ready(struct reader *r, int ms)
{
	return has_block(r) || (ms && sleep_until(r, has_block, &r->taker_sleeps, ms));
}

const struct reader_block *reader_take(struct reader *r)
{
	static const struct reader_block nothing;
	bool soon = r->has_core && r->taken && r->block[(r->taken - 1) % BLOCKS].n == READER_BLOCK; /* no slow pipe */
	for (int looks = 0; soon && looks < LOOKS && !has_block(r); looks++)
		_mm_pause();
	if (!has_block(r))
		sleep_until(r, has_block, &r->taker_sleeps, 0);
	return r->taken < r->read ? &r->block[r->taken++ % BLOCKS] : &nothing;
}

void reader_release(struct reader *r)
{
	if (r->released + 1 < r->taken)
		r->released++;
	if (has_room(r))
		wake(r, &r->reader_sleeps);
}

void reader_stop(struct reader *r)
{
	r->stop = true;
	wake(r, &r->reader_sleeps);
	pthread_join(r->thread, NULL);
	release(r);
}
