/* Processes, as far as records tell: who made whom, who executes what, who is gone. */
#include "number.h"
#include "raw_state.h"

void raw_path(struct raw *r, int64_t tid, struct str path)
{
	struct raw_thread *th =
	    raw_thread_of(r, &(struct raw_record){.tid = tid, .pid = NO_TID, .cpu = -1});
	raw_settle(r, th);
	th->path.n = 0;
	event_escape(&th->path, path);
	buf_reserve(&th->path, INPUT_SLACK);
	th->path_line = r->parse->in->line;
}

void raw_struct(struct raw *r, int64_t tid, uint64_t flags)
{
	struct raw_thread *th =
	    raw_thread_of(r, &(struct raw_record){.tid = tid, .pid = NO_TID, .cpu = -1});
	raw_settle(r, th);
	th->flags = flags;
	th->flags_line = r->parse->in->line;
}

void raw_note_time(struct raw *r, const struct raw_record *at)
{
	r->ticking |= at->has_time;
	if (at->has_time)
		r->last_ns = at->time_ns;
}

void raw_rename(struct raw *r, const struct raw_record *at)
{
	raw_thread_rename(raw_thread_of(r, at), at);
}

void raw_fork(struct raw *r, const struct raw_record *at, int64_t child, int64_t child_pid)
{
	struct raw_thread *parent = raw_thread_of(r, at);
	raw_note_time(r, at);
	raw_thread_rename(parent, at);
	if (child != at->tid)
		raw_thread_born(r, parent, child, child_pid);
}

/* exec from another thread than the first: that one goes on under the first one's number. */
static void supersede(struct raw *r, struct raw_thread *to, struct raw_thread *from)
{
	if (to->call.active)
		raw_give_up(r, to, EVENT_LITERAL("return not seen"));
	struct raw_call call = to->call;
	struct buf path = to->path;
	to->call = from->call;
	to->path = from->path;
	to->arch = from->arch;
	from->call = call;
	from->path = path;
	from->dead = true;
	r->frames = NULL;
}

void raw_exec(struct raw *r, const struct raw_record *at, int64_t old)
{
	struct raw_thread *th = raw_thread_of(r, at);
	raw_note_time(r, at);
	struct raw_thread *from = old == at->tid ? NULL : raw_thread_find(&r->threads, old);
	if (from && from->call.active && str_starts(buf_str(&from->call.text), STR("execve")))
		supersede(r, th, from);
	th->execs = true;
}

/* execve leaves no other thread. */
static void end_sibling(struct raw *r, struct raw_thread *th, void *with)
{
	const struct raw_thread *lives = with;
	if (th == lives || th->pid != lives->pid || th->dead)
		return;
	if (th->call.active)
		raw_give_up(r, th, EVENT_LITERAL("return not seen"));
	th->dead = true;
}

static bool is_in_exec(const struct raw_call *call)
{
	return call->active && !call->interrupted &&
	       str_starts(buf_str(&call->text), STR("execve"));
}

bool raw_is_exec(struct raw *r, struct raw_thread *th, const struct raw_body *b)
{
	uint32_t arch = b->named ? 0 : raw_arch_of_exec(th->arch, b->number);
	if (b->ret != 0 || (b->named ? !str_starts(b->name, STR("execve")) : !arch))
		return false;
	if (!is_in_exec(&th->call)) {
		struct raw_call *call = &th->call;
		/* 11 is munmap, too, for programs of 64 bits. */
		if (call->active && !call->interrupted && call->numbered &&
		    call->number == b->number)
			return false;
		struct raw_thread *other = raw_thread_in_exec(r, th);
		if (other && other->call.active)
			supersede(r, th, other);
		else if (!b->named && b->number != 59 && !th->execs &&
			 !(th->silent && r->threads.n == 1))
			return false;
		else if (call->active && call->interrupted) /* by an exec from another thread */
			raw_give_up(r, th, (struct str){0});
		if (other && other->path.n) {
			struct buf path = th->path;
			th->path = other->path;
			other->path = path;
			other->path.n = 0;
		}
	}
	if (arch)
		th->arch = arch;
	raw_threads_each(r, end_sibling, th);
	return true;
}

/* exit_group ends all threads of the process. */
static void doom(struct raw *r, struct raw_thread *th, void *with)
{
	const struct raw_thread *ends = with;
	(void)r;
	if (th == ends || th->pid != ends->pid || th->dead)
		return;
	th->doomed = true;
	th->has_status = ends->has_status;
	th->status = ends->status;
}

void raw_ends(struct raw *r, struct raw_thread *th)
{
	uint64_t status;
	th->has_status = raw_arg(&th->call, 1, &status);
	th->status = th->has_status ? (int64_t)(status & 0xff) : 0;
	th->dead = true;
	if (str_eq(th->call.info->name, STR("exit_group")))
		raw_threads_each(r, doom, th);
}

/* The first thread ends without a call of its own when another one executes a program. As strace says it. */
static void note_superseded(struct raw *r, struct raw_thread *th, struct event *e)
{
	struct raw_thread *other = th->tid == th->pid ? raw_thread_in_exec(r, th) : NULL;
	if (!other || !is_in_exec(&other->call))
		return;
	r->args.n = 0;
	buf_printf(&r->args, "superseded by execve in pid %lld", (long long)other->tid);
	buf_reserve(&r->args, INPUT_SLACK);
	e->text[EVENT_NOTE] = buf_str(&r->args);
}

void raw_gone(struct raw *r, const struct raw_record *at)
{
	struct raw_thread *th = raw_thread_find(&r->threads, at->tid);
	bool has_ended = th && th->dead;
	raw_note_time(r, at);
	if (th && th->exit_told) { /* by sched_process_exit and by perf itself */
		accounts_part(&r->parse->accounts);
		return;
	}
	if (!th || !th->dead)
		th = raw_thread_of(r, at);
	if (th->raw_comm.n == 0)
		raw_thread_rename(th, at);
	if (th->call.active) {
		if (!th->call.interrupted) {
			th->call.has_end = at->has_time;
			th->call.end_ns = at->time_ns;
		}
		raw_give_up(r, th, (struct str){0});
	}
	struct event e;
	raw_begin_event(&e, EVENT_EXIT, th);
	if (at->has_time)
		event_set(&e, EVENT_START, at->time_ns);
	if (th->has_status)
		event_set(&e, EVENT_RET, th->status);
	if (!has_ended)
		note_superseded(r, th, &e);
	th->dead = th->exit_told = true;
	accounts_end(&r->parse->accounts);
	raw_emit(r, th, &e, false);
}

/* ---- the kernel's events ---- */

/* The number behind the last `key` in "comm=vf pid=12202 child_comm=vf child_pid=12204": comms, which
 * could hold the key too, stand in front of it. */
static bool last_field(struct str text, struct str key, struct str *field)
{
	for (const char *p = text.p + text.n; p > text.p; p--) {
		struct str rest = str_between(p - 1, text.p + text.n);
		if (!str_starts(rest, key))
			continue;
		*field = str_drop(rest, key.n);
		return true;
	}
	return false;
}

static bool last_tid(struct str text, struct str key, int64_t *tid)
{
	uint64_t value;
	struct str field;
	if (!last_field(text, key, &field) || !number_take_u64(&field, &value) || value > INT32_MAX)
		return false;
	*tid = (int64_t)value;
	return true;
}

/* "pid=12204 comm=vf clone_flags=1200011 oom_score_adj=0" */
static void take_new_task(struct raw *r, const struct raw_record *at, struct str text)
{
	uint64_t child;
	struct str flags, rest = str_trim(text);
	uint64_t bits = 0;
	if (!str_starts(rest, STR("pid=")))
		return;
	rest = str_drop(rest, 4);
	if (!number_take_u64(&rest, &child) || child > INT32_MAX)
		return;
	if (last_field(text, STR(" clone_flags="), &flags))
		raw_take_hex(&flags, &bits);
	raw_fork(r, at, (int64_t)child,
		 bits & RAW_CLONE_THREAD ? raw_thread_of(r, at)->pid : (int64_t)child);
}

bool raw_task_event(struct raw *r, const struct raw_record *at, struct str name, struct str text)
{
	int64_t tid = NO_TID;
	if (str_eq(name, STR("sched_process_exit"))) {
		raw_gone(r, at);
		return true;
	}
	if (str_eq(name, STR("task_newtask")))
		take_new_task(r, at, text);
	else if (str_eq(name, STR("sched_process_fork")) && last_tid(text, STR(" child_pid="), &tid))
		raw_fork(r, at, tid, NO_TID);
	else if (str_eq(name, STR("sched_process_exec"))) {
		last_tid(text, STR(" old_pid="), &tid);
		raw_exec(r, at, tid);
	} else
		return false;
	accounts_skip(&r->parse->accounts, SKIP_OTHER);
	return true;
}
