/* interrupted: calls that a signal interrupts, restarts or ends, each once and in the same way on each
 * run: the timers are long against the time that a call needs to begin. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int end[2];

static void nothing(int number)
{
	(void)number;
}

static void feed(int number)
{
	(void)number;
	if (write(end[1], "x", 1) != 1)
		_exit(2);
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	sigaction(number, &action, NULL);
}

static void alarm_soon(void)
{
	struct itimerval once = {.it_value.tv_usec = 15000};
	setitimer(ITIMER_REAL, &once, NULL);
}

static pid_t child_that(void (*does)(void))
{
	pid_t child = fork();
	if (child == 0) {
		does();
		_exit(0);
	}
	return child;
}

static void reads(void)
{
	char c;
	if (read(end[0], &c, 1) < 0)
		_exit(1);
}

static void kills_itself(void)
{
	kill(getpid(), SIGKILL);
}

static void faults(void)
{
	*(volatile int *)16 = 1;
}

static void aborts(void)
{
	raise(SIGUSR1);
}

int main(void)
{
	char c;
	sigset_t none;
	sigemptyset(&none);
	if (pipe(end) < 0)
		return 2;
	handle(SIGALRM, nothing, 0);
	alarm_soon();
	if (read(end[0], &c, 1) >= 0 || errno != EINTR)
		return 2;
	alarm_soon();
	clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_sec = 9}, NULL);
	alarm_soon();
	poll(NULL, 0, 9000);
	alarm_soon();
	pause();
	alarm_soon();
	sigsuspend(&none);
	handle(SIGALRM, feed, SA_RESTART);
	alarm_soon();
	if (read(end[0], &c, 1) != 1) /* restarted; then the handler has written */
		return 2;

	pid_t child = child_that(reads);
	usleep(30000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	waitpid(child_that(kills_itself), NULL, 0);
	waitpid(child_that(faults), NULL, 0);
	waitpid(child_that(aborts), NULL, 0);
	raise(SIGTERM);
	return 0;
}
