#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "input_private.h"
#include "interrupt.h"
#include "sandbox.h"

/* 256 KiB: a read of this size amortises the system call and still fits in L2. */
#ifndef TINY
enum { BUFFER = 256 * 1024, PIPE_BYTES = 1024 * 1024 };
#else
enum { BUFFER = 4 * 1024, PIPE_BYTES = 4 * 1024 };
#endif
enum { QUIET_MS = 100 };

bool input_fd_has_more(struct input_private *s, int ms)
{
	struct pollfd data = {.fd = s->fd, .events = POLLIN};
	return poll(&data, 1, ms) != 0;
}

void input_before_waiting(struct input_private *s, input_has_more *more)
{
	if (!s->blocks || !s->idle || more(s, 0))
		return;
	s->idle();
	if (s->quiet && !more(s, QUIET_MS))
		s->quiet();
}

static ssize_t read_fd(void *self, char *to, size_t n)
{
	struct input_private *s = self;
	if (!s->threaded)
		input_before_waiting(s, input_fd_has_more);
	ssize_t got = reader_read(s->fd, to, n);
	if (got > 0)
		s->taken += (uint64_t)got;
	return got;
}

ssize_t input_read_text(void *self, char *to, size_t n)
{
	struct input_private *s = self;
	return s->compressed ? compressed_read(s->compressed, to, n) : read_fd(s, to, n);
}

/* Behind the last whole line that could be read. */
static void damaged(struct input_private *s)
{
	const char *why = compressed_error(s->compressed);
	struct place at = input_place(&s->in);
	for (const char *p = s->in.next; (p = memchr(p, '\n', (size_t)(s->in.end - p))); p++)
		at.line++;
	diag_at(DIAG_DAMAGED, at, "%s", why ? why : "unknown reason");
}

void input_failed(struct input_private *s, int error)
{
	if (s->compressed)
		damaged(s);
	else
		diag_at(DIAG_READ, (struct place){.file = s->in.file}, "%s",
		        s->ring && error == ESTALE ? "rows of the ring were written over before they were read"
		                                   : strerror(error));
}

size_t input_fetch(struct input_private *s, char *to, size_t n)
{
	ssize_t got = input_read_text(s, to, n);
	diag_progress(s->taken, s->total);
	if (got < 0)
		input_failed(s, errno);
	if (got <= 0)
		s->at_end = true;
	s->fetched += got > 0 ? (size_t)got : 0;
	return got > 0 ? (size_t)got : 0;
}

size_t input_fetch_block(struct input_private *s, const char *token, struct ring_block *block)
{
	if (s->at_end)
		return 0;
	if (!token)
		input_before_waiting(s, input_fd_has_more);
	ssize_t got = ring_next(s->ring, s->fd, token, block);
	if (got < 0)
		input_failed(s, errno);
	s->at_end = got <= 0;
	return got > 0 ? (size_t)got : 0;
}

static void close_file(struct input_private *s)
{
	if (s->ring)
		ring_close(s->ring);
	s->ring = NULL;
	if (s->reader)
		reader_stop(s->reader);
	s->reader = NULL;
	s->threaded = false;
	if (s->compressed)
		compressed_close(s->compressed);
	s->compressed = NULL;
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
}

/* Nothing will be opened after the last file of the last input. */
static void confine(const struct input_private *s)
{
	if (s->last && s->is_open && !*s->paths)
		(void)sandbox_enter();
}

static const char *ring_path;

void input_through_ring(const char *path)
{
	ring_path = path;
}

/* Whether rows come through the ring: the first bytes tell. The file is there when there is a token. */
static bool take_ring(struct input_private *s)
{
	struct input *in = &s->in;
	size_t got;
	while ((size_t)(in->end - in->next) < RING_TOKEN &&
	       (got = input_fetch(s, in->end, RING_TOKEN - (size_t)(in->end - in->next))) > 0) {
		in->end += got;
		if (!ring_is_token(str_between(in->next, in->end)))
			return true;
	}
	size_t have = (size_t)(in->end - in->next);
	if (have == 0)
		return true;
	errno = EIO;
	s->ring = have == RING_TOKEN ? ring_open(ring_path) : NULL;
	if (!s->ring) {
		diag(DIAG_OPEN, "%s: %s", ring_path, strerror(errno));
		return false;
	}
	char page[RING_TOKEN];
	memcpy(page, in->next, sizeof page);
	in->next = in->end;
	return input_take_from_ring(s, page);
}

/* Enough to tell a compressed file from text, without waiting for more than one line. */
static struct str first_bytes(struct input_private *s)
{
	size_t room = s->cap < BUFFER ? s->cap : BUFFER, have = (size_t)(s->in.end - s->in.next), got;
	while (have < COMPRESSED_MAGIC && (got = input_fetch(s, s->in.next + have, room - have)) > 0)
		have += got;
	s->in.end = s->in.next + have;
	return (struct str){s->in.next, have};
}

static bool open_file(struct input_private *s, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	s->in.file = path;
	s->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (s->fd < 0 || fstat(s->fd, &st) < 0) {
		diag(DIAG_OPEN, "%s: %s", path, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		diag(DIAG_OPEN, "%s: is a directory", path);
		close_file(s);
		return false;
	}
	s->is_open = true;
	interrupt_waits_for_input(s->fd);
	s->blocks = !S_ISREG(st.st_mode);
	s->at_end = false;
	s->fetched = 0;
	s->in.line = 0;
	s->in.cut = false;
	s->in.next = s->in.end = s->buffer + INPUT_SLACK;
	s->in.newlines = s->in.next_newline = 0;
	s->in.prepared = NULL;
	s->in.columns = 0;
	s->preparation = (struct reader_preparation){0};
	if (is_stdin && ring_path && S_ISFIFO(st.st_mode) && s->cap >= RING_TOKEN && !take_ring(s)) {
		close_file(s);
		return false;
	}
	confine(s);
	if (S_ISFIFO(st.st_mode) && !s->ring) /* failing to enlarge a pipe only costs speed */
		(void)fcntl(s->fd, F_SETPIPE_SZ, PIPE_BYTES);
	else if (S_ISREG(st.st_mode))
		(void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (s->ring)
		return true;

	struct str head = first_bytes(s);
	if (compressed_is(head)) {
		s->at_end = false;
		s->compressed = compressed_open(head, read_fd, s);
		if (compressed_is_broken(s->compressed)) {
			damaged(s);
			close_file(s);
			return false;
		}
		s->in.end = s->in.next;
		head = first_bytes(s);
	}
	if (str_starts(head, STR("\xef\xbb\xbf"))) /* the mark that some editors put in front of UTF-8 */
		s->in.next += 3;
	return true;
}

struct input *input_open(char *const *paths)
{
	return input_open_sized(paths, BUFFER);
}

/* Of all files together; 0 when there are others among them. */
static uint64_t size_of(char *const *paths)
{
	uint64_t total = 0;
	struct stat st;
	for (; *paths; paths++) {
		bool is_stdin = strcmp(*paths, "-") == 0;
		if ((is_stdin ? fstat(STDIN_FILENO, &st) : stat(*paths, &st)) < 0 || !S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

struct input *input_open_sized(char *const *paths, size_t buffer)
{
	static char *const only_stdin[] = {"-", NULL};
	struct input_private *s = xcalloc(1, sizeof *s);
	s->in.self = s;
	s->in.file = "-";
	s->fd = -1;
	s->cap = buffer;
	s->no_thread = buffer != BUFFER; /* one of many */
	s->buffer = xcalloc(INPUT_SLACK + s->cap + INPUT_SLACK, 1);
	s->in.next = s->in.end = s->buffer + INPUT_SLACK;
	s->paths = paths && *paths ? paths : only_stdin;
	s->total = size_of(s->paths);
	s->last = sandbox_is_arguments(paths);
	return &s->in;
}

bool input_next_file(struct input *in)
{
	struct input_private *s = self_of(in);
	close_file(s);
	while (*s->paths)
		if (open_file(s, *s->paths++))
			return true;
	diag_progress_end();
	return false;
}

void input_last(struct input *in)
{
	struct input_private *s = self_of(in);
	s->last = true;
	confine(s);
}

void input_read_ahead(struct input *in)
{
	self_of(in)->pipes_ahead = true;
}

void input_prepare(struct input *in, struct reader_preparation preparation)
{
	self_of(in)->preparation = preparation;
}

void input_when_idle(struct input *in, void (*idle)(void), void (*quiet)(void))
{
	self_of(in)->idle = idle;
	self_of(in)->quiet = quiet;
}

void input_close(struct input *in)
{
	struct input_private *s = self_of(in);
	close_file(s);
	free(s->buffer);
	free(s);
}
