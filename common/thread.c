#include "thread.h"

#include <sched.h>
#include <signal.h>

/* Enough for read(), write() and decompression; the default of 8 MiB counts against ulimit -v. */
enum { STACK_BYTES = 256 * 1024 };

static bool never;

void thread_never(void)
{
	never = true;
}

int thread_cores(void)
{
	cpu_set_t cpus;
	return never || sched_getaffinity(0, sizeof cpus, &cpus) < 0 ? 1 : CPU_COUNT(&cpus);
}

bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument)
{
	sigset_t all, before;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	sigdelset(&all, SIGPIPE); /* a write into a closed pipe ends the program */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(thread, &attributes, run, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error == 0;
}

void thread_help(struct thread_helpers *h, void *(*run)(void *), void *argument)
{
	int cores = thread_cores();
	h->n = 0;
	while (h->n < THREAD_HELPERS && h->n < cores - 1 && thread_start(&h->thread[h->n], run, argument))
		h->n++;
}

void thread_helped(struct thread_helpers *h)
{
	while (h->n > 0)
		pthread_join(h->thread[--h->n], NULL);
}
