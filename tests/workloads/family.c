/* family: every way to make a process or thread: fork, vfork and exec, threads, forks of threads and
 * threads of forks, and an execve from a thread that is not the leader. Each thread makes the same
 * calls on each run, but for futex. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;
static int null;

/* Enough short calls that those of several threads meet. */
static void work(const char *who)
{
	for (int i = 0; i < 10; i++)
		if (write(null, who, strlen(who)) < 0 || close(-1) == 0)
			exit(2);
}

static void wait_for(pid_t child)
{
	if (waitpid(child, NULL, 0) != child)
		exit(2);
}

static pid_t fork_child(int status)
{
	pid_t child = fork();
	if (child == 0) {
		work("forked");
		_exit(status);
	}
	return child;
}

static void *thread(void *who)
{
	work(who);
	wait_for(fork_child(3));
	return NULL;
}

static void threads(void)
{
	pthread_t ids[3];
	for (size_t i = 0; i < 3; i++)
		if (pthread_create(&ids[i], NULL, thread, (char *[]){"one", "two", "three"}[i]) != 0)
			exit(2);
	work("leader");
	for (size_t i = 0; i < 3; i++)
		pthread_join(ids[i], NULL);
}

static int ready[2];

static void sleep_for_good(void)
{
	if (write(ready[1], "x", 1) != 1)
		_exit(2);
	pause();
}

static void *sleeper(void *arg)
{
	sleep_for_good();
	return arg;
}

static void *exec_self(void *arg)
{
	char byte;
	for (int i = 0; i < 2; i++)
		if (read(ready[0], &byte, 1) != 1)
			_exit(2);
	usleep(30000); /* until both are in pause() */
	execl(self, self, "exec'ed", (char *)NULL);
	return arg;
}

static void exec_from_a_thread(void)
{
	pid_t child = fork();
	if (child == 0) {
		pthread_t id;
		if (pipe2(ready, O_CLOEXEC) != 0 || pthread_create(&id, NULL, sleeper, NULL) != 0 ||
		    pthread_create(&id, NULL, exec_self, NULL) != 0)
			_exit(2);
		sleep_for_good();
		_exit(2);
	}
	wait_for(child);
}

int main(int argc, char **argv)
{
	self = argv[0];
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (argc > 1) {
		work(argv[1]);
		return 5;
	}
	wait_for(fork_child(7));
	pid_t child = vfork();
	if (child == 0) {
		execl(self, self, "vforked", (char *)NULL);
		_exit(2);
	}
	wait_for(child);
	child = fork();
	if (child == 0) {
		threads();
		_exit(0);
	}
	wait_for(child);
	threads();
	exec_from_a_thread();
	return 0;
}
