/* Processes, as far as strace's lines tell: whose a line is, who made whom, who is called what. */
#include "strace_state.h"

/* comm as strace spells it. */
static void set_comm(struct thread *th, struct str escaped)
{
	if (str_eq(buf_str(&th->comm), escaped))
		return;
	th->comm.n = 0;
	event_respell(&th->comm, escaped);
	buf_reserve(&th->comm, INPUT_SLACK);
}

/* On a terminal strace prints [pid N] only while there is more than one thread: a line without belongs
 * to the one that is left, and the number of the first thread shows late. */
struct thread *strace_thread(struct strace *s, const struct strace_leader *leader, bool resumes)
{
	struct threads *t = &s->parse->threads;
	uint64_t line = s->parse->in->line;
	if (!leader->has_tid) {
		if (s->parse->tid_of_file != NO_TID)
			return threads_get(t, s->parse->tid_of_file, line);
		struct thread *left = t->n == 1 && t->last ? t->last : threads_survivor(t);
		return left ? left : threads_get(t, NO_TID, line);
	}
	struct thread *th = threads_find(t, leader->tid);
	if (!th) {
		struct thread *first = t->n ? threads_find(t, NO_TID) : NULL;
		if (first && (resumes || !first->call.active))
			th = threads_rename(t, first, leader->tid);
		else
			th = threads_get(t, leader->tid, line);
	}
	t->last = th;
	if (leader->comm.n)
		set_comm(th, leader->comm);
	return th;
}

void strace_attached(struct strace *s, const struct strace_message *m)
{
	if (!m->attached)
		return;
	struct thread *th = threads_get(&s->parse->threads, m->tid, s->parse->in->line);
	if (m->with_threads)
		s->parse->threads.attached_pid = th->pid;
}

/* CLONE_THREAD by name, or its bit (linux/sched.h) in flags=0x... (-X raw) or in the first of all
 * hexadecimal arguments (-e raw). */
bool strace_shares_pid(struct str args)
{
	static const int64_t clone_thread = 0x00010000;
	if (str_find(args, STR("CLONE_THREAD")))
		return true;
	const char *named = str_find(args, STR("flags="));
	struct str number = named ? str_between(named + 6, args.p + args.n) : str_drop(args, 1);
	size_t n = 0;
	while (n < number.n && number.p[n] != ',' && number.p[n] != ' ' && number.p[n] != ')' &&
	       number.p[n] != '}')
		n++;
	int64_t flags;
	return number_any((struct str){number.p, n}, &flags) && (flags & clone_thread);
}

/* The kernel takes the last part of the path, 15 bytes of it (TASK_COMM_LEN in linux/sched.h). */
static struct str exec_comm(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);
	struct str name = slash ? str_between(slash + 1, path.p + path.n) : path;
	return (struct str){name.p, name.n > 15 ? 15 : name.n};
}

void strace_follow(struct strace *s, struct thread *th, const struct strace_call *call,
		   struct str path, uint64_t entered)
{
	if (!call->has_ret || call->error.n)
		return;
	if (call->ret > 0 && syscall_creates_task(call->name)) {
		int64_t child = call->pid_outside ? call->pid_outside : call->ret;
		threads_born(&s->parse->threads, th, child, strace_shares_pid(call->args), entered,
			     s->parse->in->line);
	} else if (str_starts(call->name, STR("execve"))) {
		const struct strace_span *name = &call->walk.string;
		if (path.n && name->close && name->close > name->open + 1) /* not "", a descriptor's file */
			set_comm(th, exec_comm(path));
	} else if (str_eq(call->name, STR("prctl")) &&
		   str_eq(strace_arg(call, 1), STR("PR_SET_NAME"))) {
		struct str name = strace_arg(call, 2);
		const char *quote = name.n > 1 ? memrchr(name.p + 1, '"', name.n - 1) : NULL;
		if (quote && name.p[0] == '"')
			set_comm(th, str_between(name.p + 1, quote));
	}
}
