/* thread: threads beside the one that works, for reading (reader.h) and writing (writer.h). */
#ifndef SP_THREAD_H
#define SP_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* How many cores there are for this program and its neighbours in a pipe; 1 after thread_never(). */
int thread_cores(void);

/* For pipelines that keep all cores busy anyway: there handing over takes time and gains none. */
void thread_never(void);

/* With a small stack, and with all signals but SIGPIPE blocked: they are for the thread that works. False
 * when it cannot be had. */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

/* Threads for the cores that are idle beside the one that works, a few at most, all for the same; and waits for their
 * ends. None, where there is one core or no thread can be had: who works does it all. */
enum { THREAD_HELPERS = 3 };
struct thread_helpers {
	pthread_t thread[THREAD_HELPERS];
	int n;
};
void thread_help(struct thread_helpers *h, void *(*run)(void *), void *argument);
void thread_helped(struct thread_helpers *h);

#endif
