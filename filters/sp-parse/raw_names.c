/* Numbers become names: of calls, for the architecture at hand, and of errors. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>

#include "raw_state.h"

/* ---- architectures ---- */

static uint32_t default_arch = SCMP_ARCH_X86_64;

bool raw_set_arch(const char *name)
{
	/* uname's words for what libseccomp calls otherwise */
	static const char *const words[][2] = {
	    {"i386", "x86"}, {"i686", "x86"}, {"amd64", "x86_64"}, {"arm64", "aarch64"}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(name, words[i][0]) == 0)
			name = words[i][1];
	uint32_t arch = seccomp_arch_resolve_name(name);
	if (arch == 0)
		return false;
	default_arch = arch;
	return true;
}

uint32_t raw_default_arch(void)
{
	return default_arch;
}

bool raw_arch_is_32_bit(uint32_t arch)
{
	/* __AUDIT_ARCH_64BIT of linux/audit.h; x32 passes 64 bits in a register. */
	return !(arch & 0x80000000u) && arch != SCMP_ARCH_X32;
}

enum { X32_BIT = 0x40000000 }; /* __X32_SYSCALL_BIT */

uint32_t raw_arch_of_exec(uint32_t arch, int64_t number)
{
	if (arch != SCMP_ARCH_X86_64 && arch != SCMP_ARCH_X86 && arch != SCMP_ARCH_X32)
		return 0;
	return number == 59 ? SCMP_ARCH_X86_64 : number == 11 ? SCMP_ARCH_X86
	       : number == (520 | X32_BIT) ? SCMP_ARCH_X32 : 0;
}

/* ---- calls ---- */

/* libseccomp's names, asked for once; x86-64 and what the kernel numbers ever reached. */
enum { NAMES = 1024 };
struct names {
	uint32_t arch;
	struct names *next;
	struct {
		bool asked;
		struct str name; /* empty: no such call */
		const struct syscall_info *info;
	} of[NAMES];
};

static struct names *names_of(uint32_t arch)
{
	static struct names *all;
	for (struct names *n = all; n; n = n->next)
		if (n->arch == arch)
			return n;
	struct names *n = xcalloc(1, sizeof *n);
	n->arch = arch;
	n->next = all;
	all = n;
	return n;
}

static const struct syscall_info *by_libseccomp(uint32_t arch, int64_t number, struct buf *name)
{
	static struct names *last;
	/* MIPS counts from 4000, 5000, 6000. */
	int64_t index = arch == SCMP_ARCH_X32 ? number & ~(int64_t)X32_BIT : number % NAMES;
	if (number < 0 || number > INT32_MAX || index >= NAMES)
		return NULL;
	if (!last || last->arch != arch)
		last = names_of(arch);
	struct names *n = last;
	if (!n->of[index].asked) {
		n->of[index].asked = true;
		/* Freed by nobody: one string a call. */
		char *text = seccomp_syscall_resolve_num_arch(arch, (int)number);
		if (text) {
			n->of[index].name = str_of(text);
			n->of[index].info = syscall_by_name(n->of[index].name);
		}
	}
	buf_add_str(name, n->of[index].name);
	return n->of[index].info;
}

const struct syscall_info *raw_name_of_number(uint32_t arch, int64_t number, struct buf *name)
{
	const struct syscall_info *info = NULL;
	if (arch == SCMP_ARCH_X86_64) {
		info = syscall_by_number(number);
		if (info) {
			buf_add_str(name, info->name);
			return info;
		}
		if (number & X32_BIT)
			arch = SCMP_ARCH_X32;
	}
	size_t before = name->n;
	info = by_libseccomp(arch, number, name);
	if (name->n == before) /* as strace spells a call that has no name */
		buf_printf(name, "syscall_%#llx", (unsigned long long)number);
	return info;
}

const struct syscall_info *raw_call_by_number(int64_t number, struct buf *name)
{
	return raw_name_of_number(default_arch, number, name);
}

/* The syscalls:* events are named after the kernel's functions. These differ from the names in
 * arch/x86/entry/syscalls/syscall_64.tbl; found by comparing events/syscalls of 6.18 with it. */
static const struct {
	struct str kernel, name;
} renamed[] = {
    {{"newstat", 7}, {"stat", 4}},
    {{"newfstat", 8}, {"fstat", 5}},
    {{"newlstat", 8}, {"lstat", 5}},
    {{"newuname", 8}, {"uname", 5}},
    {{"sendfile64", 10}, {"sendfile", 8}},
    {{"umount", 6}, {"umount2", 7}},
    {{"sysctl", 6}, {"_sysctl", 7}},
};

const struct syscall_info *raw_call_by_name(struct str kernel, struct buf *name)
{
	for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
		if (str_eq(kernel, renamed[i].kernel))
			kernel = renamed[i].name;
	buf_add_str(name, kernel);
	return syscall_by_name(kernel);
}

/* ---- errors ---- */

/* What the kernel keeps to itself but sys_exit shows: linux/errno.h. */
static const char *const internal_errors[] = {
    [512 - 512] = "ERESTARTSYS",
    [513 - 512] = "ERESTARTNOINTR",
    [514 - 512] = "ERESTARTNOHAND",
    [515 - 512] = "ENOIOCTLCMD",
    [516 - 512] = "ERESTART_RESTARTBLOCK",
    [517 - 512] = "EPROBE_DEFER",
    [518 - 512] = "EOPENSTALE",
    [519 - 512] = "ENOPARAM",
    [521 - 512] = "EBADHANDLE",
    [522 - 512] = "ENOTSYNC",
    [523 - 512] = "EBADCOOKIE",
    [524 - 512] = "ENOTSUPP",
    [525 - 512] = "ETOOSMALL",
    [526 - 512] = "ESERVERFAULT",
    [527 - 512] = "EBADTYPE",
    [528 - 512] = "EJUKEBOX",
    [529 - 512] = "EIOCBQUEUED",
    [530 - 512] = "ERECALLCONFLICT",
};
enum { INTERNAL_ERRORS = sizeof internal_errors / sizeof *internal_errors, ERRORS = 4096 };

bool raw_is_restart(int64_t ret)
{
	return ret == -512 || ret == -513 || ret == -514 || ret == -516;
}

struct str raw_error(int64_t ret)
{
	static struct {
		size_t n;
		char text[32]; /* longest: ERESTART_RESTARTBLOCK; rows are copied in steps of 16 */
	} errors[ERRORS + 1];
	if (ret >= 0 || ret <= -ERRORS)
		return (struct str){0};
	size_t code = (size_t)-ret;
	if (errors[code].n == 0) {
		const char *name = code >= 512 && code < 512 + INTERNAL_ERRORS
				       ? internal_errors[code - 512]
				       : strerrorname_np((int)code);
		int n = name ? snprintf(errors[code].text, sizeof errors[code].text, "%s", name)
			     : snprintf(errors[code].text, sizeof errors[code].text, "errno %zu",
					code);
		errors[code].n = (size_t)n;
	}
	return (struct str){errors[code].text, errors[code].n};
}
