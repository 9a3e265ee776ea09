/* threads [THREADS [ROUNDS]]: threads that make short calls, contend for one lock and now and then
 * wait, so that a trace of it is full of split calls, futex errors and time-outs. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int rounds = 200;

static void wait_in_vain(void)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 2000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	pthread_cond_timedwait(&never, &lock, &until);
	pthread_mutex_unlock(&lock);
}

static void *work(void *arg)
{
	char block[4096];
	int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);
	if (zero < 0 || null < 0)
		return arg;
	for (int i = 0; i < rounds; i++) {
		pthread_mutex_lock(&lock);
		ssize_t got = read(zero, block, (size_t)(i % 4 + 1) * 1024);
		pthread_mutex_unlock(&lock);
		if (got > 0 && write(null, block, (size_t)got) != got)
			break;
		if (pread(zero, block, 512, i * 512) != 512 || access("/nonexistent", F_OK) == 0)
			break;
		if (i % 50 == 49)
			wait_in_vain();
		if (i % 10 == 9)
			nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
	}
	close(zero);
	close(null);
	return NULL;
}

int main(int argc, char **argv)
{
	enum { MOST = 256 };
	pthread_t thread[MOST];
	int n = argc > 1 ? atoi(argv[1]) : 8;
	if (argc > 2)
		rounds = atoi(argv[2]);
	if (n < 1 || n > MOST)
		return 2;
	for (int i = 0; i < n; i++) {
		errno = pthread_create(&thread[i], NULL, work, NULL);
		if (errno) {
			perror("pthread_create");
			return 2;
		}
	}
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
