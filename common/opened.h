/* opened: what a program keeps about each descriptor that a trace has open. A descriptor is known
 * by its process (host, file, pid) and number; another generation (sp-fdmap's fdgen) is another
 * one. It is freed by close, by the exit of its process and at the next trace. There are at most
 * OPENED_MOST: beyond, the one that was used longest ago is forgotten, which `forgotten` counts. */
#ifndef SP_OPENED_H
#define SP_OPENED_H

#include <sys/queue.h>

#include "access.h"
#include "touched.h"

enum { OPENED_MOST = 1 << 17 };
#define OPENED_ANY                                                                                 \
	INT64_MIN /* an unknown generation: finds any; what is added with it takes on the first one it is asked for with */

struct opened_key {
	uint64_t source; /* hash of host and file */
	int64_t pid, fd;
};

/* How it was opened: a bit for each flag of open(2), in the order of iocall.c's names for them. */
enum opened_flags {
	OPENED_APPEND = 1 << 0,
	OPENED_DIRECT = 1 << 1,
	OPENED_DSYNC = 1 << 2,
	OPENED_SYNC = 1 << 3,
	OPENED_TRUNC = 1 << 4,
	OPENED_WRONLY = 1 << 5,
	OPENED_RDWR = 1 << 6,
	OPENED_CREAT = 1 << 7,
	OPENED_DIRECTORY = 1 << 8,
	OPENED_SYNCS = OPENED_DSYNC | OPENED_SYNC, /* each write waits for the disk */
	OPENED_WRITES = OPENED_TRUNC | OPENED_WRONLY | OPENED_RDWR | OPENED_CREAT,
};

/* What the kernel calls an open file description: copies of a descriptor share it. */
struct opened_file {
	struct access access;
	struct touched_file touched;
	unsigned flags; /* of enum opened_flags */
	bool is_stream; /* it has no position: a socket, pipe or terminal */
	bool guessed;   /* from its path, or from nothing: until it is seen to have one */
	uint32_t users;
	void *data; /* the program's own, NULL when opened */
};

struct opened_fd {
	struct opened_file *file;
	/* The rest belongs to this module, but for the last. */
	struct opened_key key;
	int64_t generation;
	struct opened_fd *same_bucket;
	struct opened_process *process;
	TAILQ_ENTRY(opened_fd) by_use;
	LIST_ENTRY(opened_fd) of_process;
	_Alignas(16) char extra[]; /* the program's own, zeroed when opened */
};

struct opened {
	size_t extra; /* bytes of it */
	struct touched touched;
	size_t n, buckets;
	struct opened_fd **bucket;
	TAILQ_HEAD(opened_by_use, opened_fd) by_use; /* the latest first */
	struct opened_process *processes;
	struct opened_spare *spare_fds, *spare_files; /* closed: files are opened and closed all the time */
	uint64_t forgotten;
};

/* extra: bytes of the program's own for each descriptor. */
void opened_init(struct opened *o, size_t extra);

/* NULL when it is not known, or only in another generation. */
struct opened_fd *opened_find(struct opened *o, const struct opened_key *key, int64_t generation);

/* A new one, in place of what had its number; fresh: a call just opened it, see access_begin. */
struct opened_fd *opened_add(struct opened *o, const struct opened_key *key, int64_t generation,
                             bool fresh);

/* The same for a copy of another descriptor, whose file it shares. */
struct opened_fd *opened_copy(struct opened *o, struct opened_file *file, const struct opened_key *key,
                              int64_t generation);

/* A process was made as a copy of another one; what is known of it already stays. */
void opened_fork(struct opened *o, uint64_t source, int64_t parent, int64_t child);

/* One that a process uses before the tracer shows the fork that made it: a copy of what has this
 * number and generation in other processes, if all of those used lately share one file; else NULL. */
struct opened_fd *opened_inherit(struct opened *o, const struct opened_key *key, int64_t generation);

/* Forgets a descriptor, all of a process, all; a file goes with the last descriptor that shares it. */
void opened_remove(struct opened *o, struct opened_fd *fd);
void opened_exit(struct opened *o, uint64_t source, int64_t pid);
void opened_clear(struct opened *o);
void opened_free(struct opened *o);

#endif
