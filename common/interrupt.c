#include "interrupt.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

static volatile sig_atomic_t came;
static bool ends_the_pipe; /* of whose programs one tells the user */

static void note(int signal)
{
	(void)signal;
	came = 1;
}

static bool is_pipe(int fd, struct stat *st)
{
	return fstat(fd, st) == 0 && (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode));
}

void interrupt_waits_for_input(int fd)
{
	struct stat input, in, out;
	struct sigaction now,
	    once = {.sa_handler = note, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
	if (!is_pipe(STDIN_FILENO, &in) || fstat(fd, &input) < 0 || input.st_ino != in.st_ino ||
	    input.st_dev != in.st_dev)
		return;
	ends_the_pipe = !is_pipe(STDOUT_FILENO, &out);
	if (!came && sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		(void)sigaction(SIGINT, &once, NULL);
}

bool interrupt_came(void)
{
	return came;
}

void interrupt_end(void)
{
	if (!came)
		return;
	if (ends_the_pipe)
		diag(DIAG_INTERRUPTED, NULL);
	(void)raise(SIGINT);
}
