#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"

/* 128 KiB fits in L2 beside the input buffer; larger gained nothing in measurements. */
enum { BUFFER = 128 * 1024, PIPE_BYTES = 1024 * 1024 };

struct output output_stdout = {.fd = STDOUT_FILENO, .name = "standard output"};

void output_open(struct output *out, const char *path)
{
	if (strcmp(path, "-") == 0) {
		*out = (struct output){.fd = STDOUT_FILENO, .name = "standard output"};
		return;
	}
	*out = (struct output){.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
			       .name = path};
	if (out->fd < 0)
		diag_die(DIAG_WRITE, "%s: %s", path, strerror(errno));
}

static void allocate(struct output *out, size_t cap)
{
	if (!out->p) /* a failure to enlarge a pipe, or not being one, does not matter */
		(void)fcntl(out->fd, F_SETPIPE_SZ, PIPE_BYTES);
	out->p = xrealloc(out->p, cap + OUTPUT_SLACK, 1);
	out->cap = cap;
}

char *output_reserve_slow(struct output *out, size_t n)
{
	if (!out->p)
		allocate(out, BUFFER);
	if (out->cap - out->n < n)
		output_flush(out);
	if (out->cap < n)
		allocate(out, n);
	return out->p + out->n;
}

void output_str(struct output *out, struct str s)
{
	char *p = output_reserve(out, s.n);
	if (s.n)
		memcpy(p, s.p, s.n);
	output_commit(out, p + s.n);
}

void output_char(struct output *out, char c)
{
	output_str(out, (struct str){&c, 1});
}

void output_printf(struct output *out, const char *format, ...)
{
	struct buf text = {0};
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	char *p = buf_reserve(&text, (size_t)n + 1);
	va_start(ap, format);
	vsnprintf(p, (size_t)n + 1, format, ap);
	va_end(ap);
	output_str(out, (struct str){p, (size_t)n});
	buf_free(&text);
}

void output_flush(struct output *out)
{
	const char *p = out->p;
	size_t left = out->n;
	out->n = 0;
	while (left) {
		ssize_t wrote = write(out->fd, p, left);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0 && errno == EAGAIN) { /* somebody else made it non-blocking */
			struct pollfd room = {.fd = out->fd, .events = POLLOUT};
			(void)poll(&room, 1, -1);
			continue;
		}
		if (wrote < 0)
			diag_die(DIAG_WRITE, "%s: %s", out->name, strerror(errno));
		p += wrote;
		left -= (size_t)wrote;
	}
}

void output_close(struct output *out)
{
	output_flush(out);
	/* close() reports what a network file system could not write. */
	if (close(out->fd) < 0 && errno != EINTR)
		diag_die(DIAG_WRITE, "%s: %s", out->name, strerror(errno));
	free(out->p);
	*out = (struct output){.fd = -1, .name = out->name};
}
