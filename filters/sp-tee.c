/* sp-tee: gives its input to several commands at once, and on to standard output.
 *
 *     $ printf 'syscall\nread\nread\n' | sp-tee -c 'sp-stats -c calls | tail -1 >&2' | tail -1
 *     read
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "reader.h"
#include "ring.h"
#include "writer.h"

enum { SINKS_MAX = 32, PIPE_BYTES = 1 << 20, BLOCK = 1 << 18 };

/* Somebody who gets a copy. */
struct sink {
	const char *command; /* NULL: standard output */
	pid_t pid;
	int fd;	      /* -1: gone */
	size_t ahead; /* bytes at the head of the input pipe that it has already */
};

static struct {
	char **paths;
	struct sink sink[SINKS_MAX];
	int sinks;
	bool ring;
} options = {.sink = {{.fd = STDOUT_FILENO}}, .sinks = 1};

static char block[BLOCK];

/* ---- who gets a copy ---- */

/* Of tokens few may be on the way. A failure costs speed; readers of a ring would find out. */
static void set_size(int pipe, int tokens)
{
	if (options.ring)
		(void)ring_limit(pipe, tokens);
	else
		(void)fcntl(pipe, F_SETPIPE_SZ, PIPE_BYTES);
}

static void start(struct sink *s)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		diag_die(DIAG_OPEN, "a pipe: %s", strerror(errno));
	set_size(ends[1], RING_FAR);
	s->fd = ends[1];
	s->pid = fork();
	if (s->pid < 0)
		diag_die(DIAG_OPEN, "a process: %s", strerror(errno));
	if (s->pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (dup2(ends[0], STDIN_FILENO) >= 0)
			execl("/bin/sh", "sh", "-c", s->command, (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
}

/* One that reads no more gets no more; the others do. */
static void gone(struct sink *s, int error)
{
	if (error != EPIPE)
		diag(DIAG_COPY, "%s: %s", s->command ? s->command : "standard output",
		     strerror(error));
	close(s->fd);
	s->fd = -1;
}

static bool is_anyone_left(void)
{
	for (int i = 0; i < options.sinks; i++)
		if (options.sink[i].fd >= 0)
			return true;
	return false;
}

/* ---- copying ---- */

static bool is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static bool are_pipes(int in)
{
	for (int i = 0; i < options.sinks; i++)
		if (options.sink[i].fd >= 0 && !is_pipe(options.sink[i].fd))
			return false;
	return is_pipe(in);
}

/* Pipes may have been made non-blocking by who shares them. */
static void wait_for(int in, int out)
{
	if (errno != EAGAIN)
		return;
	(void)poll(&(struct pollfd){.fd = in, .events = POLLIN}, 1, -1);
	(void)poll(&(struct pollfd){.fd = out, .events = POLLOUT}, 1, -1);
}

/* What waits in the input pipe goes into the sink's pipe as well, which shares the pages. False: there
 * is no more. */
static bool share(int in, struct sink *s)
{
	ssize_t n;
	while ((n = tee(in, s->fd, PIPE_BYTES, 0)) < 0 && (errno == EINTR || errno == EAGAIN))
		wait_for(in, s->fd);
	if (n < 0)
		gone(s, errno);
	s->ahead = n > 0 ? (size_t)n : 0;
	return n != 0;
}

/* Bytes that all sinks have leave the input pipe. */
static void consume(int in, int nowhere)
{
	size_t all = SIZE_MAX;
	for (int i = 0; i < options.sinks; i++)
		if (options.sink[i].fd >= 0 && options.sink[i].ahead < all)
			all = options.sink[i].ahead;
	for (size_t left = is_anyone_left() ? all : 0; left;) {
		ssize_t n = splice(in, NULL, nowhere, NULL, left, 0);
		if (n <= 0 && errno != EINTR)
			diag_die(DIAG_READ, "standard input: %s", strerror(errno));
		left -= n > 0 ? (size_t)n : 0;
	}
	for (int i = 0; i < options.sinks; i++)
		options.sink[i].ahead -= all;
}

/* tee(2) always copies from the head of the input pipe: a sink that is ahead of the slowest one gets its next
 * bytes only when those that it has already have left the pipe. */
static void copy_pipe(int in)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere < 0)
		diag_die(DIAG_OPEN, "/dev/null: %s", strerror(errno));
	set_size(in, RING_NEAR);
	for (bool more = true; more && is_anyone_left();) {
		for (int i = 0; i < options.sinks && more; i++)
			if (options.sink[i].fd >= 0 && options.sink[i].ahead == 0)
				more = share(in, &options.sink[i]);
		if (more)
			consume(in, nowhere);
	}
	close(nowhere);
}

static void put(struct sink *s, size_t n)
{
	int error = s->fd >= 0 ? writer_write(s->fd, block, n) : 0;
	if (error)
		gone(s, error);
}

static void copy(int in, const char *name)
{
	while (is_anyone_left()) {
		ssize_t n = reader_read(in, block, sizeof block);
		if (n < 0)
			diag(DIAG_READ, "%s: %s", name, strerror(errno));
		if (n <= 0)
			break;
		for (int i = 0; i < options.sinks; i++)
			put(&options.sink[i], (size_t)n);
	}
}

static void copy_file(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int in = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	interrupt_waits_for_input(in);
	if (in < 0)
		diag(DIAG_OPEN, "%s: %s", path, strerror(errno));
	else if (are_pipes(in))
		copy_pipe(in);
	else
		copy(in, is_stdin ? "standard input" : path);
	if (in >= 0 && !is_stdin)
		close(in);
}

/* ---- the end ---- */

/* Everybody sees the end of the input before anybody is waited for. */
static void finish(void)
{
	bool unread = options.sink[0].fd < 0;
	if (!unread)
		output_close(&output_stdout);
	for (int i = 1; i < options.sinks; i++)
		if (options.sink[i].fd >= 0)
			close(options.sink[i].fd);
	for (int i = 1; i < options.sinks; i++) {
		const struct sink *s = &options.sink[i];
		int status = 0;
		while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && interrupt_came())
			continue;
		if (WIFSIGNALED(status))
			diag(DIAG_COMMAND, "%s: %s", s->command, strsignal(WTERMSIG(status)));
		else if (WEXITSTATUS(status) > 1)
			diag(DIAG_COMMAND, "%s: exit status %d", s->command, WEXITSTATUS(status));
		else if (WEXITSTATUS(status) == 1)
			diag(DIAG_COMMAND_NO, "%s", s->command);
	}
	if (unread && diag_status() == 0) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
}

/* ---- command line ---- */

enum { KEY_RING = 0x100 };

static const struct argp_option argp_options[] = {
    {"ring", KEY_RING, NULL, 0, "What comes and goes are places in a ring, which is a file", 0},
    {"command", 'c', "COMMAND", 0, "Give a copy to this command of the shell; may be repeated", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_RING:
		options.ring = true;
		return 0;
	case 'c':
		if (options.sinks == SINKS_MAX)
			argp_error(state, "more than %d commands", SINKS_MAX - 1);
		options.sink[options.sinks++] = (struct sink){.command = arg, .fd = -1};
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .doc = "Give the input to several commands at once, and on to standard output.\v"
	   "Reads standard input when no file is given. Between pipes nothing is copied.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse_only(&argp, argc, argv, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (options.ring) {
		if (!is_pipe(STDOUT_FILENO))
			diag_die(DIAG_USAGE, "--ring: standard output is no pipe");
		set_size(STDOUT_FILENO, RING_FAR);
	}
	for (int i = 1; i < options.sinks; i++)
		start(&options.sink[i]);
	static char *const nothing[] = {"-", NULL};
	char *const *paths = options.paths && options.paths[0] ? options.paths : nothing;
	while (*paths && is_anyone_left())
		copy_file(*paths++);
	finish();
	interrupt_end();
	return diag_status();
}
