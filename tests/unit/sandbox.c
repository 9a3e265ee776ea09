#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "unit.h"

/* False where there is no sandbox: the sanitizer's build, a kernel without seccomp. */
static bool can_open(void)
{
	int fd = open("/dev/null", O_RDONLY);
	ck_assert(fd >= 0 || errno == EPERM);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

START_TEST(nothing_can_be_opened)
{
	char byte, *argv[] = {"true", NULL};
	struct stat st;
	int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);
	ck_assert(can_open());
	if (!sandbox_enter()) {
		ck_assert(can_open());
		return;
	}
	ck_assert(!can_open());
	ck_assert(open("/dev/shm/sp-unit-sandbox", O_WRONLY | O_CREAT, 0600) == -1 && errno == EPERM);
	ck_assert(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM);
	ck_assert(execve("/bin/true", argv, argv + 1) == -1 && errno == EPERM);
	ck_assert(stat("/etc/passwd", &st) == -1 && errno == EPERM);
	ck_assert(unlink("/dev/shm/sp-unit-sandbox") == -1 && errno == EPERM);
	ck_assert(fork() == -1 && errno == EPERM);
	ck_assert_int_eq(read(zero, &byte, 1), 1);
	ck_assert_int_eq(write(null, &byte, 1), 1);
	ck_assert(fstat(zero, &st) == 0);
	ck_assert(!isatty(zero));
	char *memory = malloc(64 << 20);
	ck_assert_ptr_nonnull(memory);
	memset(memory, 1, 64 << 20);
	free(memory);
	ck_assert(sandbox_enter());
}
END_TEST

START_TEST(it_begins_with_the_last_file)
{
	char *argv[] = {"filter", "/dev/null", "/etc/passwd", NULL};
	char *other[] = {"/etc/passwd", NULL};
	sandbox_arguments(argv + 3);
	struct input *rules = input_open(other);
	ck_assert(input_next_file(rules));
	ck_assert(can_open());
	input_close(rules);
	struct input *in = input_open(argv + 1);
	ck_assert(can_open());
	ck_assert(input_next_file(in));
	ck_assert(can_open());
	ck_assert(input_next_file(in));
	bool confined = sandbox_enter();
	ck_assert(can_open() == !confined);
	struct str line;
	ck_assert(input_line(in, &line));
	ck_assert(!input_next_file(in));
	input_close(in);
}
END_TEST

START_TEST(the_last_input_can_be_named)
{
	char *argv[] = {"filter", NULL}, *list[] = {"/etc/passwd", NULL};
	sandbox_arguments(argv + 1);
	struct input *in = input_open(list);
	ck_assert(input_next_file(in));
	ck_assert(can_open());
	input_last(in);
	ck_assert(can_open() == !sandbox_enter());
	input_close(in);
}
END_TEST

START_TEST(it_can_be_turned_off)
{
	sandbox_off();
	ck_assert(!sandbox_enter());
	ck_assert(can_open());
}
END_TEST

UNIT_MAIN("sandbox", nothing_can_be_opened, it_begins_with_the_last_file, the_last_input_can_be_named,
	  it_can_be_turned_off)
