/* syscall: what is known about every Linux system call, from syscall.def. One row says everything:
 * number, arguments that matter, what it returns, its category and strace's classes.
 * Sources: the manual pages (section 2), the kernel's syscall_64.tbl and strace's own -e classes. */
#ifndef SP_SYSCALL_H
#define SP_SYSCALL_H

#include "str.h"

enum syscall_returns {
	SYSCALL_RETURNS_STATUS,  /* 0, or a number that is none of the below */
	SYSCALL_RETURNS_FD,      /* a new (or duplicated) descriptor */
	SYSCALL_RETURNS_BYTES,   /* how many bytes it moved */
	SYSCALL_RETURNS_OFFSET,  /* a file position */
	SYSCALL_RETURNS_POINTER, /* an address */
	SYSCALL_RETURNS_PID,     /* a process or thread */
	SYSCALL_RETURNS_COUNT,   /* a number of things, or the length of a name or record */
	SYSCALL_RETURNS_NEVER,   /* does not return when it succeeds: exit, exit_group */
};

/* One category per syscall; SYSCALL_CATEGORY(id, name) rows are in syscall.def. */
enum syscall_category {
#define SYSCALL_CATEGORY(id, name) SYSCALL_CATEGORY_##id,
#define SYSCALL(...)
#include "syscall.def"
#undef SYSCALL_CATEGORY
#undef SYSCALL
	SYSCALL_CATEGORY_COUNT
};

/* strace's classes (strace -e trace=%file ...): a syscall may be in several. */
enum syscall_class {
	SYSCALL_CLASS_NONE = 0,
	SYSCALL_CLASS_FILE = 1 << 0,     /* %file: takes a file name */
	SYSCALL_CLASS_DESC = 1 << 1,     /* %desc: about descriptors */
	SYSCALL_CLASS_PROCESS = 1 << 2,  /* %process */
	SYSCALL_CLASS_NETWORK = 1 << 3,  /* %network, %net */
	SYSCALL_CLASS_SIGNAL = 1 << 4,   /* %signal */
	SYSCALL_CLASS_IPC = 1 << 5,      /* %ipc: System V IPC */
	SYSCALL_CLASS_MEMORY = 1 << 6,   /* %memory */
	SYSCALL_CLASS_CREDS = 1 << 7,    /* %creds */
	SYSCALL_CLASS_CLOCK = 1 << 8,    /* %clock */
	SYSCALL_CLASS_PURE = 1 << 9,     /* %pure: no arguments, never fails */
	SYSCALL_CLASS_STAT = 1 << 10,    /* %stat: stat */
	SYSCALL_CLASS_LSTAT = 1 << 11,   /* %lstat */
	SYSCALL_CLASS_FSTAT = 1 << 12,   /* %fstat: fstat, fstatat, statx */
	SYSCALL_CLASS_STATFS = 1 << 13,  /* %statfs */
	SYSCALL_CLASS_FSTATFS = 1 << 14, /* %fstatfs */
	SYSCALL_CLASS_USTAT = 1 << 15,   /* ustat: in %%statfs and in no other */
	/* %%stat is STAT | LSTAT | FSTAT; %%statfs is STATFS | FSTATFS | USTAT. */
};

/* Argument numbers count from 1, in the order strace prints; 0 is "none". With RETURNS_FD the call
 * is about the descriptor it returns, and `fd` is the one that came in, if any: accept4's listening
 * socket, dup's old one. A caller needs that when the call failed, and to follow descriptors. */
struct syscall_info {
	struct str name;
	int16_t number; /* on x86-64; -1 where x86-64 has no such call */
	uint8_t category;
	uint8_t returns;
	uint8_t arg_count;
	uint8_t fd;     /* the descriptor it works on; the first when there are two */
	uint8_t path;   /* the file name it works on */
	uint8_t dirfd;  /* what `path` is relative to */
	uint8_t path2;  /* the second file name: rename's new, link's new */
	uint8_t dirfd2; /* what `path2` is relative to */
	uint8_t size;   /* how many bytes were asked for */
	uint8_t offset; /* explicit file position */
	uint8_t flags;  /* where O_*, CLONE_* or a new descriptor's *_CLOEXEC stands */
	bool waits;     /* its time is waiting for somebody else, not work: futex, poll, wait4 */
	uint16_t classes;
};

/* NULL when the name is not in the table. The name may carry neither blanks nor a NUL. */
const struct syscall_info *syscall_by_name(struct str name);
/* The same for a field of a table, behind which are bytes to be read: faster, as no branch depends on its
 * length. */
const struct syscall_info *syscall_by_field(struct str name);
const struct syscall_info *syscall_by_number(long x86_64_number);

/* Whether it makes a process or a thread and returns that: fork, vfork, clone and its like. */
bool syscall_creates_task(struct str name);

struct str syscall_category_name(enum syscall_category category);

/* All rows, for programs that list them. */
extern const struct syscall_info syscall_table[];
extern const size_t syscall_count;

#endif
