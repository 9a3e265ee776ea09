/* descriptors: the descriptor table of a process (the kernel's files_struct): number -> open file
 * description, close-on-exec flag, incarnation. Threads share one, fork() copies it.
 *
 * Rows come in order of completion. When threads share a table, a call may have begun before the
 * number it names was closed and given out again: the table remembers what was closed lately, and
 * descriptors_at() decides by the times of entry and return. */
#ifndef SP_FDMAP_DESCRIPTORS_H
#define SP_FDMAP_DESCRIPTORS_H

#include "file.h"
#include "openers.h"

#define TIME_UNKNOWN INT64_MIN

/* When a call was entered and when it returned, ns, and by whom. */
struct span {
	int64_t from, until; /* TIME_UNKNOWN where the trace does not tell */
	int64_t tid;
};

struct descriptor {
	struct file *file; /* NULL: closed; the rest but gen means nothing then */
	struct span made;  /* by this call */
	struct opener *opener; /* where it was opened, for --leaks; NULL: not followed */
	uint32_t gen;	     /* incarnation of the number; 0: open since before the trace */
	bool cloexec;
	bool touched; /* a call opened or closed it: what it means is not from before the trace */
};

/* Descriptors that were open before the trace: found out one by one, by whoever uses them first, and
 * common to all who inherited them. */
struct origin {
	uint32_t users;
	int64_t pid;	     /* of the process first seen */
	bool first;	     /* the trace's first process: its descriptors need no pid in their names */
	struct descriptors *before;
	struct file *cwd;    /* of the process first seen; without a name while unknown */
};

/* Thirty-two numbers at once: most processes have no more, and fork copies one piece of 2 KB. */
enum { CHUNK = 32 };

struct chunk {
	int first;
	struct descriptor d[CHUNK];
};

/* What counts.c has written about the table (how many were open), and what it has still to write. */
struct told {
	bool told, pending, ended;
	int open;	    /* in its last row */
	int last, most;	    /* since then; -1: nothing is told yet */
	int64_t next;	    /* the end of that row's slice */
	int64_t last_at, most_at;
};

struct descriptors {
	uint32_t users; /* threads that share it */
	int open;	/* how many of its numbers are */
	struct told told;
	int before;	/* numbers below may be open since before the trace */
	struct origin *origin; /* NULL: there is no before */
	struct chunk **slot;   /* of a hash table, by number / CHUNK */
	unsigned cap, n;
	struct chunk *low;     /* numbers 0 .. CHUNK - 1: nearly all */
	struct past *past;     /* what was closed while threads shared the table; NULL: nothing */
};

/* A new table with one user. It becomes one more user of the origin, which may be NULL. */
struct descriptors *descriptors_new(struct origin *origin);
/* fork(): a table with one user and the same files. */
struct descriptors *descriptors_copy(const struct descriptors *d);
/* One user less; with the last one all are closed by the kernel. */
void descriptors_put(struct descriptors *d);

/* The slot of a number, open or not; NULL when the number was never met. */
struct descriptor *descriptors_slot(const struct descriptors *d, int fd);

/* The open descriptor, or NULL. */
static inline struct descriptor *descriptors_find(const struct descriptors *d, int fd)
{
	struct descriptor *slot = fd >= 0 && fd < CHUNK && d->low ? &d->low->d[fd]
								  : descriptors_slot(d, fd);
	return slot && slot->file ? slot : NULL;
}

/* The descriptor that the number meant to a call of that time: the open one, or one that was closed while the call
 * was under way. NULL: none. Valid until the table changes. */
struct descriptor *descriptors_at_slow(struct descriptors *d, int fd, struct span call);
static inline struct descriptor *descriptors_at(struct descriptors *d, int fd, struct span call)
{
	return d->past ? descriptors_at_slow(d, fd, call) : descriptors_find(d, fd);
}

/* Enters a number that is not in the table, if it may be open since before the trace; else NULL. */
struct descriptor *descriptors_before(struct files *files, struct descriptors *d, int fd);

/* Enters a number that was open before the trace, with its file, of which the table becomes one more user. */
void descriptors_tell(struct descriptors *d, int fd, struct file *file);

/* A call made it: the table is one more user of the file. The kernel gives out free numbers only: when
 * it is open, the close() of another thread is about to return. */
struct descriptor *descriptors_open(struct descriptors *d, int fd, struct file *file, bool cloexec,
				    struct span made);
/* dup2(): what the number meant before is closed by the same call. */
struct descriptor *descriptors_replace(struct descriptors *d, int fd, struct file *file,
				       bool cloexec, struct span made);

/* Which one a close() is about: as descriptors_at(); without times, the one whose close() is due. */
struct descriptor *descriptors_closing(struct descriptors *d, int fd, struct span call);
/* close(): the number means nothing any more. about: what descriptors_closing() said; NULL asks it. */
void descriptors_close(struct descriptors *d, int fd, struct span call, struct descriptor *about);

/* close_range(): first to last, both included; or only marks them close-on-exec. */
void descriptors_close_range(struct descriptors *d, int64_t first, int64_t last, bool cloexec,
			     struct span call);
void descriptors_exec(struct descriptors *d, struct span call);

/* A child that was taken for a stranger: what it has not touched itself is its parent's. */
void descriptors_adopt(struct descriptors *child, const struct descriptors *parent);

/* The lowest number from `from` on that is not open: what the kernel gives out next. */
int descriptors_free_number(const struct descriptors *d, int from);

/* All open ones, in no order. */
void descriptors_each(const struct descriptors *d,
		      void (*visit)(void *context, int fd, struct descriptor *), void *context);

struct origin *origin_new(int64_t pid, bool first);
void origin_put(struct origin *o);

#endif
