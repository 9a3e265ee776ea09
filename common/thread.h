/* thread: threads beside the one that works, for reading (reader.h) and writing (writer.h). */
#ifndef SP_THREAD_H
#define SP_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Whether there is a second core to run it on. */
bool thread_helps(void);

/* With a small stack, and with all signals but SIGPIPE blocked: they are for the thread that works. False
 * when it cannot be had. */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

#endif
