#include "resolve.h"

#include <stdlib.h>

#include "number.h"
#include "resolver.h"

static void new_fd(struct resolver *r, uint64_t fd, int64_t since)
{
	if (fd >= FIRST_FD)
		ranges_add(
		    &r->p->fds,
		    (struct range){.from = fd, .to = fd + 1, .id = r->things++, .since = since});
}

/* ---- what the call changes ---- */

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
		trace_token(r->t, r->row,
		            (struct token){(uint32_t)r->place[2].at, (uint32_t)r->place[2].n,
		                           .kind = TOKEN_TRIM});
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
		ranges_add(&r->p->maps, (struct range){.from = at,
		                                       .to = at + length,
		                                       .id = id,
		                                       .reserved = reserved,
		                                       .since = r->end});
}

static void move(struct resolver *r, uint64_t to)
{
	struct range *known = ranges_find(&r->p->maps, r->value[1]);
	uint32_t id = known && known->from == r->value[1] ? known->id : r->things++;
	if (r->value[1] + r->value[2] > r->value[1])
		ranges_remove(&r->p->maps, r->value[1], r->value[1] + r->value[2], r->start);
	if (to + r->value[3] > to)
		ranges_add(
		    &r->p->maps,
		    (struct range){.from = to, .to = to + r->value[3], .id = id, .since = r->end});
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
	ranges_add(&r->p->maps,
	           (struct range){.from = r->p->heap, .to = end + 1, .id = id, .since = INT64_MIN});
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
		ranges_add(
		    &r->p->maps,
		    (struct range){.from = ret, .to = ret + 1, .id = r->things++, .since = r->end});
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
	else if (is_call(r, "close_range") && r->value[2] >= r->value[1] &&
	         !str_chr(r->f.of[EVENT_ARGS], '|'))
		ranges_remove(&r->p->fds, r->value[1], r->value[2] + 1, r->start);
	else if (str_starts(r->f.of[EVENT_SYSCALL], STR("execve"))) {
		free(r->p->maps.at); /* a new image: the old mappings are gone */
		r->p->maps = (struct ranges){0};
		r->p->heap = 0;
	}
}

/* What a handler interrupted had returned shows once more: the fork of a child that ended at once, say. */
static bool returns_child(const struct resolver *r, struct str ret)
{
	if (!str_eq(r->f.of[EVENT_SYSCALL], STR("rt_sigreturn")) || r->ret <= 0)
		return false;
	uint32_t task = trace_task(r->t, &r->f, ret);
	uint32_t parent = task == NO_TASK ? NO_TASK : r->t->task[task].parent;
	return parent != NO_TASK && r->t->task[parent].leader == r->leader;
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
	else if (r->done && returns_child(r, ret))
		pid_token(r, AT_RET, ret);
	else if (made_fd)
		fd_token(r, AT_RET, 0, (uint64_t)r->ret);
	if (number_u64(fd, &n))
		fd_token(r, AT_FD, 0, n);
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
	before_scan(r);
	r->when = r->start;
	scan_arguments(r);
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
