/* thread: threads beside the one that works, for reading (reader.h) and writing (writer.h). */
#ifndef SP_THREAD_H
#define SP_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Whether there is a second core to run it on, and thread_never() was not called. */
bool thread_helps(void);

/* Whether there is a core that it may keep busy: standard output may be a pipe, whose reader wants one. */
bool thread_has_core(void);

/* For pipelines that keep all cores busy anyway: there handing over takes time and gains none. */
void thread_never(void);

/* With a small stack, and with all signals but SIGPIPE blocked: they are for the thread that works. False
 * when it cannot be had. */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

#endif
