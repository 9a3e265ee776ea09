/* tasks: the threads of the trace, each with its descriptor table and file system context (cwd, root),
 * shared or its own as clone(2), unshare(2) and execve(2) say. */
#ifndef SP_FDMAP_TASKS_H
#define SP_FDMAP_TASKS_H

#include "descriptors.h"

/* The kernel's fs_struct. */
struct fs {
	uint32_t users;
	struct file *cwd;  /* its name is empty while unknown: relative names stay relative */
	struct file *root; /* after chroot(); NULL: "/" */
};

struct task {
	int64_t tid, pid;
	struct descriptors *fds;
	struct fs *fs;
	bool stranger;	   /* nobody is known to have created it */
	bool unannounced;  /* the row of the clone() that returned it may still come */
	bool ending;	   /* exit_group() was called: it may be forgotten */
	bool made;	   /* as a process, by a clone() */
	bool seen;	   /* a row of its own has come */
	bool numbered;	   /* it had no number, and goes on under one, it seems */
};

/* strace without -o prints no number while there is one thread; a trace of one process may have none. */
#define TASK_NO_NUMBER INT64_C(-1)

/* A process is known by host, file and pid: tids are unique within a scope. */
struct scope;

struct tasks {
	struct files *files;
	struct scope **scope;	 /* most recently used first */
	size_t n_scopes;
	bool plain;		 /* the scope at hand is that of tables without host and file */
	struct task *last;	 /* found last: most rows follow a row of the same thread */
	const char *cwd;	 /* where the traced command was started; NULL: unknown */
	const struct before *before; /* what else is known of the start; NULL: nothing */
	bool scope_forgotten;	 /* a bound was hit */
};

/* The trace of this host and file is the one the next calls are about. */
void tasks_scope_slow(struct tasks *t, struct str host, struct str file);
static inline void tasks_scope(struct tasks *t, struct str host, struct str file)
{
	if (host.n || file.n || !t->plain)
		tasks_scope_slow(t, host, file);
}

/* NULL when it is not known. */
struct task *tasks_find_slow(struct tasks *t, int64_t tid);
static inline struct task *tasks_find(struct tasks *t, int64_t tid)
{
	return t->last && t->last->tid == tid ? t->last : tasks_find_slow(t, tid);
}

/* Whether any thread of the scope is known. */
bool tasks_any(const struct tasks *t);

/* One that nobody is known to have created. A thread of a known process shares what that has. */
struct task *tasks_stranger(struct tasks *t, int64_t tid, int64_t pid);

/* parent's clone() returned tid. NULL when that has ended already. */
struct task *tasks_born(struct tasks *t, struct task *parent, int64_t tid, bool thread,
			bool shares_fds, bool shares_fs);

/* In a pid namespace clone() returns other numbers than the tracer prints in front of rows. Gives the
 * process that a clone() made as `from`, and no row has shown, the number of its rows. False when there
 * is no such process. */
bool tasks_renumber(struct tasks *t, int64_t from, int64_t to);
/* The numbers of such processes, at most n of them, below that one. */
size_t tasks_unseen(const struct tasks *t, int64_t below, int64_t *tid, size_t n);

/* The process whose rows had no number shows one, it seems. True when there is such a process, and it had
 * not shown one yet. */
bool tasks_number(struct tasks *t, int64_t pid);

/* The thread ended. */
void tasks_exit(struct tasks *t, struct task *task);
/* exit_group(): the exit rows of the threads may follow, or never come. */
void tasks_ending(struct tasks *t, struct task *task);

/* execve() by a thread that was not the leader: what was its own is the leader's now. */
void tasks_supersede(struct tasks *t, struct task *leader, int64_t tid);
/* execve(): the other threads are gone, nothing is shared. */
void tasks_exec(struct tasks *t, struct task *task);

void task_own_fds(struct task *task);
void task_own_fs(struct task *task);

/* One task for each descriptor table, and the file that its scope has: the leader, if it has it. */
void tasks_each(struct tasks *t,
		void (*visit)(void *context, const struct task *, struct str file), void *context);

/* Forgets everything. */
void tasks_clear(struct tasks *t);

#endif
