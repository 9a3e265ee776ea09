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
_Static_assert((int)NEWLINES_STEP <= (int)INPUT_SLACK, "a step may begin at the last byte of the input");

/* As input_fd_has_more. */
typedef bool has_more(struct input_private *s, int ms);

bool input_fd_has_more(struct input_private *s, int ms)
{
	struct pollfd data = {.fd = s->fd, .events = POLLIN};
	return poll(&data, 1, ms) != 0;
}

static bool reader_has_more(struct input_private *s, int ms)
{
	return reader_is_ready(s->reader, ms);
}

static void before_waiting(struct input_private *s, has_more *more)
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
		before_waiting(s, input_fd_has_more);
	ssize_t got = reader_read(s->fd, to, n);
	if (got > 0)
		s->taken += (uint64_t)got;
	return got;
}

static ssize_t read_text(void *self, char *to, size_t n)
{
	struct input_private *s = self;
	return s->compressed ? compressed_read(s->compressed, to, n) : read_fd(s, to, n);
}

static void damaged(struct input_private *s)
{
	const char *why = compressed_error(s->compressed);
	diag_at(DIAG_DAMAGED, input_place(&s->in), "%s", why ? why : "unknown reason");
}

static void failed(struct input_private *s, int error)
{
	if (s->compressed)
		damaged(s);
	else
		diag_at(DIAG_READ, (struct place){.file = s->in.file}, "%s", strerror(error));
}

/* Reads up to n bytes, decompressed; 0 at the end of the file, or after an error, which is reported. */
static size_t fetch(struct input_private *s, char *to, size_t n)
{
	ssize_t got = read_text(s, to, n);
	diag_progress(s->taken, s->total);
	if (got < 0)
		failed(s, errno);
	if (got <= 0)
		s->at_end = true;
	s->fetched += got > 0 ? (size_t)got : 0;
	return got > 0 ? (size_t)got : 0;
}

static void close_file(struct input_private *s)
{
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
	if (is_stdin)
		interrupt_waits_for_input();
	confine(s);
	s->blocks = !S_ISREG(st.st_mode);
	if (S_ISFIFO(st.st_mode)) /* failing to enlarge a pipe only costs speed */
		(void)fcntl(s->fd, F_SETPIPE_SZ, PIPE_BYTES);
	else if (S_ISREG(st.st_mode))
		(void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	s->at_end = false;
	s->fetched = 0;
	s->in.line = 0;
	s->in.cut = false;
	s->in.next = s->in.end = s->buffer + INPUT_SLACK;
	s->in.newlines = s->in.next_newline = 0;
	s->in.prepared = NULL;
	s->preparation = (struct reader_preparation){0};

	/* Enough bytes to tell a compressed file from text, without waiting for more than one line. */
	size_t first = s->cap < BUFFER ? s->cap : BUFFER, have = 0, got;
	while (have < COMPRESSED_MAGIC && (got = fetch(s, s->in.next + have, first - have)) > 0)
		have += got;
	struct str head = {s->in.next, have};
	if (!compressed_is(head)) {
		s->in.end = s->in.next + have;
		if (str_starts(head, STR("\xef\xbb\xbf"))) /* the mark that some editors put in front of UTF-8 */
			s->in.next += 3;
		return true;
	}
	s->at_end = false;
	s->compressed = compressed_open(head, read_fd, s);
	if (!compressed_is_broken(s->compressed))
		return true;
	damaged(s);
	close_file(s);
	return false;
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

/* What is left goes to the front of the buffer, which has room for so many bytes. */
static void keep_rest(struct input_private *s, size_t room)
{
	struct input *in = &s->in;
	size_t have = (size_t)(in->end - in->next);
	if (room <= s->cap) {
		memmove(s->buffer + INPUT_SLACK, in->next, have);
	} else {
		char *grown = xcalloc(INPUT_SLACK + room + INPUT_SLACK, 1);
		memcpy(grown + INPUT_SLACK, in->next, have);
		free(s->buffer);
		s->buffer = grown;
		s->cap = room;
	}
	in->next = s->buffer + INPUT_SLACK;
	in->end = in->next + have;
}

/* The next block, what is left put in front of it; behind what is left, when that is long. */
static bool take_block(struct input_private *s)
{
	struct input *in = &s->in;
	size_t have = (size_t)(in->end - in->next), n;
	before_waiting(s, reader_has_more);
	const struct reader_block *block = reader_take(s->reader);
	diag_progress(s->taken, s->total);
	if (block->error)
		failed(s, block->error);
	if (!(n = block->n))
		return false;
	if (have <= READER_FRONT) {
		memcpy(block->data - have, in->next, have);
		in->next = block->data - have;
		in->ahead = block->data;
		in->prepared = block->prepared;
	} else {
		keep_rest(s, have + n <= s->cap ? s->cap : 2 * (have + n));
		memcpy(in->end, block->data, n);
		in->ahead = in->end;
	}
	in->end = in->ahead + n;
	in->newline = block->newline;
	in->newlines = block->newlines;
	reader_release(s->reader);
	return true;
}

/* A thread goes on where the file has turned out to be worth one. */
static void consider_reader(struct input_private *s)
{
	if (s->threaded || s->no_thread || (s->blocks && !s->pipes_ahead) || s->fetched < READER_WORTH)
		return;
	s->threaded = true; /* which the thread itself looks at */
	s->reader = reader_start((struct reader_source){read_text, s}, INPUT_SLACK, s->preparation);
	if (!s->reader) {
		s->threaded = false;
		s->no_thread = true;
	}
}

void input_forget_newlines(struct input *in)
{
	in->newlines = in->next_newline = 0;
	in->prepared = NULL;
}

bool input_read_more(struct input_private *s)
{
	struct input *in = &s->in;
	input_forget_newlines(in);
	consider_reader(s);
	if (s->reader)
		return take_block(s);
	keep_rest(s, (size_t)(in->end - in->next) == s->cap ? 2 * s->cap : s->cap);
	size_t got = s->at_end ? 0 : fetch(s, in->end, s->cap - (size_t)(in->end - in->next));
	in->end += got;
	return got > 0;
}

/* The next line where look_ahead found no newline. */
static bool rest_of_buffer(struct input *in, struct str *line)
{
	char *nl = NULL;
	for (size_t searched = 0; !nl;) {
		size_t have = (size_t)(in->end - in->next);
		nl = memchr(in->next + searched, '\n', have - searched);
		searched = have;
		if (!nl && !input_read_more(self_of(in)))
			break;
	}
	if (!nl && in->end == in->next)
		return false;
	in->cut = !nl;
	in->next_newline = in->newlines > 0; /* a block was read: this line ended at its first newline */
	*line = str_between(in->next, nl ? nl : in->end);
	in->next = nl ? nl + 1 : in->end;
	in->line++;
	return true;
}

/* Finds the newlines in the next bytes: none where the next line is not whole, or longer than INPUT_AHEAD. */
static void look_ahead(struct input *in)
{
	struct input_private *s = self_of(in);
	size_t left = (size_t)(in->end - in->next);
	in->ahead = in->next;
	in->prepared = NULL;
	in->newline = s->newline;
	in->newlines = newlines_find(in->next, left < INPUT_AHEAD ? left : INPUT_AHEAD, s->newline,
				     sizeof s->newline / sizeof *s->newline);
	in->next_newline = 0;
}

bool input_line_slow(struct input *in, struct str *line)
{
	look_ahead(in);
	return in->newlines ? input_line(in, line) : rest_of_buffer(in, line);
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
