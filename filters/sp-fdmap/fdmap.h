/* fdmap: the state of sp-fdmap, and one call on its way through it. What calls do to descriptors is in
 * action.def; the functions named there take a struct call, change the tables and say what the row is
 * going to show. */
#ifndef SP_FDMAP_FDMAP_H
#define SP_FDMAP_FDMAP_H

#include "args.h"
#include "row.h"
#include "syscall.h"
#include "tasks.h"

enum { FLAGS_MET = 8, OWN_MET = 64 };

struct fdmap {
	struct files files;
	struct tasks tasks;
	struct openers *openers; /* NULL: not asked for */
	struct counts *counts;	 /* the same */
	struct tree *tree;	 /* the same */
	row_emit *emit;		 /* gets every row in order, and what it shows */
	bool timed;		 /* times are wanted of all calls, not only where threads overlap */
	struct number_before before;
	uint64_t tid_spelling;	 /* the tid of the last row, left-justified */
	int64_t tid;
	struct flags_met {
		char text[64];
		size_t n;
		unsigned flags;
	} flags_met[FLAGS_MET]; /* of open(), as act_open() reads them */
	struct buf path, other;	 /* where names are put together */
	struct own own_met[OWN_MET]; /* n: 0: none yet */
	struct file *held;	 /* what the last row shows; one user */
	uint64_t strangers;	 /* processes, not a trace's first, that nobody is known to have made */
	uint64_t unsent;	 /* messages with descriptors that nobody is known to have sent */
};

struct action;
struct verb;

struct call {
	struct fdmap *map;
	const struct row *row;
	struct task *task;		 /* NULL: not known */
	const struct verb *verb;
	const struct syscall_info *info; /* NULL: a call that is not in syscall.def */
	const struct action *action;	 /* NULL: descriptors do not change */
	int64_t tid, pid;
	bool ok;      /* returned, and without error */
	bool done;    /* see struct taking */
	struct span span;
	bool args_begun; /* args are valid */

	/* What the row shows. */
	union {
		struct str path;    /* at first what the row says itself */
		struct shown shown; /* begins with the same path; the rest is filled in at last */
	};
	struct file *file;	 /* gives fdtype, and the path where there is none; NULL: no descriptor */
	uint32_t gen;
	struct file *held;	 /* keeps what is shown; one user */

	struct args args;
};

/* What a row waits for: the one that tells who made its thread, or what its socket received. */
struct need {
	enum { NEED_NOTHING, NEED_PARENT, NEED_RIGHTS } what;
	int64_t tid;	     /* NEED_PARENT: of the thread, or of the process it belongs to */
	struct file *socket; /* NEED_RIGHTS: the receiving one */
};

/* Reads the row. False for what is no call: signals, exits. */
bool call_read(struct fdmap *map, const struct row *row, struct call *c);

/* How a row is taken into account. */
struct taking {
	bool done;  /* what the call does to others has been done already: see hold.h */
	bool guess; /* there is nothing to wait for any more */
};

/* Takes the row into account and emits it. False when it needs another row first and may not guess: nothing
 * has happened yet. */
bool fdmap_take(struct fdmap *map, const struct row *row, struct taking how, struct need *need);

/* A zeroed one is made ready. */
void fdmap_init(struct fdmap *map);
/* A new trace begins. */
void fdmap_reset(struct fdmap *map);
void fdmap_free(struct fdmap *map);

/* ---- for actions: call.c ---- */

/* What a call returned that is ok: -1 where the table has no number there. */
int64_t call_ret(const struct call *c);

/* Argument i, 1 is the first. */
struct str call_arg(struct call *c, unsigned i);

/* "(3</tmp/x>, F_GETFL)": the number, and what is behind it up to the end, without cutting out arguments. False
 * for all that needs a closer look. */
bool call_plain_fd(const struct call *c, int *fd, struct str *rest);

/* The descriptor of that number for this call, or NULL. One from before the trace is found out here. */
struct descriptor *call_descriptor(struct call *c, int fd);
struct descriptor *call_descriptor_arg(struct call *c, unsigned i);

/* The number in the fd column, or where that is missing in the argument that holds it. */
bool call_fd(struct call *c, int *fd);

/* The two numbers of "[3, 4]", or where the trace shows only an address, the two lowest that are
 * free: the kernel gives out no others. */
bool call_takes_two(struct call *c, struct str list, int fd[2], struct str annotation[2]);

/* The row is about this descriptor; NULL is fine. An annotation of the tracer names it. */
void call_show(struct call *c, const struct descriptor *d);

/* The same, for the number that call_fd() gives. */
struct descriptor *call_show_fd(struct call *c);

/* The row goes on showing the file when it is closed. */
void call_hold(struct call *c, struct file *file);

/* For --leaks: the call made this descriptor. */
void call_made(struct call *c, struct descriptor *d);

/* The call made a descriptor: takes over the caller's user of the file. The row shows it. */
struct descriptor *call_opens(struct call *c, int64_t fd, struct file *file, bool cloexec);
/* One that the row is not about. Its annotation may be empty. */
struct descriptor *call_opens_also(struct call *c, int64_t fd, struct file *file, bool cloexec,
				   struct str annotation);

/* The directory an argument means: NULL when it is not known; 0 is the cwd. */
struct file *call_directory(struct call *c, unsigned dirfd);

/* The path in an argument, relative to what argument `dirfd` says (0: the cwd). Empty when the trace
 * shows none. It lives in the row or in space. */
struct str call_path(struct call *c, unsigned arg, unsigned dirfd, struct buf *space);

/* The row's path column, be it an argument or an annotation, as the one name of one file. */
struct str call_own_path(struct call *c);

#endif
