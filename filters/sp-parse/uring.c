/* Formats: include/trace/events/io_uring.h, 5.1 to 6.18.
 *
 *     io_uring_submit_req: ring 0xffff888126d96800, req 0xffff88814eee9100, user_data 0x0, opcode READ,
 *                          flags 0x400000, sq_thread 0
 *     io_uring_file_get: ring 0xffff888126d96800, req 0xffff88814eee9100, user_data 0x0, fd 5
 *     io_uring_complete: ring 0xffff888126d96800, req 0xffff88814eee9100, user_data 0x0, result 64, ... */
#include "uring.h"

#include <stdlib.h>

#include "number.h"
#include "raw_state.h"
#include "verbatim.h"

struct request {
	struct request *next; /* in the same bucket, oldest first */
	uint64_t ring, req, user_data;
	struct raw_record at; /* of the submission */
	uint64_t line;
	bool has_fd;
	int64_t fd;
	int64_t pid;
	struct str comm, opcode, args; /* escaped, behind the struct */
};

enum { BUCKETS = 1024 };

struct uring {
	struct raw *raw;
	struct request *bucket[BUCKETS];
	struct buf space;
};

/* IORING_OP_*, linux/io_uring.h: up to 5.17 the tracepoints print numbers. */
static const char *const opcodes[] = {
    "NOP",	     "READV",	       "WRITEV",       "FSYNC",	      "READ_FIXED",   "WRITE_FIXED",
    "POLL_ADD",	     "POLL_REMOVE",    "SYNC_FILE_RANGE", "SENDMSG",  "RECVMSG",      "TIMEOUT",
    "TIMEOUT_REMOVE", "ACCEPT",	       "ASYNC_CANCEL", "LINK_TIMEOUT", "CONNECT",     "FALLOCATE",
    "OPENAT",	     "CLOSE",	       "FILES_UPDATE", "STATX",	      "READ",	      "WRITE",
    "FADVISE",	     "MADVISE",	       "SEND",	       "RECV",	      "OPENAT2",      "EPOLL_CTL",
    "SPLICE",	     "PROVIDE_BUFFERS", "REMOVE_BUFFERS", "TEE",      "SHUTDOWN",     "RENAMEAT",
    "UNLINKAT",	     "MKDIRAT",	       "SYMLINKAT",    "LINKAT",
};

/* ---- fields ---- */

/* The value behind `key` in "ring 0xff, req 0xff, user_data 0x0": up to the next comma or blank. */
static struct str field(struct str text, const char *key)
{
	struct str piece;
	size_t n = strlen(key);
	while (str_cut(&text, ',', &piece)) {
		piece = str_trim(piece);
		if (!str_starts(piece, (struct str){key, n}) || piece.n <= n || piece.p[n] != ' ')
			continue;
		piece = str_trim(str_drop(piece, n));
		const char *blank = str_chr(piece, ' ');
		return blank ? str_between(piece.p, blank) : piece;
	}
	return (struct str){0};
}

/* Pointers come with 0x from perf and without from ftrace. */
static bool hex_field(struct str text, const char *key, uint64_t *value)
{
	struct str s = field(text, key);
	if (str_starts(s, STR("0x")))
		s = str_drop(s, 2);
	return raw_take_hex(&s, value) && s.n == 0;
}

/* What all events of a request begin with. */
static bool take_identity(struct str text, struct request *q)
{
	q->req = 0;
	hex_field(text, "req", &q->req);
	if (!q->req)
		hex_field(text, "request", &q->req);
	return hex_field(text, "ring", &q->ring) &&
	       (hex_field(text, "user_data", &q->user_data) ||
		hex_field(text, "data", &q->user_data));
}

/* ---- requests in flight ---- */

static struct request **bucket_of(struct uring *u, const struct request *q)
{
	uint64_t h = (q->ring ^ q->user_data) * 0x9e3779b97f4a7c15u;
	return &u->bucket[h >> 32 & (BUCKETS - 1)];
}

/* Where the link to the request is that `like` names; user data may be the same for many, and not
 * every kernel prints req. */
static struct request **find(struct uring *u, const struct request *like)
{
	struct request **at = bucket_of(u, like);
	for (; *at; at = &(*at)->next) {
		const struct request *q = *at;
		if (q->ring == like->ring && q->user_data == like->user_data &&
		    (!q->req || !like->req || q->req == like->req))
			break;
	}
	return at;
}

static void take_out(struct request **at)
{
	struct request *q = *at;
	*at = q->next;
	free(q);
}

/* ---- events ---- */

static bool is_one_of(struct str opcode, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(opcode, list[i]))
			return true;
	return false;
}

static void add_facts(struct event *e, struct str opcode, int64_t result)
{
	static const struct str moves[] = {{"READ", 4}, {"WRITE", 5},  {"SEND", 4},
					   {"RECV", 4}, {"SPLICE", 6}, {"TEE", 3}};
	static const struct str opens[] = {{"OPENAT", 6}, {"ACCEPT", 6}, {"SOCKET", 6}};
	e->text[EVENT_ERRNO] = raw_error(result);
	event_set(e, EVENT_RET, e->text[EVENT_ERRNO].n ? -1 : result);
	if (result < 0)
		return;
	if (is_one_of(opcode, moves, sizeof moves / sizeof *moves))
		event_set(e, EVENT_BYTES, result);
	else if (is_one_of(opcode, opens, sizeof opens / sizeof *opens))
		event_set(e, EVENT_FD, result);
}

static void begin(struct uring *u, struct event *e, const struct request *q)
{
	static const struct str prefix = {"io_uring", 8};
	memset(e, 0, sizeof *e);
	e->kind = EVENT_ASYNC;
	event_set(e, EVENT_PID, q->pid);
	event_set(e, EVENT_TID, q->at.tid);
	if (q->at.has_time)
		event_set(e, EVENT_START, q->at.time_ns);
	if (q->has_fd)
		event_set(e, EVENT_FD, q->fd);
	u->space.n = 0;
	buf_add_str(&u->space, prefix);
	if (q->opcode.n)
		buf_add_char(&u->space, ':');
	buf_add_str(&u->space, q->opcode);
	buf_reserve(&u->space, INPUT_SLACK);
	e->text[EVENT_SYSCALL] = buf_str(&u->space);
	e->text[EVENT_COMM] = q->comm;
	e->text[EVENT_ARGS] = q->args;
}

static void emit(struct uring *u, struct event *e)
{
	raw_release(u->raw);
	parse_event(u->raw->parse, e);
}

static void give_up(struct uring *u, struct request **at)
{
	struct event e;
	begin(u, &e, *at);
	e.text[EVENT_NOTE] = EVENT_LITERAL("completion not seen");
	emit(u, &e);
	take_out(at);
}

/* Copies s behind *room, with room for over-reading. */
static struct str keep(char **room, struct str s)
{
	struct str kept = {*room, s.n};
	if (s.n)
		memcpy(*room, s.p, s.n);
	*room += s.n;
	return kept;
}

static struct str opcode_of(struct str text)
{
	uint64_t number;
	struct str opcode = field(text, "opcode");
	if (opcode.n == 0)
		opcode = field(text, "op");
	if (number_u64(opcode, &number) && number < sizeof opcodes / sizeof *opcodes)
		return str_of(opcodes[number]);
	return opcode;
}

static bool submit(struct uring *u, const struct raw_record *at, struct str text)
{
	struct request q = {.at = *at, .line = u->raw->parse->in->line};
	if (!take_identity(text, &q))
		return false;
	/* The same request once more: its completion is not there. */
	struct request **last = find(u, &q);
	if (*last && (*last)->req && (*last)->req == q.req)
		give_up(u, last);
	struct raw_thread *th = raw_thread_of(u->raw, at);
	raw_thread_rename(th, at);
	q.pid = th->pid;
	struct buf text_space = {0}, opcode_space = {0};
	struct str args = verbatim_text(&text_space, str_trim(text));
	struct str opcode = verbatim_name(&opcode_space, opcode_of(text));
	struct request *kept =
	    xcalloc(1, sizeof q + th->comm.n + opcode.n + args.n + 2 + INPUT_SLACK);
	char *room = (char *)(kept + 1);
	q.comm = keep(&room, buf_str(&th->comm));
	q.opcode = keep(&room, opcode);
	q.args = keep(&room, STR("("));
	keep(&room, args);
	keep(&room, STR(")"));
	q.args.n += args.n + 1;
	*kept = q;
	buf_free(&text_space);
	buf_free(&opcode_space);
	struct request **end = bucket_of(u, kept);
	while (*end)
		end = &(*end)->next;
	*end = kept;
	accounts_part(&u->raw->parse->accounts);
	return true;
}

static bool complete(struct uring *u, const struct raw_record *at, struct str text)
{
	static const uint64_t more_follows = 2; /* IORING_CQE_F_MORE */
	struct request like = {0};
	struct str result_text = field(text, "result");
	int64_t result;
	uint64_t cflags = 0;
	if (!take_identity(text, &like) || !number_i64(result_text, &result))
		return false;
	hex_field(text, "cflags", &cflags);
	struct request **found = find(u, &like);
	struct event e;
	/* A loss may hide that the request was used again. */
	if (*found && (*found)->line > u->raw->lost_last) {
		const struct request *q = *found;
		begin(u, &e, q);
		if (at->has_time && q->at.has_time && at->time_ns >= q->at.time_ns)
			event_set(&e, EVENT_DUR, at->time_ns - q->at.time_ns);
		add_facts(&e, q->opcode, result);
		u->raw->parse->accounts.joined++;
	} else {
		like.at = *at;
		like.at.has_time = false;
		struct raw_thread *th = raw_thread_of(u->raw, at);
		raw_thread_rename(th, at);
		like.pid = th->pid;
		like.comm = buf_str(&th->comm);
		begin(u, &e, &like);
		e.text[EVENT_NOTE] = EVENT_LITERAL("submission not seen");
		add_facts(&e, (struct str){0}, result);
	}
	accounts_end(&u->raw->parse->accounts);
	emit(u, &e);
	if (*found && !(cflags & more_follows))
		take_out(found);
	return true;
}

static bool note_file(struct uring *u, struct str text)
{
	struct request like = {0};
	int64_t fd;
	if (!take_identity(text, &like) || !number_i64(field(text, "fd"), &fd))
		return false;
	struct request *q = *find(u, &like);
	if (!q)
		return false;
	q->has_fd = true;
	q->fd = fd;
	accounts_part(&u->raw->parse->accounts);
	return true;
}

bool uring_event(struct uring *u, const struct raw_record *at, struct str name, struct str text)
{
	if (!str_starts(name, STR("io_uring_")))
		return false;
	raw_note_time(u->raw, at);
	bool taken = false;
	if (str_eq(name, STR("io_uring_submit_req")) || str_eq(name, STR("io_uring_submit_sqe")))
		taken = submit(u, at, text);
	else if (str_eq(name, STR("io_uring_complete")))
		taken = complete(u, at, text);
	else if (str_eq(name, STR("io_uring_file_get")))
		taken = note_file(u, text);
	if (!taken)
		accounts_skip(&u->raw->parse->accounts, SKIP_OTHER);
	return true;
}

/* ---- a file ---- */

struct uring *uring_open(struct raw *r)
{
	struct uring *u = xcalloc(1, sizeof *u);
	u->raw = r;
	return u;
}

void uring_close(struct uring *u)
{
	for (;;) { /* in the order of their submission */
		struct request **oldest = NULL;
		for (size_t i = 0; i < BUCKETS; i++)
			if (u->bucket[i] && (!oldest || u->bucket[i]->line < (*oldest)->line))
				oldest = &u->bucket[i];
		if (!oldest)
			break;
		give_up(u, oldest);
	}
	buf_free(&u->space);
	free(u);
}
