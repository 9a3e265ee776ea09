/* syscall: the table against libseccomp's, the look-ups, the laws every row keeps, and the roles of
 * calls that programs depend on. */
#include <check.h>
#include <limits.h>
#include <seccomp.h>
#include <stdlib.h>

#include "syscall.h"

#define FIND(literal) syscall_by_name(STR(literal))
#define LENGTH(array) ((int)(sizeof(array) / sizeof((array)[0])))

static int highest_number(void)
{
	int highest = -1;
	for (size_t i = 0; i < syscall_count; i++)
		if (syscall_table[i].number > highest)
			highest = syscall_table[i].number;
	return highest;
}

/* libseccomp and strace spell every x86-64 call alike; one that differs would be listed here. */
START_TEST(x86_64_numbers_are_those_of_libseccomp)
{
	int known = 0;
	for (int nr = 0; nr <= highest_number(); nr++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, nr);
		if (!name)
			continue;
		const struct syscall_info *info = syscall_by_number(nr);
		ck_assert_msg(info, "%d %s is missing", nr, name);
		ck_assert_str_eq(info->name.p, name);
		free(name);
		known++;
	}
	ck_assert_int_ge(known, 362); /* libseccomp 2.5.4 */
}
END_TEST

static const uint32_t architectures[] = {
    SCMP_ARCH_X86,    SCMP_ARCH_X32,       SCMP_ARCH_ARM,     SCMP_ARCH_AARCH64, SCMP_ARCH_MIPS,
    SCMP_ARCH_MIPS64, SCMP_ARCH_MIPS64N32, SCMP_ARCH_PPC,     SCMP_ARCH_PPC64LE, SCMP_ARCH_S390,
    SCMP_ARCH_S390X,  SCMP_ARCH_PARISC,    SCMP_ARCH_RISCV64,
};

START_TEST(every_architecture_of_libseccomp_is_covered)
{
	/* Numbers start at 4000, 5000 and 6000 on MIPS, at 0x40000000 on x32. */
	static const int starts[] = {0, 0x40000000};
	int highest = highest_number(), known = 0;
	uint32_t arch = architectures[_i];
	for (int s = 0; s < LENGTH(starts); s++) {
		for (int nr = starts[s]; nr < starts[s] + 7000; nr++) {
			char *name = seccomp_syscall_resolve_num_arch(arch, nr);
			/* A later libseccomp may know calls that are newer than the table. */
			if (name &&
			    seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, name) <= highest) {
				ck_assert_msg(syscall_by_name(str_of(name)), "%s is missing", name);
				known++;
			}
			free(name);
		}
	}
	ck_assert_int_ge(known, 300);
}
END_TEST

START_TEST(every_name_is_found)
{
	for (size_t i = 0; i < syscall_count; i++) {
		const struct syscall_info *info = &syscall_table[i];
		ck_assert_uint_eq(info->name.n, strlen(info->name.p));
		ck_assert_ptr_eq(syscall_by_name(info->name), info);
		/* A slice out of a line has neighbours, and another address. */
		char line[80] = "[";
		memcpy(line + 1, info->name.p, info->name.n);
		line[info->name.n + 1] = '(';
		ck_assert_ptr_eq(syscall_by_name((struct str){line + 1, info->name.n}), info);
		ck_assert_ptr_eq(syscall_by_field((struct str){line + 1, info->name.n}), info);
		ck_assert_ptr_null(syscall_by_name((struct str){line + 1, info->name.n + 1}));
		ck_assert_ptr_null(syscall_by_name((struct str){line, info->name.n + 1}));
	}
}
END_TEST

START_TEST(every_number_leads_back)
{
	for (size_t i = 0; i < syscall_count; i++)
		if (syscall_table[i].number >= 0)
			ck_assert_ptr_eq(syscall_by_number(syscall_table[i].number),
			                 &syscall_table[i]);
	int found = 0;
	for (long nr = 0; nr <= 0xffff; nr++)
		found += syscall_by_number(nr) != NULL;
	/* 0 to 336 and 424 to the last, without gaps. */
	ck_assert_int_eq(found, 337 + highest_number() - 424 + 1);
	ck_assert_int_ge(highest_number(), 471);
	static const long none[] = {-1,  -2,  337,        423,      511,
	                            512, 513, 0x40000000, LONG_MIN, LONG_MAX};
	for (int i = 0; i < LENGTH(none); i++)
		ck_assert_ptr_null(syscall_by_number(none[i]));
}
END_TEST

START_TEST(unknown_names_are_not_found)
{
	static char longest[1 << 20];
	memset(longest, 'a', sizeof(longest));
	ck_assert_ptr_null(syscall_by_name((struct str){longest, sizeof(longest)}));
	memcpy(longest, "read", 4);
	ck_assert_ptr_null(syscall_by_name((struct str){longest, sizeof(longest)}));
	ck_assert_ptr_null(syscall_by_name((struct str){0}));

	/* The last has the length and both ends of sched_rr_get_interval_time64. */
	static const char *const unknown[] = {
	    "",
	    "r",
	    "re",
	    "rea",
	    "READ",
	    "Read",
	    "read ",
	    " read",
	    "readd",
	    "openatt",
	    "openat22",
	    "-1",
	    "???",
	    "getxxid",
	    "syscall_0x1ff",
	    "SYS_61",
	    "sched_rr_get_interval_t",
	    "sched_rrXgetXinterval_time64",
	};
	for (int i = 0; i < LENGTH(unknown); i++) {
		char field[40] = "";
		struct str name = {field, strlen(unknown[i])};
		memcpy(field, unknown[i], name.n);
		ck_assert_msg(!syscall_by_name(str_of(unknown[i])), "found %s", unknown[i]);
		ck_assert_msg(!syscall_by_field(name), "found the field %s", unknown[i]);
		name.n++; /* a NUL is no end */
		ck_assert_msg(!syscall_by_field(name), "found the field %s with a NUL", unknown[i]);
	}

	/* A cut name is unknown, unless it is a call of its own (openat is in openat2). */
	for (size_t i = 0; i < syscall_count; i++) {
		for (struct str cut = syscall_table[i].name; cut.n--;) {
			const struct syscall_info *info = syscall_by_name(cut);
			ck_assert(!info || str_eq(info->name, cut));
		}
	}
}
END_TEST

START_TEST(every_row_keeps_the_laws)
{
	for (size_t i = 0; i < syscall_count; i++) {
		const struct syscall_info *info = &syscall_table[i];
		const char *name = info->name.p;
		const uint8_t roles[] = {info->fd,     info->path, info->dirfd,  info->path2,
		                         info->dirfd2, info->size, info->offset, info->flags};
		ck_assert_msg(info->arg_count <= 6, "%s", name);
		for (size_t a = 0; a < sizeof(roles); a++) {
			ck_assert_msg(roles[a] <= info->arg_count, "%s: argument %d", name,
			              roles[a]);
			for (size_t b = 0; b < a; b++)
				ck_assert_msg(!roles[a] || roles[a] != roles[b], "%s: two roles",
				              name);
		}
		ck_assert_msg(!info->path2 || info->path, "%s: path2 alone", name);
		ck_assert_msg(!info->dirfd2 || info->path2, "%s: dirfd2 alone", name);
		ck_assert_msg(!info->offset || info->fd, "%s: offset of no file", name);
		/* open_by_handle_at's file is a handle, relative to a mount's descriptor. */
		ck_assert_msg(!info->dirfd || info->path || info == FIND("open_by_handle_at"), "%s",
		              name);
		ck_assert_int_lt(info->category, SYSCALL_CATEGORY_COUNT);
		ck_assert_int_le(info->returns, SYSCALL_RETURNS_NEVER);
		if (info->classes & SYSCALL_CLASS_PURE)
			ck_assert_msg(info->arg_count == 0, "%s takes arguments", name);
		if (info->classes &
		    (SYSCALL_CLASS_STAT | SYSCALL_CLASS_LSTAT | SYSCALL_CLASS_STATFS))
			ck_assert_msg(info->path && !info->fd, "%s", name);
		/* getcwd and fsconfig are %file, and name no file to work on. */
		if (info->classes & SYSCALL_CLASS_FILE)
			ck_assert_msg(info->path || info == FIND("getcwd") ||
			                  info == FIND("fsconfig"),
			              "%s has no path", name);
		ck_assert_msg((info->returns == SYSCALL_RETURNS_NEVER) ==
		                  (info == FIND("exit") || info == FIND("exit_group")),
		              "%s", name);
	}
}
END_TEST

START_TEST(categories_have_names)
{
	for (int a = 0; a < SYSCALL_CATEGORY_COUNT; a++) {
		struct str name = syscall_category_name((enum syscall_category)a);
		ck_assert_uint_gt(name.n, 0);
		for (int b = 0; b < a; b++)
			ck_assert(!str_eq(name, syscall_category_name((enum syscall_category)b)));
	}
	ck_assert(str_eq(syscall_category_name(SYSCALL_CATEGORY_FILE_IO), STR("file_io")));
	ck_assert_uint_eq(syscall_category_name(SYSCALL_CATEGORY_COUNT).n, 0);
}
END_TEST

/* What strace 6.1 shows on x86-64 under -e trace=%CLASS, by number. */
static const struct {
	unsigned class;
	const char *members;
} classes[] = {
    {SYSCALL_CLASS_STAT, "stat "},
    {SYSCALL_CLASS_LSTAT, "lstat "},
    {SYSCALL_CLASS_FSTAT, "fstat newfstatat statx "},
    {SYSCALL_CLASS_STAT | SYSCALL_CLASS_LSTAT | SYSCALL_CLASS_FSTAT,
     "stat fstat lstat newfstatat statx "},
    {SYSCALL_CLASS_STATFS, "statfs "},
    {SYSCALL_CLASS_FSTATFS, "fstatfs "},
    {SYSCALL_CLASS_STATFS | SYSCALL_CLASS_FSTATFS | SYSCALL_CLASS_USTAT, "ustat statfs fstatfs "},
    {SYSCALL_CLASS_IPC, "shmget shmat shmctl semget semop semctl shmdt msgget msgsnd msgrcv "
                        "msgctl semtimedop "},
    {SYSCALL_CLASS_CLOCK, "gettimeofday adjtimex settimeofday time clock_settime clock_gettime "
                          "clock_getres clock_adjtime "},
    {SYSCALL_CLASS_PURE, "getpid getuid getgid geteuid getegid getppid getpgrp gettid "},
    {SYSCALL_CLASS_PROCESS,
     "clone fork vfork execve exit wait4 kill rt_sigqueueinfo tkill exit_group tgkill waitid "
     "rt_tgsigqueueinfo execveat pidfd_send_signal clone3 "},
    {SYSCALL_CLASS_NETWORK,
     "sendfile socket connect accept sendto recvfrom sendmsg recvmsg shutdown bind listen "
     "getsockname getpeername socketpair setsockopt getsockopt getpmsg putpmsg accept4 recvmmsg "
     "sendmmsg "},
};

START_TEST(classes_are_those_of_strace)
{
	char got[1024] = "";
	for (int nr = 0; nr <= 450; nr++) {
		const struct syscall_info *info = syscall_by_number(nr);
		if (info && info->classes & classes[_i].class)
			strcat(strcat(got, info->name.p), " ");
	}
	ck_assert_str_eq(got, classes[_i].members);
}
END_TEST

/* category, returns, arguments; then the roles by name. */
#define CALL(id, group, result, args, ...)                                                         \
	{                                                                                          \
		.name = {#id, sizeof(#id) - 1}, .category = SYSCALL_CATEGORY_##group,              \
		.returns = SYSCALL_RETURNS_##result, .arg_count = (args), __VA_ARGS__              \
	}

static const struct syscall_info calls[] = {
    CALL(read, FILE_IO, BYTES, 3, .fd = 1, .size = 3),
    CALL(pwrite64, FILE_IO, BYTES, 4, .fd = 1, .size = 3, .offset = 4),
    CALL(preadv2, FILE_IO, BYTES, 5, .fd = 1, .offset = 4),
    CALL(sendfile, FILE_IO, BYTES, 4, .fd = 1, .size = 4),
    CALL(copy_file_range, FILE_IO, BYTES, 6, .fd = 1, .size = 5),
    CALL(fsync, FLUSH, STATUS, 1, .fd = 1),
    CALL(sync_file_range, FLUSH, STATUS, 4, .fd = 1, .size = 3, .offset = 2),
    CALL(fallocate, FILE, STATUS, 4, .fd = 1, .size = 4, .offset = 3),
    CALL(openat, FILE, FD, 4, .path = 2, .dirfd = 1, .flags = 3),
    CALL(dup2, FILE, FD, 2, .fd = 1),
    CALL(lseek, FILE, OFFSET, 3, .fd = 1),
    CALL(fcntl, FILE, STATUS, 3, .fd = 1),
    CALL(renameat2, FILE, STATUS, 5, .path = 2, .dirfd = 1, .path2 = 4, .dirfd2 = 3),
    CALL(symlink, FILE, STATUS, 2, .path = 2),
    CALL(newfstatat, METADATA, STATUS, 4, .path = 2, .dirfd = 1),
    CALL(newfstat, METADATA, STATUS, 2, .fd = 1),
    CALL(readlink, METADATA, COUNT, 3, .path = 1, .size = 3),
    CALL(getdents64, DIRECTORY, COUNT, 3, .fd = 1, .size = 3),
    CALL(mmap, MEMORY, POINTER, 6, .fd = 5, .size = 2, .offset = 6),
    CALL(mmap2, MEMORY, POINTER, 6, .fd = 5, .size = 2),
    CALL(clone, PROCESS, PID, 5, .flags = 2),
    CALL(wait4, PROCESS, PID, 4, .waits = true),
    CALL(waitid, PROCESS, STATUS, 5, .waits = true),
    CALL(execve, PROCESS, STATUS, 3, .path = 1),
    CALL(accept4, NETWORK, FD, 4, .fd = 1, .flags = 4, .waits = true),
    CALL(recvfrom, NETWORK, BYTES, 6, .fd = 1, .size = 3),
    CALL(sendmmsg, NETWORK, COUNT, 4, .fd = 1),
    CALL(epoll_wait, POLL, COUNT, 4, .fd = 1, .waits = true),
    CALL(futex, SYNC, COUNT, 6, .waits = true),
    CALL(futex_wake, SYNC, COUNT, 4),
    CALL(restart_syscall, SIGNAL, STATUS, 0, .waits = true),
    CALL(clock_nanosleep, TIME, STATUS, 4, .waits = true),
    CALL(io_uring_enter, ASYNC, COUNT, 6, .fd = 1),
    CALL(getrandom, SYSTEM, BYTES, 3, .size = 2),
    CALL(_llseek, FILE, STATUS, 4, .fd = 1, .offset = 3),
    CALL(sync_file_range2, FLUSH, STATUS, 4, .fd = 1, .size = 4, .offset = 3),
};

START_TEST(roles_of_calls)
{
	const struct syscall_info *want = &calls[_i], *got = syscall_by_name(want->name);
	const char *name = want->name.p;
	ck_assert_msg(got, "%s is missing", name);
	ck_assert_msg(got->category == want->category && got->returns == want->returns &&
	                  got->arg_count == want->arg_count && got->waits == want->waits,
	              "%s", name);
	ck_assert_msg(got->fd == want->fd && got->size == want->size &&
	                  got->offset == want->offset && got->flags == want->flags,
	              "%s", name);
	ck_assert_msg(got->path == want->path && got->dirfd == want->dirfd &&
	                  got->path2 == want->path2 && got->dirfd2 == want->dirfd2,
	              "%s", name);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("syscall");
	tcase_add_test(tests, x86_64_numbers_are_those_of_libseccomp);
	tcase_add_loop_test(tests, every_architecture_of_libseccomp_is_covered, 0,
	                    LENGTH(architectures));
	tcase_add_test(tests, every_name_is_found);
	tcase_add_test(tests, every_number_leads_back);
	tcase_add_test(tests, unknown_names_are_not_found);
	tcase_add_test(tests, every_row_keeps_the_laws);
	tcase_add_test(tests, categories_have_names);
	tcase_add_loop_test(tests, classes_are_those_of_strace, 0, LENGTH(classes));
	tcase_add_loop_test(tests, roles_of_calls, 0, LENGTH(calls));
	Suite *suite = suite_create("syscall");
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
