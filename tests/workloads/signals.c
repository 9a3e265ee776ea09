/* signals [ROUNDS]: calls that a signal interrupts or restarts, and children that are killed while
 * they wait, stopped and continued. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nothing(int number)
{
	(void)number;
}

static void kill_a_reader(void)
{
	int end[2];
	char c;
	if (pipe(end) < 0)
		exit(2);
	pid_t child = fork();
	if (child == 0)
		_exit(read(end[0], &c, 1) < 0);
	usleep(2000);
	kill(child, SIGSTOP);
	waitpid(child, NULL, WUNTRACED);
	kill(child, SIGCONT);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(end[0]);
	close(end[1]);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 100;
	struct sigaction restart = {.sa_handler = nothing, .sa_flags = SA_RESTART};
	sigaction(SIGALRM, &restart, NULL);
	/* Repeated: under a tracer the first may come before the call. */
	struct itimerval often = {.it_value.tv_usec = 1000, .it_interval.tv_usec = 5000}, never = {0};
	for (int i = 0; i < rounds; i++) {
		int end[2];
		char c;
		setitimer(ITIMER_REAL, &often, NULL);
		switch (i % 4) {
		case 0: /* never restarted */
			poll(NULL, 0, 20);
			break;
		case 1: /* restarted by restart_syscall when the handler is SIG_IGN; else EINTR */
			nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
			break;
		case 2: /* restarted because of SA_RESTART: waits until the child writes */
			if (pipe(end) < 0)
				return 2;
			if (fork() == 0) {
				usleep(3000);
				_exit(write(end[1], "x", 1) != 1);
			}
			if (read(end[0], &c, 1) != 1)
				return 2;
			close(end[0]);
			close(end[1]);
			wait(NULL);
			break;
		case 3:
			pause();
			break;
		}
		setitimer(ITIMER_REAL, &never, NULL);
	}
	for (int i = 0; i < rounds / 10 + 1; i++)
		kill_a_reader();
	return 0;
}
