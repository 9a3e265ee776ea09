#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "ring.h"

/* 128 KiB fits in L2 beside the input buffer; larger gained nothing in measurements. */
enum { BUFFER = 128 * 1024, PIPE_BYTES = 1024 * 1024 };

/* A writer is started when the buffer was full so often: short output is not worth one. */
enum { FILLED_BEFORE_WRITER = 16 };

struct output output_stdout = {.fd = STDOUT_FILENO, .name = "standard output"};

void output_open(struct output *out, const char *path)
{
	if (strcmp(path, "-") == 0)
		diag_die(DIAG_WRITE, "-: standard output is taken; name a file, such as /dev/stderr");
	*out = (struct output){.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
			       .name = path};
	if (out->fd < 0)
		diag_die(DIAG_WRITE, "%s: %s", path, strerror(errno));
}

void output_through_ring(struct output *out, const char *path, enum ring_readers readers)
{
	out->ring = ring_create(path, readers, out->fd);
	if (!out->ring)
		return;
	out->rows = ring_rows(out->ring);
	out->p = ring_room(out->ring);
	out->cap = RING_BLOCK;
}

static void allocate(struct output *out, size_t cap)
{
	if (out->ring)
		out->p = NULL; /* until it is flushed */
	else if (!out->p) /* a failure to enlarge a pipe, or not being one, does not matter */
		(void)fcntl(out->fd, F_SETPIPE_SZ, PIPE_BYTES);
	out->p = xrealloc(out->p, cap + OUTPUT_SLACK, 1);
	out->cap = cap;
}

static void check(const struct output *out, int error)
{
	if (error)
		diag_die(DIAG_WRITE, "%s: %s", out->name, strerror(error));
}

/* Waits until the writer, if there is one, is done with everything. */
static void stop_writer(struct output *out)
{
	if (out->writer)
		check(out, writer_stop(out->writer));
	out->writer = NULL;
}

/* The buffer is empty. */
static void consider_writer(struct output *out)
{
	if (out->ring || out->filled > FILLED_BEFORE_WRITER || out->cap > WRITER_BUFFER ||
	    ++out->filled <= FILLED_BEFORE_WRITER)
		return;
	char *spare = xrealloc(NULL, WRITER_BUFFER + OUTPUT_SLACK, 1);
	out->writer = writer_start(out->fd, spare);
	if (out->writer)
		allocate(out, WRITER_BUFFER);
	else
		free(spare);
}

char *output_reserve_slow(struct output *out, size_t n)
{
	if (!out->p)
		allocate(out, BUFFER);
	if (out->cap - out->n < n) {
		output_flush(out);
		consider_writer(out);
	}
	if (out->cap < n) {
		stop_writer(out); /* its buffers are smaller */
		allocate(out, n);
	}
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

/* What is in a buffer larger than a block is copied. */
static int flush_ring(struct output *out, size_t n)
{
	int error = 0;
	char *p = out->p;
	out->p = ring_room(out->ring);
	out->cap = RING_BLOCK;
	for (size_t at = 0, piece; at < n && !error; at += piece) {
		piece = n - at < RING_BLOCK ? n - at : RING_BLOCK;
		if (p != out->p)
			memcpy(ring_room(out->ring), p + at, piece);
		error = ring_give(out->ring, piece);
	}
	if (p != out->p)
		free(p);
	out->p = ring_room(out->ring);
	return error;
}

void output_flush(struct output *out)
{
	size_t n = out->n;
	int error = 0;
	out->n = 0;
	if (out->ring)
		error = flush_ring(out, n);
	else if (out->writer && n)
		out->p = writer_give(out->writer, out->p, n, &error);
	else
		error = writer_write(out->fd, out->p, n);
	check(out, error);
}

void output_flush_stdout(void)
{
	output_flush(&output_stdout);
}

void output_close(struct output *out)
{
	output_flush(out);
	stop_writer(out);
	/* close() reports what a network file system could not write. */
	if (close(out->fd) < 0 && errno != EINTR)
		diag_die(DIAG_WRITE, "%s: %s", out->name, strerror(errno));
	if (out->ring)
		ring_close(out->ring);
	else
		free(out->p);
	*out = (struct output){.fd = -1, .name = out->name};
}
