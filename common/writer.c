#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "thread.h"

struct writer {
	int fd, error;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t given, written;
	char *p;  /* what is being written, or the buffer that is free */
	size_t n; /* 0: nothing to do */
	bool stop;
};

int writer_write(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t wrote = write(fd, p, n);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0 && errno == EAGAIN) {
			struct pollfd room = {.fd = fd, .events = POLLOUT};
			(void)poll(&room, 1, -1);
			continue;
		}
		if (wrote < 0)
			return errno;
		p += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

static void *run(void *of)
{
	struct writer *w = of;
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->n && !w->stop)
			pthread_cond_wait(&w->given, &w->lock);
		if (!w->n)
			break;
		pthread_mutex_unlock(&w->lock);
		int error = w->error ? w->error : writer_write(w->fd, w->p, w->n);
		pthread_mutex_lock(&w->lock);
		w->error = error;
		w->n = 0;
		pthread_cond_signal(&w->written);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool writer_is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

struct writer *writer_start(int fd, char *spare)
{
	if (!writer_is_pipe(fd) || thread_cores() == 1)
		return NULL;
	struct writer *w = xcalloc(1, sizeof *w);
	*w = (struct writer){.fd = fd, .p = spare};
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->given, NULL);
	pthread_cond_init(&w->written, NULL);
	if (thread_start(&w->thread, run, w))
		return w;
	free(w);
	return NULL;
}

static void wait_until_written(struct writer *w)
{
	while (w->n)
		pthread_cond_wait(&w->written, &w->lock);
}

char *writer_give(struct writer *w, char *p, size_t n, int *error)
{
	pthread_mutex_lock(&w->lock);
	wait_until_written(w);
	char *free_one = w->p;
	w->p = p;
	w->n = n;
	*error = w->error;
	pthread_cond_signal(&w->given);
	pthread_mutex_unlock(&w->lock);
	return free_one;
}

int writer_stop(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	wait_until_written(w);
	w->stop = true;
	pthread_cond_signal(&w->given);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	int error = w->error;
	free(w->p);
	free(w);
	return error;
}
