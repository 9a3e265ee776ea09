/* Threads by their numbers, and whose they are. */
#include <stdlib.h>

#include "raw_state.h"

static size_t home(const struct raw_threads *t, int64_t tid)
{
	return ((uint64_t)tid * 0x9e3779b97f4a7c15u >> 32) & (t->cap - 1);
}

static struct raw_thread **find_slot(const struct raw_threads *t, int64_t tid)
{
	size_t i = home(t, tid);
	while (t->slot[i] && t->slot[i]->tid != tid)
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

struct raw_thread *raw_thread_find(struct raw_threads *t, int64_t tid)
{
	if (t->last && t->last->tid == tid)
		return t->last;
	return t->cap ? *find_slot(t, tid) : NULL;
}

static void free_thread(struct raw_thread *th)
{
	buf_free(&th->raw_comm);
	buf_free(&th->comm);
	buf_free(&th->path);
	buf_free(&th->call.text);
	buf_free(&th->call.stack);
	free(th);
}

static bool is_over(const struct raw_thread *th)
{
	return (th->dead || th->doomed) && !th->call.active;
}

/* Room for one more. The dead are kept only until then: their exit records may still come. */
static void make_room(struct raw_threads *t, const struct raw_thread *spare)
{
	size_t alive = 0;
	for (size_t i = 0; i < t->cap; i++)
		alive += t->slot[i] && !is_over(t->slot[i]);
	struct raw_threads anew = {.cap = 64};
	while (anew.cap < alive * 4)
		anew.cap *= 2;
	anew.slot = xcalloc(anew.cap, sizeof *anew.slot);
	for (size_t i = 0; i < t->cap; i++) {
		struct raw_thread *th = t->slot[i];
		if (th && is_over(th) && th != spare) {
			free_thread(th);
		} else if (th) {
			*find_slot(&anew, th->tid) = th;
			anew.n++;
		}
	}
	free(t->slot);
	*t = anew;
}

/* Somebody new under this number. */
static void begin(struct raw_thread *th, int64_t tid, uint64_t line)
{
	struct buf raw_comm = th->raw_comm, comm = th->comm, path = th->path;
	struct buf text = th->call.text, stack = th->call.stack;
	raw_comm.n = comm.n = path.n = text.n = stack.n = 0;
	*th = (struct raw_thread){.tid = tid,
				  .pid = tid,
				  .parent = NO_TID,
				  .arch = raw_default_arch(),
				  .silent = true,
				  .born = line,
				  .raw_comm = raw_comm,
				  .comm = comm,
				  .path = path,
				  .call = {.text = text, .stack = stack}};
}

/* spare: a thread that the caller holds. */
static struct raw_thread *get(struct raw *r, int64_t tid, const struct raw_thread *spare)
{
	struct raw_threads *t = &r->threads;
	struct raw_thread *th = raw_thread_find(t, tid);
	if (!th) {
		if (t->n * 2 >= t->cap)
			make_room(t, spare);
		th = xcalloc(1, sizeof *th);
		*find_slot(t, tid) = th;
		t->n++;
		begin(th, tid, r->parse->in->line);
		th->tid = tid;
	} else if (th->dead) {
		begin(th, tid, r->parse->in->line);
	}
	return th;
}

static void rename_thread(struct raw_thread *th, struct str comm)
{
	if (str_eq(comm, buf_str(&th->raw_comm)) && (comm.n == 0 || th->comm.n))
		return;
	th->raw_comm.n = th->comm.n = 0;
	buf_add_str(&th->raw_comm, comm);
	event_escape(&th->comm, comm);
	buf_reserve(&th->comm, INPUT_SLACK);
}

void raw_thread_rename(struct raw_thread *th, const struct raw_record *at)
{
	if (at->has_comm)
		rename_thread(th, at->comm);
}

struct raw_thread *raw_thread_of(struct raw *r, const struct raw_record *at)
{
	struct raw_thread *th = r->threads.last;
	if (!th || th->tid != at->tid || th->dead)
		th = r->threads.last = get(r, at->tid, NULL);
	if (at->pid != NO_TID) {
		th->pid = at->pid;
		th->pid_told = true;
	}
	return th;
}

void raw_thread_born(struct raw *r, struct raw_thread *parent, int64_t tid, int64_t pid)
{
	const struct raw_call *call = &parent->call;
	struct raw_thread *child = raw_thread_find(&r->threads, tid);
	/* Its first records may come before the parent's clone returns; who is older was somebody else. */
	if (child && !child->silent && child->parent != parent->tid &&
	    !(call->active && child->born > call->line)) {
		if (child->call.active)
			raw_give_up(r, child, EVENT_LITERAL("return not seen"));
		child->dead = true;
	}
	if (!child || child->dead)
		child = get(r, tid, parent);
	if (!child->pid_told)
		child->pid = pid != NO_TID ? pid : call->active && call->shares_pid ? parent->pid : tid;
	child->pid_told |= pid != NO_TID;
	child->parent = parent->tid;
	if (child->silent)
		child->arch = parent->arch;
	if (child->raw_comm.n == 0)
		rename_thread(child, buf_str(&parent->raw_comm));
}

static bool is_same_call(const struct raw_call *call, const struct raw_body *b)
{
	struct str name = {call->text.p, call->name_n};
	return b->named ? call->named && str_eq(name, b->name)
			: call->numbered && call->number == b->number;
}

struct raw_thread *raw_thread_maker(struct raw *r, const struct raw_body *b)
{
	struct raw_thread *oldest = NULL;
	for (size_t i = 0; i < r->threads.cap; i++) {
		struct raw_thread *th = r->threads.slot[i];
		if (th && th->call.active && th->call.creates && !th->call.claimed &&
		    is_same_call(&th->call, b) && (!oldest || th->call.line < oldest->call.line))
			oldest = th;
	}
	return oldest;
}

struct raw_thread *raw_thread_in_exec(struct raw *r, const struct raw_thread *th)
{
	for (size_t i = 0; i < r->threads.cap; i++) {
		struct raw_thread *other = r->threads.slot[i];
		if (other && other != th && other->pid == th->pid &&
		    (other->call.active ? str_starts(buf_str(&other->call.text), STR("execve"))
					: other->path.n > 0))
			return other;
	}
	return NULL;
}

void raw_threads_each(struct raw *r, void (*visit)(struct raw *r, struct raw_thread *th, void *with),
		      void *with)
{
	for (size_t i = 0; i < r->threads.cap; i++)
		if (r->threads.slot[i])
			visit(r, r->threads.slot[i], with);
}

void raw_threads_free(struct raw_threads *t)
{
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i])
			free_thread(t->slot[i]);
	free(t->slot);
	*t = (struct raw_threads){0};
}
