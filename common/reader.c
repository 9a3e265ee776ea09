#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "newlines.h"
#include "thread.h"

/* One that is worked on, one that is read into. */
enum { BLOCKS = 2 };

struct reader {
	int fd;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *memory[BLOCKS];
	struct reader_block block[BLOCKS];
	/* Counted from the start: blocks read, taken, released. Block i is at i % BLOCKS. */
	size_t read, taken, released;
	bool at_end, stop;
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

static void fill(int fd, struct reader_block *block)
{
	ssize_t got = reader_read(fd, block->data, READER_BLOCK);
	block->error = got < 0 ? errno : 0;
	block->n = got < 0 ? 0 : (size_t)got;
	block->newlines = newlines_find(block->data, block->n, block->newline, READER_NEWLINES);
}

static void *run(void *of)
{
	struct reader *r = of;
	pthread_mutex_lock(&r->lock);
	while (!r->stop && !r->at_end) {
		if (r->read - r->released == BLOCKS) {
			pthread_cond_wait(&r->changed, &r->lock);
			continue;
		}
		struct reader_block *block = &r->block[r->read % BLOCKS];
		pthread_mutex_unlock(&r->lock);
		fill(r->fd, block);
		pthread_mutex_lock(&r->lock);
		r->at_end = block->n == 0;
		r->read++;
		pthread_cond_signal(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void release(struct reader *r)
{
	for (int i = 0; i < BLOCKS; i++) {
		free(r->memory[i]);
		free(r->block[i].newline);
	}
	free(r);
}

struct reader *reader_start(int fd, size_t slack)
{
	if (!thread_helps())
		return NULL;
	struct reader *r = xcalloc(1, sizeof *r);
	*r = (struct reader){.fd = fd};
	for (int i = 0; i < BLOCKS; i++) {
		r->memory[i] = xcalloc(2 * slack + READER_FRONT + READER_BLOCK, 1);
		r->block[i].data = r->memory[i] + slack + READER_FRONT;
		r->block[i].newline = xcalloc(READER_NEWLINES, sizeof(uint32_t));
	}
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (thread_start(&r->thread, run, r))
		return r;
	release(r);
	return NULL;
}

bool reader_is_ready(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	bool ready = r->taken < r->read || r->at_end;
	pthread_mutex_unlock(&r->lock);
	return ready;
}

const struct reader_block *reader_take(struct reader *r)
{
	static const struct reader_block nothing;
	pthread_mutex_lock(&r->lock);
	while (r->taken == r->read && !r->at_end)
		pthread_cond_wait(&r->changed, &r->lock);
	const struct reader_block *block = r->taken < r->read ? &r->block[r->taken++ % BLOCKS] : &nothing;
	pthread_mutex_unlock(&r->lock);
	return block;
}

void reader_release(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->released + 1 < r->taken)
		r->released++;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

void reader_stop(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	release(r);
}
