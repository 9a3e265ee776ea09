#include "iocall_private.h"

#include <stdlib.h>

#include "arena.h"
#include "diag.h"

const struct iocall_info iocall_table[] = {
#define IOCALL(syscall, role, argument, names)                                                     \
	{{#syscall, sizeof #syscall - 1}, IOCALL_##role, argument, names},
#include "iocall.def"
#undef IOCALL
};
enum { TABLE = sizeof iocall_table / sizeof *iocall_table };

void iocalls_open(struct iocalls *c, struct tsv *t, size_t extra)
{
	*c = (struct iocalls){.t = t};
	opened_init(&c->opened, extra);
	c->kind = tsv_want(t, "kind");
	c->syscall = tsv_want(t, "syscall");
	c->fd = tsv_want(t, "fd");
	c->ret = tsv_want(t, "ret");
	c->error = tsv_want(t, "errno");
	c->bytes = tsv_want(t, "bytes");
	c->offset = tsv_want(t, "offset");
	c->pid = tsv_want(t, "pid");
	c->tid = tsv_want(t, "tid");
	c->path = tsv_want(t, "path");
	c->args = tsv_want(t, "args");
	c->host = tsv_want(t, "host");
	c->file = tsv_want(t, "file");
	c->fdtype = tsv_want(t, "fdtype");
	c->fdgen = tsv_want(t, "fdgen");
	c->row_of = xcalloc(syscall_count, sizeof *c->row_of);
	for (unsigned i = 0; i < TABLE; i++) {
		const struct syscall_info *info = syscall_by_name(iocall_table[i].name);
		c->row_of[info - syscall_table] = (uint8_t)(i + 1);
	}
}

void iocalls_header(struct iocalls *c)
{
	c->closed = NULL;
	opened_clear(&c->opened);
	c->has_kind = tsv_has(c->t, c->kind);
	c->has_pid = tsv_has(c->t, c->pid);
	c->has_tid = tsv_has(c->t, c->tid);
	c->has_source = tsv_has(c->t, c->host) || tsv_has(c->t, c->file);
	c->has_type = tsv_has(c->t, c->fdtype);
	c->source = 0;
	c->source_text.n = 0;
}

/* ---- fields ---- */

static void take_source(struct iocalls *c)
{
	struct str host = tsv_at(c->t, c->host), file = tsv_at(c->t, c->file);
	struct buf *text = &c->source_text;
	if (text->n == host.n + 1 + file.n && memcmp(text->p, host.p, host.n) == 0 &&
	    memcmp(text->p + host.n + 1, file.p, file.n) == 0)
		return;
	text->n = 0;
	buf_add_str(text, host);
	buf_add_char(text, '\t');
	buf_add_str(text, file);
	c->source = str_hash(buf_str(text));
}

static int64_t process_at(struct iocalls *c)
{
	int column = c->has_pid ? c->pid : c->tid;
	struct str field = tsv_at(c->t, column); /* empty where there is no such column */
	int64_t pid = 0;
	if (c->has_source)
		take_source(c);
	if (field.n && !number_again(field, &c->process, &pid))
		tsv_number(c->t, column, &pid);
	return pid;
}

/* ---- what has a position ---- */

/* What sp-fdmap says, or what the path looks like. Nothing known: what was never sought in is a
 * stream. */
static bool looks_like_stream(struct iocalls *c, bool opened_as_file)
{
	struct str type = c->has_type ? tsv_at(c->t, c->fdtype) : STR("");
	struct str path = tsv_at(c->t, c->path);
	if (type.n)
		return !str_eq(type, STR("file")) && !str_eq(type, STR("block")) &&
		       !str_eq(type, STR("dir"));
	if (str_starts(path, STR("/")))
		return str_starts(path, STR("/dev/")) && !str_starts(path, STR("/dev/shm/"));
	return !opened_as_file;
}

static struct opened_fd *add(struct iocalls *c, const struct opened_key *key, bool fresh, bool stream)
{
	int64_t generation = 0;
	tsv_fdgen(c->t, c->fdgen, &generation);
	struct opened_fd *fd = opened_add(&c->opened, key, generation, fresh);
	fd->file->is_stream = stream;
	fd->file->guessed = !c->has_type || tsv_at(c->t, c->fdtype).n == 0;
	return fd;
}

/* The one that the row at hand is about, added when it is not known. */
static struct opened_fd *descriptor_at(struct iocalls *c, const struct opened_key *key)
{
	int64_t generation = 0;
	tsv_fdgen(c->t, c->fdgen, &generation);
	struct opened_fd *fd = opened_find(&c->opened, key, generation);
	if (!fd && generation > 0) /* opened in the trace, but not by this process */
		fd = opened_inherit(&c->opened, key, generation);
	return fd ? fd : add(c, key, false, looks_like_stream(c, false));
}

/* ---- calls ---- */

static struct str argument(struct iocalls *c, struct args *args, unsigned i, unsigned row)
{
	args_begin(args, tsv_at(c->t, c->args));
	return args_at(args, i, iocall_table[row].names);
}

/* Bits of enum opened_flags. Numbers are those of x86-64: asm-generic/fcntl.h. O_SYNC has the bit of O_DSYNC, too. */
static unsigned flags_of(struct str text)
{
	static const struct flag flags[] = {{{"APPEND", 6}, 02000},
	                                    {{"DIRECT", 6}, 040000},
	                                    {{"DSYNC", 5}, 010000},
	                                    {{"SYNC", 4}, 0},
	                                    {{"TRUNC", 5}, 01000},
	                                    {{"WRONLY", 6}, 1},
	                                    {{"RDWR", 4}, 2},
	                                    {{"CREAT", 5}, 0100},
	                                    {{"DIRECTORY", 9}, 0200000}};
	return args_flags(text, flags, sizeof flags / sizeof *flags);
}

/* What `find` finds in the arguments from number `at` on; it is asked once for each text that these are. */
static unsigned meaning(struct iocalls *c, struct iocall_saying *sayings, unsigned at, unsigned row,
                        unsigned (*find)(struct args *args, unsigned row))
{
	struct args args;
	args_begin(&args, tsv_at(c->t, c->args));
	struct str text = args_from(&args, at);
	if (text.n == 0 || text.n > IOCALL_SAYING)
		return find(&args, row);
	size_t n = text.n < 8 ? text.n : 8; /* they differ in their lengths and ends */
	uint64_t mixed = (str_word(text.p + text.n - n, n) ^ text.n) * UINT64_C(0x9e3779b97f4a7c15);
	struct iocall_saying *s = &sayings[mixed >> (64 - IOCALL_SAYING_BITS)];
	if (s->n != text.n || memcmp(s->text, text.p, text.n) != 0) {
		s->n = (uint8_t)text.n;
		memcpy(s->text, text.p, text.n);
		s->means = (uint16_t)find(&args, row);
	}
	return s->means;
}

static unsigned flags_at(struct args *args, unsigned row)
{
	return flags_of(args_at(args, iocall_table[row].argument, iocall_table[row].names));
}

static void open_file(struct iocalls *c, struct iocall *call, const struct opened_key *key, unsigned row)
{
	unsigned at = iocall_table[row].argument;
	call->fd = add(c, key, true, looks_like_stream(c, true));
	if (at)
		call->fd->file->flags = meaning(c, c->flags, at, row, flags_at);
}

/* Both descriptors share one file and its position. */
static void copy(struct iocalls *c, struct opened_fd *old, const struct opened_key *from,
                 const struct opened_key *to, int64_t generation, struct iocall *call)
{
	call->from = call->fd = old;
	if (from->fd == to->fd)
		return;
	call->fd = opened_copy(&c->opened, old->file, to, generation);
	call->from = opened_find(&c->opened, from, OPENED_ANY); /* a bound may have been hit */
}

static void duplicate(struct iocalls *c, struct iocall *call, const struct opened_key *key, unsigned row)
{
	struct args args;
	struct opened_key from = *key;
	int64_t generation = 0;
	if (!args_number(argument(c, &args, iocall_table[row].argument, row), &from.fd))
		return;
	tsv_fdgen(c->t, c->fdgen, &generation);
	struct opened_fd *old = opened_find(&c->opened, &from, OPENED_ANY);
	if (!old) {
		old = opened_add(&c->opened, &from, OPENED_ANY, false);
		old->file->is_stream = looks_like_stream(c, false);
		old->file->guessed = true;
	}
	copy(c, old, &from, key, generation, call);
}

enum { COPIES = 1, COPIES_CLOEXEC = 2, SETS_FLAGS = 4, FLAGS = 3 /* bits behind which they stand */ };

/* F_SETFL leaves O_SYNC as it is (fcntl(2)). */
enum { SETTABLE = OPENED_APPEND | OPENED_DIRECT };

/* A word, or its number (asm-generic/fcntl.h, linux/fcntl.h). */
static unsigned command_of(struct str arg)
{
	static const struct flag words[] = {{{"DUPFD", 5}, 0}, {{"DUPFD_CLOEXEC", 13}, 0}, {{"SETFL", 5}, 0}};
	int64_t number;
	if (!args_number(arg, &number))
		return args_flags(arg, words, 3);
	return number == 0 ? COPIES : number == 1030 ? COPIES_CLOEXEC : number == 4 ? SETS_FLAGS : 0;
}

static unsigned command_at(struct args *args, unsigned row)
{
	unsigned command = command_of(args_at(args, 2, iocall_table[row].names));
	if (!(command & SETS_FLAGS))
		return command;
	return command | (flags_of(args_at(args, 3, iocall_table[row].names)) & SETTABLE) << FLAGS;
}

static void control(struct iocalls *c, struct iocall *call, const struct opened_key *key, unsigned row)
{
	unsigned command = meaning(c, c->commands, iocall_table[row].argument, row, command_at);
	struct opened_key to = *key;
	if (command & (COPIES | COPIES_CLOEXEC)) {
		if (tsv_i64(c->t, c->ret, &to.fd))
			copy(c, descriptor_at(c, key), key, &to, OPENED_ANY, call);
		call->role = IOCALL_DUP;
	} else if (command & SETS_FLAGS) {
		call->fd = descriptor_at(c, key);
		unsigned *flags = &call->fd->file->flags;
		*flags = (*flags & ~(unsigned)SETTABLE) | command >> FLAGS;
	}
}

static void map(struct iocalls *c, struct iocall *call, unsigned row)
{
	struct args args;
	int64_t length;
	if (!call->failed &&
	    args_number(argument(c, &args, iocall_table[row].argument, row), &length) && length > 0)
		call->mapped_bytes = (uint64_t)length;
}

static void act(struct iocalls *c, struct iocall *call, const struct opened_key *key, unsigned row)
{
	switch (call->role) {
	case IOCALL_READ:
	case IOCALL_WRITE:
		call->fd = descriptor_at(c, key);
		iocall_move(c, call, row);
		return;
	case IOCALL_SEEK:
		call->fd = descriptor_at(c, key);
		iocall_seek(c, call);
		return;
	case IOCALL_OPEN:
		if (!call->failed)
			open_file(c, call, key, row);
		return;
	case IOCALL_SOCKET:
	case IOCALL_ACCEPT:
		if (!call->failed)
			call->fd = add(c, key, true, true);
		return;
	case IOCALL_DUP:
		if (!call->failed)
			duplicate(c, call, key, row);
		return;
	case IOCALL_FCNTL:
		if (!call->failed)
			control(c, call, key, row);
		return;
	case IOCALL_CLOSE: /* Linux closes whatever the call returns (close(2)) */
		call->fd = opened_find(&c->opened, key, OPENED_ANY);
		if (call->failed && str_eq(tsv_at(c->t, c->error), STR("EBADF")))
			call->fd = NULL;
		c->closed = call->fd;
		return;
	case IOCALL_CONNECT:
		call->fd = descriptor_at(c, key);
		call->fd->file->is_stream = true;
		return;
	case IOCALL_MMAP:
		map(c, call, row);
		call->fd = opened_find(&c->opened, key, OPENED_ANY);
		return;
	case IOCALL_SYNC:
	case IOCALL_LIST:
		call->fd = opened_find(&c->opened, key, OPENED_ANY);
		return;
	case IOCALL_NONE:
	case IOCALL_OTHER:
		return;
	}
}

/* Threads share the descriptors of their process. Raw tracers print the flags as a number, first. */
static bool makes_thread(struct str args)
{
	struct args split;
	if (str_find(args, STR("CLONE_")) || str_find(args, STR("SIGCHLD")))
		return str_find(args, STR("CLONE_THREAD"));
	args_begin(&split, args);
	return args_flag(args_at(&split, 1, "clone_flags"), STR("THREAD"), 0x10000);
}

/* A row that may be a fork, in the parent. */
static void follow_fork(struct iocalls *c, const struct syscall_info *info)
{
	int64_t child;
	if (!syscall_creates_task(info->name))
		return;
	bool clone = str_starts(info->name, STR("clone"));
	if (tsv_i64(c->t, c->ret, &child) && child > 0 &&
	    !(clone && makes_thread(tsv_at(c->t, c->args))))
		opened_fork(&c->opened, c->source, process_at(c), child);
}

static bool is_call(struct iocalls *c)
{
	struct str kind = tsv_at(c->t, c->kind);
	if (c->t->fact->words || !c->has_kind || str_eq(kind, STR("call")))
		return true;
	if (str_eq(kind, STR("exit"))) { /* of a process, whose leader's number is its own */
		int64_t pid = process_at(c), tid = pid;
		if (c->has_tid)
			tsv_i64(c->t, c->tid, &tid);
		if (pid == tid)
			opened_exit(&c->opened, c->source, pid);
	}
	return false;
}

void iocalls_row(struct iocalls *c, const struct syscall_info *info, struct iocall *call)
{
	*call = (struct iocall){.start = ACCESS_UNKNOWN};
	c->other.role = IOCALL_NONE;
	if (c->closed)
		opened_remove(&c->opened, c->closed);
	c->closed = NULL;
	if (!is_call(c))
		return;
	unsigned row = info ? c->row_of[info - syscall_table] : 0;
	int64_t fd;
	bool has_fd = tsv_i64(c->t, c->fd, &fd) && fd >= 0;
	call->failed = tsv_at(c->t, c->error).n > 0;
	if (row == 0) {
		if (info && info->returns == SYSCALL_RETURNS_PID && !call->failed)
			follow_fork(c, info);
		call->role = has_fd ? IOCALL_OTHER : IOCALL_NONE;
		return;
	}
	row--;
	if (!has_fd && (iocall_table[row].role != IOCALL_OPEN || !call->failed))
		return;
	call->role = iocall_table[row].role;
	if (!has_fd)
		return;
	int64_t pid = process_at(c); /* which finds the source */
	c->key = (struct opened_key){c->source, pid, fd};
	act(c, call, &c->key, row);
}

void iocalls_close(struct iocalls *c)
{
	if (c->opened.forgotten)
		diag(DIAG_NOTE,
		     "more than %d descriptors were open at once: the positions of %llu, "
		     "used longest ago, were forgotten",
		     OPENED_MOST, (unsigned long long)c->opened.forgotten);
	if (c->opened.touched.dropped)
		diag(DIAG_NOTE,
		     "more than %d GiB of files were touched: rereads and overwrites are lower bounds",
		     TOUCHED_MOST / 4096);
	opened_free(&c->opened);
	buf_free(&c->source_text);
	free(c->row_of);
}
