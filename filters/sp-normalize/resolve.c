#include "resolve.h"

#include <stdlib.h>

#include "number.h"
#include "process.h"

enum { FIRST_FD = 3, ARGS_MOST = 12 };

/* Arguments of these kinds beside those that syscall.def names: bits 1 << argument. */
static const struct {
	struct str syscall;
	unsigned fds, pids;
} more_args[] = {
#define ARGS(syscall, fds, pids) {{#syscall, sizeof #syscall - 1}, fds, pids},
#define ARG(n) (1u << (n))
#include "args.def"
#undef ARG
#undef ARGS
};

struct resolver {
	struct trace *t;
	unsigned kinds;
	struct process *process; /* by the task that leads it */
	struct ids addresses, foreign;
	uint32_t things, strangers;
	/* The row at hand. */
	struct fields f;
	struct row *row;
	struct process *p;
	uint32_t leader;
	const struct syscall_info *info;
	unsigned fd_mask, pid_mask;
	bool done; /* the call succeeded */
	int64_t ret, start, end; /* start: INT64_MAX when the trace has no times */
	int64_t when;		 /* start while arguments are named, end for what is returned */
	uint64_t value[ARGS_MOST]; /* of plain numbers among the arguments, from 1 */
	struct {
		size_t at, n;
	} place[ARGS_MOST];
};

static void token(struct resolver *r, uint32_t at, size_t n, uint32_t kind, uint32_t id, uint64_t offset)
{
	trace_token(r->t, r->row, (struct token){at, (uint32_t)n, id, kind, offset});
}

/* ---- what a number stands for ---- */

static uint32_t fd_id(struct resolver *r, uint64_t fd)
{
	struct range *known = ranges_find(&r->p->fds, fd);
	if (known)
		return range_id(known, r->when);
	ranges_add(&r->p->fds, (struct range){.from = fd, .to = fd + 1, .id = r->things, .since = INT64_MIN});
	return r->things++;
}

static void new_fd(struct resolver *r, uint64_t fd, int64_t since)
{
	if (fd >= FIRST_FD)
		ranges_add(&r->p->fds,
			   (struct range){.from = fd, .to = fd + 1, .id = r->things++, .since = since});
}

static void fd_token(struct resolver *r, uint32_t at, size_t n, uint64_t fd)
{
	if (r->kinds & RESOLVE_DESCRIPTORS && fd >= FIRST_FD && fd < 1 << 30)
		token(r, at, n, TOKEN_FD, fd_id(r, fd), 0);
}

/* Programs that are not position-independent have their own data below 4 GiB, at addresses that are
 * the same in every run; flags are there too. Beyond 2^56 nothing is an address. */
static void address_token(struct resolver *r, uint32_t at, size_t n, uint64_t a)
{
	if (!(r->kinds & RESOLVE_ADDRESSES))
		return;
	struct range *map = ranges_find(&r->p->maps, a);
	if (!map && a >= r->p->heap && str_eq(r->f.of[EVENT_SYSCALL], STR("brk")))
		map = ranges_find(&r->p->maps, r->p->heap); /* where the heap is to end */
	if (map) {
		token(r, at, n, TOKEN_ADDR, range_id(map, r->when), a - map->base);
		return;
	}
	if (a >> 32 == 0 || a >> 56 != 0)
		return;
	uint32_t *id = ids_at(&r->addresses, ids_pair(r->leader, a));
	if (*id == IDS_NONE)
		*id = r->things++;
	token(r, at, n, TOKEN_ADDR, *id, 0);
}

static void pid_token(struct resolver *r, uint32_t at, struct str digits)
{
	if (!(r->kinds & RESOLVE_PIDS) || str_eq(digits, STR("0")))
		return;
	uint32_t task = trace_task(r->t, &r->f, digits);
	if (task != NO_TASK) {
		token(r, at, digits.n, TOKEN_PID, task, 0);
		return;
	}
	uint32_t *id = ids_at(&r->foreign, str_hash(digits));
	if (*id == IDS_NONE)
		*id = (uint32_t)r->t->tasks + r->strangers++;
	token(r, at, digits.n, TOKEN_PID, *id, 0);
}

/* ---- arguments ---- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Behind the string, the comment or the <annotation> that begins at i. */
static size_t skip(struct str s, size_t i)
{
	if (s.p[i] == '"') {
		for (i++; i < s.n && s.p[i] != '"'; i++)
			i += s.p[i] == '\\';
		return i + 1 < s.n ? i + 1 : s.n;
	}
	if (s.p[i] == '<') { /* TCP:[127.0.0.1:80->127.0.0.1:9] has an arrow inside */
		for (i++; i < s.n && (s.p[i] != '>' || s.p[i - 1] == '-'); i++)
			;
		return i + 1 < s.n ? i + 1 : s.n;
	}
	const char *end = memmem(s.p + i, s.n - i, "*/", 2);
	return end ? (size_t)(end - s.p) + 2 : s.n;
}

static bool follows(struct str s, size_t at, struct str key)
{
	return at >= key.n && memcmp(s.p + at - key.n, key.p, key.n) == 0;
}

/* A decimal number: by its place it is a descriptor, a process, an address (epoll's data) or itself. */
static void decimal(struct resolver *r, struct str s, size_t at, size_t n, unsigned arg, unsigned depth)
{
	struct str digits = {s.p + at, n};
	uint64_t value;
	if (!number_u64(digits, &value))
		return;
	bool whole = depth == 1 && arg < ARGS_MOST;
	bool negative = at && s.p[at - 1] == '-';
	if (whole)
		r->value[arg] = value;
	bool set = depth == 2 && s.p[at - 1] != '=' && r->info &&
		   (str_eq(r->info->name, STR("select")) || str_eq(r->info->name, STR("pselect6")));
	bool pair = depth == 2 && r->info &&
		    (str_starts(r->info->name, STR("pipe")) || str_eq(r->info->name, STR("socketpair")));
	if (negative && value == 1) /* -1: none, or all */
		return;
	if (follows(s, at, STR("pid=")) || follows(s, at, STR("tid=[")) || follows(s, at, STR("pid=[")) ||
	    (whole && r->pid_mask >> arg & 1))
		pid_token(r, (uint32_t)at, digits);
	else if (!negative && (follows(s, at, STR("fd=")) || follows(s, at, STR("cmsg_data=[")) || set ||
			       pair || (at + n < s.n && s.p[at + n] == '<') ||
			       (whole && r->fd_mask >> arg & 1)))
		fd_token(r, (uint32_t)at, n, value);
	else if (follows(s, at, STR("u64=")) && value >> 32)
		address_token(r, (uint32_t)at, n, value);
}

static void hexadecimal(struct resolver *r, struct str s, size_t at, size_t n, unsigned arg, unsigned depth)
{
	int64_t value;
	if (!number_any((struct str){s.p + at, n}, &value))
		return;
	bool whole = depth == 1 && arg < ARGS_MOST;
	if (whole)
		r->value[arg] = (uint64_t)value;
	if (whole && r->info && r->info->offset == arg)
		return;
	address_token(r, (uint32_t)at, n, (uint64_t)value);
}

static void scan(struct resolver *r, struct str s)
{
	unsigned depth = 0, arg = 0;
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];
		if (c == '"' || (c == '<' && i && is_word(s.p[i - 1])) ||
		    (c == '/' && i + 1 < s.n && s.p[i + 1] == '*')) {
			i = skip(s, i);
		} else if (c == '(' || c == '[' || c == '{') {
			arg += depth++ == 0;
			i++;
		} else if (c == ')' || c == ']' || c == '}') {
			depth -= depth > 0;
			i++;
		} else if (c == ',') {
			arg += depth == 1;
			i++;
		} else if (is_word(c)) {
			size_t at = i;
			while (i < s.n && is_word(s.p[i]))
				i++;
			if (depth == 1 && arg < ARGS_MOST) {
				r->place[arg].at = at;
				r->place[arg].n = i - at;
			}
			if (i - at > 2 && c == '0' && s.p[at + 1] == 'x')
				hexadecimal(r, s, at, i - at, arg, depth);
			else if (c >= '0' && c <= '9')
				decimal(r, s, at, i - at, arg, depth);
		} else {
			i++;
		}
	}
}

/* ---- what the call changes ---- */

static bool is_call(const struct resolver *r, const char *name)
{
	return str_eq(r->f.of[EVENT_SYSCALL], str_of(name));
}

/* The numbers in the brackets of pipe([3, 4]) and socketpair are new descriptors. */
static void open_pair(struct resolver *r, struct str args)
{
	const char *open = memchr(args.p, '[', args.n);
	for (int i = 0; open && i < 2; i++) {
		struct str rest = str_between(open + 1, args.p + args.n);
		uint64_t fd;
		if (!number_take_u64(&rest, &fd))
			return;
		new_fd(r, fd, INT64_MIN);
		const char *comma = str_chr(rest, ',');
		if (!comma || rest.p[0] == ']')
			return;
		open = comma + 1 < args.p + args.n && comma[1] == ' ' ? comma + 1 : comma;
	}
}

static bool opens_fd(const struct resolver *r)
{
	if (r->info && r->info->returns == SYSCALL_RETURNS_FD)
		return true;
	return is_call(r, "fcntl") && str_find(r->f.of[EVENT_ARGS], STR("F_DUPFD"));
}

static void before_scan(struct resolver *r)
{
	if (!r->done)
		return;
	if (is_call(r, "pipe") || is_call(r, "pipe2") || is_call(r, "socketpair"))
		open_pair(r, r->f.of[EVENT_ARGS]);
	/* A new descriptor is named behind the arguments, dup2's in them. */
	if (opens_fd(r) && (is_call(r, "dup2") || is_call(r, "dup3")))
		new_fd(r, (uint64_t)r->ret, INT64_MIN);
}

/* A cut that leaves a part of reserved address space makes it aligned; where it falls is chance. */
static void unmap(struct resolver *r, uint64_t from, uint64_t length)
{
	struct range *map = ranges_find(&r->p->maps, from);
	bool part = map && map->reserved && (from != map->from || from + length < map->to);
	if (part && r->kinds & RESOLVE_ADDRESSES)
		token(r, (uint32_t)r->place[2].at, r->place[2].n, TOKEN_TRIM, 0, 0);
	if (r->done && from + length > from)
		ranges_remove(&r->p->maps, from, from + length, r->start);
}

static void map(struct resolver *r, uint64_t at, uint64_t length)
{
	struct range *known = ranges_find(&r->p->maps, at);
	if (known && r->value[1] == at) /* MAP_FIXED in a mapping: the loader lays out a library */
		return;
	struct str args = r->f.of[EVENT_ARGS];
	bool reserved = str_find(args, STR("PROT_NONE")) && str_find(args, STR("MAP_NORESERVE"));
	uint32_t *met = ids_at(&r->addresses, ids_pair(r->leader, at));
	uint32_t id = *met != IDS_NONE && r->value[1] == at ? *met : r->things++;
	if (at + length > at)
		ranges_add(&r->p->maps, (struct range){.from = at, .to = at + length, .id = id,
						       .reserved = reserved, .since = r->end});
}

static void move(struct resolver *r, uint64_t to)
{
	struct range *known = ranges_find(&r->p->maps, r->value[1]);
	uint32_t id = known && known->from == r->value[1] ? known->id : r->things++;
	if (r->value[1] + r->value[2] > r->value[1])
		ranges_remove(&r->p->maps, r->value[1], r->value[1] + r->value[2], r->start);
	if (to + r->value[3] > to)
		ranges_add(&r->p->maps, (struct range){.from = to, .to = to + r->value[3], .id = id, .since = r->end});
}

static void set_heap(struct resolver *r, uint64_t end)
{
	uint32_t id = r->things;
	struct range *known = r->p->heap ? ranges_find(&r->p->maps, r->p->heap) : NULL;
	if (!known || end < r->p->heap) {
		r->p->heap = end;
		r->things++;
	} else {
		id = known->id;
	}
	ranges_add(&r->p->maps, (struct range){.from = r->p->heap, .to = end + 1, .id = id, .since = INT64_MIN});
}

/* Effects that the value returned is named by. */
static void after_scan(struct resolver *r)
{
	uint64_t ret = (uint64_t)r->ret;
	if (!r->done || !r->info)
		return;
	if (is_call(r, "brk"))
		set_heap(r, ret);
	else if (str_starts(r->info->name, STR("mmap")))
		map(r, ret, r->value[2]);
	else if (is_call(r, "mremap"))
		move(r, ret);
	else if (is_call(r, "shmat"))
		ranges_add(&r->p->maps, (struct range){.from = ret, .to = ret + 1, .id = r->things++, .since = r->end});
	else if (opens_fd(r) && !is_call(r, "dup2") && !is_call(r, "dup3"))
		new_fd(r, ret, r->end);
}

/* Effects on what is named in the call itself: these are gone when it returns. */
static void at_the_end(struct resolver *r)
{
	if (is_call(r, "munmap") && r->place[2].n)
		unmap(r, r->value[1], r->value[2]);
	if (!r->done)
		return;
	if (is_call(r, "close"))
		ranges_remove(&r->p->fds, r->value[1], r->value[1] + 1, r->start);
	else if (is_call(r, "close_range") && r->value[2] >= r->value[1] && !str_chr(r->f.of[EVENT_ARGS], '|'))
		ranges_remove(&r->p->fds, r->value[1], r->value[2] + 1, r->start);
	else if (str_starts(r->f.of[EVENT_SYSCALL], STR("execve"))) {
		free(r->p->maps.at); /* a new image: the old mappings are gone */
		r->p->maps = (struct ranges){0};
		r->p->heap = 0;
	}
}

static void result(struct resolver *r)
{
	struct str ret = r->f.of[EVENT_RET], fd = r->f.of[EVENT_FD];
	uint64_t n;
	bool made_fd = r->done && opens_fd(r);
	if (r->done && r->info && r->info->returns == SYSCALL_RETURNS_POINTER)
		address_token(r, AT_RET, 0, (uint64_t)r->ret);
	else if (r->done && r->info && r->info->returns == SYSCALL_RETURNS_PID)
		pid_token(r, AT_RET, ret);
	else if (made_fd)
		fd_token(r, AT_RET, 0, (uint64_t)r->ret);
	if (number_u64(fd, &n))
		fd_token(r, AT_FD, 0, n);
}

static void masks(struct resolver *r)
{
	r->fd_mask = r->pid_mask = 0;
	if (!r->info)
		return;
	r->fd_mask = (1u << r->info->fd | 1u << r->info->dirfd | 1u << r->info->dirfd2) & ~1u;
	for (size_t i = 0; i < sizeof more_args / sizeof *more_args; i++) {
		if (!str_eq(r->info->name, more_args[i].syscall))
			continue;
		r->fd_mask |= more_args[i].fds;
		r->pid_mask |= more_args[i].pids;
	}
}

static void begin(struct resolver *r, uint32_t task)
{
	const struct task *k = &r->t->task[task];
	struct process *p = &r->process[k->leader];
	if (!p->begun && k->leader == task && k->parent != NO_TASK)
		process_fork(p, &r->process[r->t->task[k->parent].leader]);
	p->begun = true;
}

/* Whether the descriptor or address in the row is one that the call made. */
static bool made_by(const struct resolver *r)
{
	return r->done && r->info && (opens_fd(r) || r->info->returns == SYSCALL_RETURNS_POINTER);
}

static void resolve_row(struct resolver *r)
{
	begin(r, r->row->task);
	r->leader = r->t->task[r->row->task].leader;
	r->p = &r->process[r->leader];
	r->info = syscall_by_name(r->f.of[EVENT_SYSCALL]);
	r->done = r->f.of[EVENT_ERRNO].n == 0 && number_i64(r->f.of[EVENT_RET], &r->ret);
	int64_t dur;
	if (!number_i64(r->f.of[EVENT_START], &r->start))
		r->start = INT64_MAX;
	r->end = r->start == INT64_MAX ? INT64_MIN : r->start;
	if (r->end != INT64_MIN && number_i64(r->f.of[EVENT_DUR], &dur) &&
	    __builtin_add_overflow(r->end, dur, &r->end))
		r->end = r->start;
	memset(r->value, 0, sizeof r->value);
	memset(r->place, 0, sizeof r->place);
	masks(r);
	before_scan(r);
	r->when = r->start;
	scan(r, r->f.of[EVENT_ARGS]);
	after_scan(r);
	r->when = made_by(r) ? INT64_MAX : r->start;
	result(r);
	at_the_end(r);
	if (r->row->child != NO_TASK)
		begin(r, r->row->child);
}

void resolve(struct trace *t, unsigned kinds)
{
	struct resolver r = {.t = t, .kinds = kinds};
	r.process = xcalloc(t->tasks + 1, sizeof *r.process);
	for (size_t i = 0; i < t->rows; i++) {
		r.row = &t->row[i];
		trace_split(t, trace_row(t, r.row), &r.f);
		resolve_row(&r);
	}
	for (size_t i = 0; i < t->tasks; i++)
		process_free(&r.process[i]);
	free(r.process);
	ids_free(&r.addresses);
	ids_free(&r.foreign);
}
