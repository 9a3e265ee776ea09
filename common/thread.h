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

#endif
