#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "thread.h"

/* One that is worked on, one that is read into. */
enum { BLOCKS = 2 };

struct reader {
	int fd, error;
	size_t slack;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *block[BLOCKS];
	size_t n[BLOCKS];
	/* Counted from the start: blocks read, taken, released. Block i is at i % BLOCKS. */
	size_t read, taken, released;
	bool at_end, stop;
};

static char *data(const struct reader *r, size_t i)
{
	return r->block[i % BLOCKS] + r->slack + READER_FRONT;
}

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

static void *run(void *of)
{
	struct reader *r = of;
	pthread_mutex_lock(&r->lock);
	while (!r->stop && !r->at_end) {
		if (r->read - r->released == BLOCKS) {
			pthread_cond_wait(&r->changed, &r->lock);
			continue;
		}
		char *to = data(r, r->read);
		pthread_mutex_unlock(&r->lock);
		ssize_t got = reader_read(r->fd, to, READER_BLOCK);
		int error = got < 0 ? errno : 0;
		pthread_mutex_lock(&r->lock);
		r->error = error;
		r->at_end = got <= 0;
		r->n[r->read % BLOCKS] = got > 0 ? (size_t)got : 0;
		r->read++;
		pthread_cond_signal(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

struct reader *reader_start(int fd, size_t slack)
{
	if (!thread_helps())
		return NULL;
	struct reader *r = xcalloc(1, sizeof *r);
	*r = (struct reader){.fd = fd, .slack = slack};
	for (int i = 0; i < BLOCKS; i++)
		r->block[i] = xcalloc(2 * slack + READER_FRONT + READER_BLOCK, 1);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (thread_start(&r->thread, run, r))
		return r;
	for (int i = 0; i < BLOCKS; i++)
		free(r->block[i]);
	free(r);
	return NULL;
}

bool reader_is_ready(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	bool ready = r->taken < r->read || r->at_end;
	pthread_mutex_unlock(&r->lock);
	return ready;
}

char *reader_take(struct reader *r, size_t *n, int *error)
{
	pthread_mutex_lock(&r->lock);
	while (r->taken == r->read && !r->at_end)
		pthread_cond_wait(&r->changed, &r->lock);
	char *block = data(r, r->taken);
	bool some = r->taken < r->read;
	*n = some ? r->n[r->taken % BLOCKS] : 0;
	*error = some && *n == 0 ? r->error : 0;
	r->taken += some;
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
	for (int i = 0; i < BLOCKS; i++)
		free(r->block[i]);
	free(r);
}
