#include "threads.h"

#include <stdlib.h>

#include "number.h"

/* Nothing for NO_TID: a thread that has a number may be of a process that has shown none. */
static char *put_tid(char *p, int64_t tid)
{
	return tid == NO_TID ? p : number_put_i64(p, tid);
}

struct str thread_make_digits(struct thread_digits *d, int64_t value)
{
	d->value = value;
	d->n = (size_t)(put_tid(d->digits, value) - d->digits);
	return (struct str){d->digits, d->n};
}

struct str thread_make_ids(struct thread *th)
{
	struct thread_ids *ids = &th->ids;
	*ids = (struct thread_ids){.pid = th->pid, .tid = th->tid};
	char *p = put_tid(ids->text, th->pid);
	*p++ = '\t';
	p = put_tid(p, th->tid);
	memcpy(p, "\tcall\t", 6);
	ids->n = (size_t)(p + 6 - ids->text);
	return (struct str){ids->text, ids->n};
}

static size_t home(const struct threads *t, int64_t tid)
{
	return ((uint64_t)tid * 0x9e3779b97f4a7c15u >> 32) & (t->cap - 1);
}

static struct thread **find_slot(const struct threads *t, int64_t tid)
{
	size_t i = home(t, tid);
	while (t->slot[i] && t->slot[i]->tid != tid)
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

struct thread *threads_find(struct threads *t, int64_t tid)
{
	if (t->last && t->last->tid == tid)
		return t->last;
	return t->cap ? *find_slot(t, tid) : NULL;
}

static void grow(struct threads *t)
{
	struct threads bigger = {.cap = t->cap ? t->cap * 2 : 64};
	bigger.slot = xcalloc(bigger.cap, sizeof *bigger.slot);
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i])
			*find_slot(&bigger, t->slot[i]->tid) = t->slot[i];
	free(t->slot);
	t->slot = bigger.slot;
	t->cap = bigger.cap;
}

static struct thread *insert(struct threads *t, int64_t tid, uint64_t line)
{
	if (t->n * 2 >= t->cap)
		grow(t);
	struct thread *th = xcalloc(1, sizeof *th);
	th->tid = th->pid = tid;
	th->born = line;
	*find_slot(t, tid) = th;
	t->n++;
	th->older = t->youngest;
	*(t->youngest ? &t->youngest->younger : &t->oldest) = th;
	t->youngest = th;
	return th;
}

static void set_comm(struct thread *th, struct str comm)
{
	th->comm.n = 0;
	buf_add_str(&th->comm, comm);
}

static void inherit(struct thread *child, const struct thread *parent, bool shares_pid)
{
	child->pid = shares_pid ? parent->pid : child->tid;
	set_comm(child, buf_str(&parent->comm));
}

/* A child's first line often comes before its parent's clone() returns: the parent is one of those
 * whose clone() is in flight and has no child yet. *alike: any of them would give it the same pid. */
static struct thread *expected_parent(const struct threads *t, bool *alike)
{
	struct thread *oldest = NULL;
	*alike = true;
	for (size_t i = 0; i < t->n_creating; i++) {
		struct thread *parent = t->creating[i];
		if (parent->call.child)
			continue;
		if (!oldest)
			oldest = parent;
		else if (parent->call.shares_pid != oldest->call.shares_pid ||
			 (parent->call.shares_pid && parent->pid != oldest->pid))
			*alike = false;
	}
	return oldest;
}

void threads_decide(struct threads *t, struct thread *th)
{
	bool alike;
	struct thread *parent = expected_parent(t, &alike);
	th->undecided = false;
	if (!parent)
		return;
	parent->call.child = th->tid;
	inherit(th, parent, parent->call.shares_pid);
}

struct thread *threads_get_slow(struct threads *t, int64_t tid, uint64_t line)
{
	struct thread *th = t->cap ? *find_slot(t, tid) : NULL;
	if (!th) {
		bool alike;
		th = insert(t, tid, line);
		if (t->attached_pid && !expected_parent(t, &alike))
			th->pid = t->attached_pid;
		expected_parent(t, &alike);
		th->undecided = !alike;
		if (alike)
			threads_decide(t, th);
	}
	t->last = th;
	return th;
}

void threads_enter(struct threads *t, struct thread *th, bool creates, bool shares_pid)
{
	th->call.active = true;
	th->call.creates = creates;
	th->call.shares_pid = shares_pid;
	th->call.child = 0;
	th->call.half.info = NULL;
	if (!creates)
		return;
	if (t->n_creating == t->cap_creating) {
		t->cap_creating = t->cap_creating ? t->cap_creating * 2 : 16;
		t->creating = xrealloc(t->creating, t->cap_creating, sizeof *t->creating);
	}
	t->creating[t->n_creating++] = th;
}

void threads_leave(struct threads *t, struct thread *th)
{
	if (th->call.active && th->call.creates) {
		size_t i = 0;
		while (t->creating[i] != th)
			i++;
		memmove(t->creating + i, t->creating + i + 1,
			(--t->n_creating - i) * sizeof *t->creating);
	}
	th->call.active = th->call.attached = false;
}

struct thread *threads_stale(struct threads *t, int64_t tid, uint64_t entered)
{
	struct thread *th = threads_find(t, tid);
	return th && th->born < entered && !th->undecided ? th : NULL;
}

struct thread *threads_born(struct threads *t, struct thread *parent, int64_t tid, bool shares_pid,
			    uint64_t entered, uint64_t line)
{
	struct thread *child = threads_find(t, tid), *stale = threads_stale(t, tid, entered);
	if (child == parent)
		return parent;
	struct thread *guess =
	    parent->call.active && parent->call.child && parent->call.child != tid
		? threads_find(t, parent->call.child)
		: NULL;
	if (guess) { /* it was not this parent's after all */
		guess->pid = guess->tid;
		parent->call.child = tid;
		threads_decide(t, guess);
	}
	if (stale) {
		threads_exit(t, stale);
		child = NULL;
	}
	if (!child) {
		child = insert(t, tid, line);
		inherit(child, parent, shares_pid);
		return child;
	}
	bool named = child->comm.n > 0; /* it may have exec'ed already */
	child->undecided = false;
	child->pid = shares_pid ? parent->pid : child->tid;
	if (!named)
		set_comm(child, buf_str(&parent->comm));
	return child;
}

void threads_supersede(struct threads *t, struct thread *from, struct thread *to)
{
	threads_leave(t, to);
	struct buf text = to->call.text;
	struct pending call = from->call;
	bool creates = call.active && call.creates;
	threads_leave(t, from);
	to->call = call;
	to->call.active = false;
	if (call.active)
		threads_enter(t, to, creates, call.shares_pid);
	from->call.text = text;
	threads_exit(t, from);
}

static struct str call_name(const struct thread *th)
{
	struct str text = buf_str(&th->call.text), name = {0};
	str_cut(&text, '(', &name);
	return name;
}

struct thread *threads_in_call(struct threads *t, int64_t pid, struct str name,
			       const struct thread *except)
{
	for (size_t i = 0; i < t->cap; i++) {
		struct thread *th = t->slot[i];
		if (th && th != except && th->pid == pid && th->call.active &&
		    str_eq(call_name(th), name))
			return th;
	}
	return NULL;
}

/* Takes a thread out of the table by shifting the rest of its run back: no tombstones, so that lookups
 * stay short however many threads come and go. */
static void take_out(struct threads *t, const struct thread *th)
{
	size_t hole = (size_t)(find_slot(t, th->tid) - t->slot), mask = t->cap - 1;
	for (size_t i = (hole + 1) & mask; t->slot[i]; i = (i + 1) & mask) {
		size_t wants = home(t, t->slot[i]->tid);
		if (((i - wants) & mask) >= ((i - hole) & mask)) {
			t->slot[hole] = t->slot[i];
			hole = i;
		}
	}
	t->slot[hole] = NULL;
	t->n--;
	t->removals++;
	if (t->last == th)
		t->last = NULL;
}

struct thread *threads_rename(struct threads *t, struct thread *th, int64_t tid)
{
	take_out(t, th);
	if (th->pid == th->tid)
		th->pid = tid;
	for (size_t i = 0; i < t->cap; i++) /* its threads */
		if (t->slot[i] && t->slot[i]->pid == th->tid)
			t->slot[i]->pid = tid;
	th->tid = tid;
	*find_slot(t, tid) = th;
	t->n++;
	t->last = th;
	return th;
}

struct thread *threads_survivor(const struct threads *t)
{
	return t->oldest;
}

static void free_thread(struct thread *th)
{
	buf_free(&th->comm);
	buf_free(&th->call.text);
	free(th);
}

void threads_exit(struct threads *t, struct thread *th)
{
	threads_leave(t, th);
	take_out(t, th);
	*(th->older ? &th->older->younger : &t->oldest) = th->younger;
	*(th->younger ? &th->younger->older : &t->youngest) = th->older;
	free_thread(th);
}

void threads_each(struct threads *t, void (*visit)(void *context, struct thread *th), void *context)
{
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i])
			visit(context, t->slot[i]);
}

void threads_clear(struct threads *t)
{
	for (size_t i = 0; i < t->cap; i++) {
		if (t->slot[i])
			free_thread(t->slot[i]);
	}
	free(t->slot);
	free(t->creating);
	*t = (struct threads){.removals = t->removals + 1};
}
