#include "input.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

enum { KIB = 1024, BUFFER = 256 * KIB };

static char path[] = "/tmp/sp-unit-input-XXXXXX";

/* A file of these lines; each of `n` bytes, the i-th all 'a' + i. */
static void make_file(const size_t *n, size_t lines, bool last_newline)
{
	strcpy(path + sizeof path - 7, "XXXXXX");
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < lines; i++) {
		for (size_t j = 0; j < n[i]; j++)
			putc('a' + (int)i, f);
		if (last_newline || i + 1 < lines)
			putc('\n', f);
	}
	ck_assert_int_eq(fclose(f), 0);
}

/* Reads what make_file made and looks at every byte, the slack on both sides, and the end. */
static void check_file(char *const *paths, const size_t *n, size_t lines, bool last_newline)
{
	static volatile char sink;
	struct input *in = input_open(paths);
	struct str line;
	ck_assert(input_next_file(in));
	for (size_t i = 0; i < lines; i++) {
		ck_assert(input_line(in, &line));
		ck_assert_uint_eq(line.n, n[i]);
		ck_assert_uint_eq(in->line, i + 1);
		ck_assert(in->cut == (!last_newline && i + 1 == lines));
		size_t same = 0;
		while (same < line.n && line.p[same] == 'a' + (int)i)
			same++;
		ck_assert_uint_eq(same, line.n);
		for (int j = 1; j <= INPUT_SLACK; j++)
			sink = line.p[-j];
		for (int j = 0; j < INPUT_SLACK; j++)
			sink = line.p[line.n + (size_t)j];
		((char *)line.p)[line.n] = '!'; /* may be overwritten */
	}
	(void)sink;
	ck_assert(!input_line(in, &line));
	ck_assert(!input_line(in, &line));
	ck_assert(!input_next_file(in));
	input_close(in);
}

static void check_lines(const size_t *n, size_t lines)
{
	for (int newline = 0; newline < 2; newline++) {
		make_file(n, lines, newline);
		check_file((char *const[]){path, NULL}, n, lines, newline);
		unlink(path);
	}
}

START_TEST(lines_around_the_size_of_the_buffer)
{
	static const size_t sizes[] = {1,	   2,	       63,	   64,	       255 * KIB,
				       BUFFER - 2, BUFFER - 1, BUFFER,	   BUFFER + 1, 2 * BUFFER,
				       3 * KIB * KIB};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		check_lines(sizes + i, 1);
		check_lines((size_t[]){1, sizes[i], 1}, 3);
		check_lines((size_t[]){sizes[i], sizes[i], sizes[i]}, 3);
		check_lines((size_t[]){BUFFER - 1, sizes[i], 5, sizes[i], 1}, 5);
	}
}
END_TEST

START_TEST(empty_lines_are_lines)
{
	size_t none[300] = {0};
	make_file(none, 300, true);
	check_file((char *const[]){path, NULL}, none, 300, true);
	unlink(path);
}
END_TEST

START_TEST(an_empty_file_has_no_line)
{
	make_file(NULL, 0, true);
	check_file((char *const[]){path, NULL}, NULL, 0, true);
	unlink(path);
}
END_TEST

/* Lengths of lines in a file large enough for a thread that reads it: runs of short and empty ones, of which
 * a block has more newlines than are noted, and ones longer than what fits in front of a block, or in one. */
static size_t next_length(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	uint64_t random = *state >> 33, run = *state >> 56;
	if (run < 40)
		return random % 3;
	return random % 4000 == 0 ? random % (600 * KIB) : random % 300;
}

struct length {
	const char *end;
	size_t n;
};

static void prepare_lengths(void *records, const char *data, const uint32_t *newline, size_t lines)
{
	struct length *of = records;
	for (size_t i = 0; i < lines; i++)
		of[i] = (struct length){data + newline[i], i ? newline[i] - newline[i - 1] - 1 : SIZE_MAX};
}

START_TEST(large_files_are_read_ahead)
{
	size_t prepared = 0;
	enum { BYTES = 48 * KIB * KIB };
	static char a[600 * KIB];
	strcpy(path + sizeof path - 7, "XXXXXX");
	FILE *f = fdopen(mkstemp(path), "w");
	memset(a, 'a', sizeof a);
	uint64_t state = 1;
	for (int empty = 0; empty < 2; empty++) /* a long run of empty lines at the end */
		for (size_t n, sum = empty ? BYTES - 300 * KIB : 0; sum < BYTES; sum += n + 1) {
			n = empty ? 0 : next_length(&state);
			ck_assert_uint_eq(fwrite(a, 1, n, f), n);
			putc('\n', f);
		}
	ck_assert_int_eq(fclose(f), 0);

	struct input *in = input_open((char *const[]){path, NULL});
	struct str line;
	input_read_ahead(in);
	ck_assert(input_next_file(in));
	input_prepare(in, (struct reader_preparation){sizeof(struct length), prepare_lengths});
	state = 1;
	for (int empty = 0; empty < 2; empty++)
		for (size_t n, sum = empty ? BYTES - 300 * KIB : 0; sum < BYTES; sum += n + 1) {
			n = empty ? 0 : next_length(&state);
			ck_assert(input_line(in, &line));
			ck_assert_uint_eq(line.n, n);
			ck_assert(n == 0 || (line.p[0] == 'a' && line.p[n - 1] == 'a'));
			const struct length *ready = input_prepared(in, sizeof *ready);
			if (!ready || ready->end != line.p + n)
				continue;
			prepared++;
			ck_assert(ready->n == n || ready->n == SIZE_MAX); /* one that began in the block before */
		}
	ck_assert(!input_line(in, &line));
	ck_assert(prepared > 0 || !reader_has_core());
	input_close(in);
	unlink(path);
}
END_TEST

static void write_text(const char *text, size_t n)
{
	strcpy(path + sizeof path - 7, "XXXXXX");
	int fd = mkstemp(path);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	close(fd);
}

START_TEST(bytes_are_left_as_they_are)
{
	static const char text[] = "a\r\n\0b\0\r\r\n\377\n";
	write_text(text, sizeof text - 1);
	struct input *in = input_open((char *const[]){path, NULL});
	struct str line;
	ck_assert(input_next_file(in));
	ck_assert(input_line(in, &line));
	assert_str(line, "a\r");
	ck_assert(input_line(in, &line));
	assert_str(line, "\0b\0\r\r");
	ck_assert(input_line(in, &line));
	assert_str(line, "\377");
	ck_assert(!input_line(in, &line));
	input_close(in);
	unlink(path);
}
END_TEST

/* Files are separate: a cut last line of one does not join the first of the next, and numbering
 * starts again. Those that cannot be opened are reported and left out. */
START_TEST(several_files)
{
	write_text("one\ntwo", 7);
	char *const paths[] = {path, "/nonexistent/trace", "/tmp", path, NULL};
	struct input *in = input_open(paths);
	struct str line;
	freopen("/dev/null", "w", stderr);
	for (int i = 0; i < 2; i++) {
		ck_assert(input_next_file(in));
		ck_assert_str_eq(in->file, path);
		ck_assert(input_line(in, &line));
		assert_str(line, "one");
		ck_assert_uint_eq(in->line, 1);
		ck_assert(!in->cut);
		ck_assert(input_line(in, &line));
		assert_str(line, "two");
		ck_assert_uint_eq(in->line, 2);
		ck_assert(in->cut);
		ck_assert_int_eq(diag_status(), i ? 2 : 0);
		ck_assert(!input_line(in, &line));
	}
	ck_assert(!input_next_file(in));
	input_close(in);
	unlink(path);
}
END_TEST

/* The rest of a file may be left unread. */
START_TEST(next_file_in_the_middle_of_one)
{
	write_text("one\ntwo\n", 8);
	struct input *in = input_open((char *const[]){path, path, NULL});
	struct str line;
	ck_assert(input_next_file(in));
	ck_assert(input_line(in, &line));
	ck_assert(input_next_file(in));
	ck_assert(input_line(in, &line));
	assert_str(line, "one");
	ck_assert(input_line(in, &line));
	assert_str(line, "two");
	ck_assert(!input_line(in, &line));
	input_close(in);
	unlink(path);
}
END_TEST

static int idle_calls;

static void idle(void)
{
	idle_calls++;
}

/* A pipe hands out a line as soon as it is there, in whatever pieces it comes; standard input is the
 * default; a wait is announced. */
START_TEST(a_slow_pipe)
{
	int pipe_fd[2];
	ck_assert_int_eq(pipe(pipe_fd), 0);
	if (fork() == 0) {
		close(pipe_fd[0]);
		static const char text[] = "o\nne\nlast";
		for (const char *p = text; *p; p++) {
			if (write(pipe_fd[1], p, 1) != 1)
				_exit(1);
			usleep(10000);
		}
		_exit(0);
	}
	close(pipe_fd[1]);
	dup2(pipe_fd[0], STDIN_FILENO);
	struct input *in = input_open((char *const[]){NULL});
	input_when_idle(in, idle, NULL);
	struct str line;
	ck_assert(input_next_file(in));
	ck_assert_str_eq(in->file, "-");
	ck_assert(input_line(in, &line));
	assert_str(line, "o");
	ck_assert(input_line(in, &line));
	assert_str(line, "ne");
	ck_assert(input_line(in, &line));
	assert_str(line, "last");
	ck_assert(in->cut);
	ck_assert(!input_line(in, &line));
	ck_assert_int_gt(idle_calls, 0);
	input_close(in);
	wait(NULL);
}
END_TEST

UNIT_MAIN("input", lines_around_the_size_of_the_buffer, empty_lines_are_lines,
	  an_empty_file_has_no_line, large_files_are_read_ahead, bytes_are_left_as_they_are, several_files,
	  next_file_in_the_middle_of_one, a_slow_pipe)
