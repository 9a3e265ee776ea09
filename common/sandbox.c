#include "sandbox.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

static char *const *arguments_end;
static bool is_off, is_on;

void sandbox_arguments(char *const *end)
{
	arguments_end = end;
}

bool sandbox_is_arguments(char *const *files)
{
	if (!arguments_end || !files || !*files)
		return arguments_end != NULL;
	while (*files)
		files++;
	return files == arguments_end;
}

void sandbox_off(void)
{
	is_off = true;
}

/* What reading, writing, memory, waiting for input, a thread that writes, and the end of a program take,
 * the C library's part included: qsort asks for the size of the memory, stdio for the kind of file. */
static const int allowed[] = {
    SCMP_SYS(read),           SCMP_SYS(readv),        SCMP_SYS(pread64),
    SCMP_SYS(write),          SCMP_SYS(writev),       SCMP_SYS(close),
    SCMP_SYS(lseek),          SCMP_SYS(fstat),        SCMP_SYS(fcntl),
    SCMP_SYS(fadvise64),      SCMP_SYS(poll),         SCMP_SYS(ppoll),
    SCMP_SYS(brk),            SCMP_SYS(mmap),         SCMP_SYS(munmap),
    SCMP_SYS(mremap),         SCMP_SYS(mprotect),     SCMP_SYS(madvise),
    SCMP_SYS(futex),          SCMP_SYS(sysinfo),      SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),  SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),   SCMP_SYS(getpid),       SCMP_SYS(gettid),
    SCMP_SYS(tgkill),         SCMP_SYS(exit),         SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall), SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq)};

static bool needs_more(void)
{
#if defined __SANITIZE_ADDRESS__
	return true;
#elif defined __has_feature
#if __has_feature(address_sanitizer)
	return true;
#endif
#endif
	const char *preload = getenv("LD_PRELOAD");
	return preload && strstr(preload, "vgpreload");
}

static bool add_rules(scmp_filter_ctx c)
{
	bool ok = true;
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		ok &= seccomp_rule_add(c, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	/* fstat() of today's C library is this; with a path, it would tell of other files. */
	ok &= seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
	                       SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0;
	ok &= seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
	                       SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0;
	ok &= seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
	                       SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0)) == 0;
	/* A thread, but no process. The flags of clone3 cannot be looked at; without it, clone is used. */
	ok &= seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	                       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
	ok &= seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
	return ok;
}

bool sandbox_enter(void)
{
	if (is_off || is_on || needs_more())
		return is_on;
	tzset(); /* what local times take is read now */
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	is_on = c && add_rules(c) && seccomp_load(c) == 0;
	if (c)
		seccomp_release(c);
	return is_on;
}
