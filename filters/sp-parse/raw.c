/* Entries and returns become calls. */
#include <errno.h>

#include "raw_state.h"

static const struct str note_no_entry = EVENT_LITERAL("entry not seen");
static const struct str note_no_return = EVENT_LITERAL("return not seen");
static const struct str note_lost = EVENT_LITERAL("records lost");

enum { EXECVE = 59, RT_SIGRETURN = 15 }; /* on x86-64 */

/* ---- losses ---- */

void raw_lost(struct raw *r, int cpu, uint64_t n)
{
	uint64_t line = r->parse->in->line;
	r->parse->accounts.lost += n;
	r->lost_last = line;
	if (cpu >= 0 && cpu < RAW_CPUS)
		r->lost_cpu[cpu] = line;
	else
		r->lost_anywhere = line;
}

/* Whether records of the thread may have been lost since it entered its call: on the cpu where it
 * entered, or on the one where it is now. */
static bool is_void(const struct raw *r, const struct raw_call *call, int cpu)
{
	if (call->line > r->lost_last)
		return false;
	if (call->line <= r->lost_anywhere || call->cpu < 0 || call->cpu >= RAW_CPUS || cpu < 0 ||
	    cpu >= RAW_CPUS)
		return true;
	return call->line <= r->lost_cpu[call->cpu] || call->line <= r->lost_cpu[cpu];
}

/* ---- entries ---- */

static void set_name(struct raw_thread *th, const struct raw_body *b)
{
	struct raw_call *call = &th->call;
	call->text.n = 0;
	call->info = b->named ? raw_call_by_name(b->name, &call->text)
			      : raw_name_of_number(th->arch, b->number, &call->text);
	call->name_n = call->text.n;
	call->number = b->number;
	call->named = b->named;
	call->numbered = !b->named;
}

/* rt_sigreturn, sigreturn: come back with the number -1 (the kernel's restore_sigcontext() sets it), and
 * tell syscalls:sys_exit_* nothing. */
static bool is_sigreturn(const struct raw_call *call)
{
	return str_ends((struct str){call->text.p, call->name_n}, STR("sigreturn"));
}

/* Whether the record is about the call that th is in. */
static bool is_of_call(struct raw *r, const struct raw_thread *th, const struct raw_body *b)
{
	const struct raw_call *call = &th->call;
	struct str entered = {call->text.p, call->name_n};
	if (!b->named && call->numbered)
		return call->number == b->number ||
		       (b->exits && b->number == -1 && is_sigreturn(call));
	if (b->named && call->named && str_eq(b->name, entered))
		return true;
	r->name.n = 0;
	if (b->named)
		raw_call_by_name(b->name, &r->name);
	else
		raw_name_of_number(th->arch, b->number, &r->name);
	return str_eq(buf_str(&r->name), entered);
}

/* Whether the record is of this moment. Two calls may begin in a microsecond; but where returns are told,
 * one of them comes between. */
static bool is_at(const struct raw *r, const struct raw_record *at, int64_t time_ns)
{
	return at->has_time && at->time_ns == time_ns && (time_ns % 1000 || r->has_returns);
}

/* A trace of both raw_syscalls and syscalls tells everything twice; and perf record -a was seen to write
 * records twice, byte for byte, now and then. */
static bool is_second_telling(struct raw *r, const struct raw_thread *th,
			      const struct raw_record *at, const struct raw_body *b)
{
	static const int64_t at_once_ns = 1000000;
	const struct raw_call *call = &th->call;
	if (b->named ? call->named : call->numbered)
		return call->has_start && is_at(r, at, call->start_ns) && at->cpu == call->cpu &&
		       is_of_call(r, th, b);
	if (call->has_start && at->has_time && at->time_ns - call->start_ns > at_once_ns)
		return false;
	return is_of_call(r, th, b);
}

static void note_creation(struct raw_call *call)
{
	uint64_t flags;
	call->creates = call->info && call->info->returns == SYSCALL_RETURNS_PID &&
			syscall_creates_task(call->info->name);
	/* clone3's flags are in memory: raw_struct() comes from those alone who tell every pid. */
	call->shares_pid = call->creates && str_eq(call->info->name, STR("clone")) &&
			   raw_arg(call, 1, &flags) && (flags & RAW_CLONE_THREAD);
	call->claimed = false;
}

/* th was in a call and enters another. */
static void leave_behind(struct raw *r, struct raw_thread *th, const struct raw_record *at)
{
	struct raw_call *call = &th->call;
	if (call->named && is_sigreturn(call)) {
		call->interrupted = true; /* has a value, but not ours to know */
		call->code = 0;
		call->note = note_no_return;
		raw_settle(r, th);
		return;
	}
	raw_give_up(r, th, is_void(r, call, at->cpu) ? note_lost : note_no_return);
}

static void begin_call(struct raw *r, struct raw_thread *th, const struct raw_record *at,
		       const struct raw_body *b)
{
	struct raw_call *call = &th->call;
	if (call->active)
		leave_behind(r, th, at);
	raw_thread_rename(th, at);
	th->silent = th->echo = th->doomed = th->execs = false;
	call->stack.n = 0;
	set_name(th, b);
	raw_put_args(r, call, b, th->arch);
	call->active = true;
	call->has_end = false;
	call->has_start = at->has_time;
	call->start_ns = at->time_ns;
	call->cpu = at->cpu;
	call->line = r->parse->in->line;
	note_creation(call);
}

void raw_enter(struct raw *r, const struct raw_record *at, const struct raw_body *b)
{
	struct raw_thread *th = raw_thread_of(r, at);
	struct raw_call *call = &th->call;
	raw_note_time(r, at);
	if (r->held.active && r->held_tid == th->tid)
		raw_release(r);
	raw_settle(r, th);
	r->frames = NULL;
	if (call->active && is_second_telling(r, th, at, b)) {
		call->named = call->numbered = true;
		if (!b->named)
			call->number = b->number;
		accounts_part(&r->parse->accounts);
		return;
	}
	begin_call(r, th, at, b);
	if (call->info && call->info->returns == SYSCALL_RETURNS_NEVER) {
		raw_ends(r, th);
		accounts_end(&r->parse->accounts);
		raw_give_out(r, th, false, 0, true);
		return;
	}
	r->frames = &call->stack;
	accounts_part(&r->parse->accounts);
}

/* ---- returns ---- */

static const struct syscall_info *rename_call(struct raw_call *call, struct str name)
{
	call->text.n = 0;
	buf_add_str(&call->text, name);
	call->name_n = name.n;
	return syscall_by_name(name);
}

/* A return whose entry is not there. False when it is that of a new process from the call that made it:
 * strace shows that once, in the parent. */
static bool begin_at_return(struct raw *r, struct raw_thread *th, const struct raw_body *b,
			    bool execs)
{
	struct raw_call *call = &th->call;
	struct raw_thread *maker = th->silent && b->ret == 0 ? raw_thread_maker(r, b) : NULL;
	if (maker) {
		maker->call.claimed = true;
		raw_thread_born(r, maker, th->tid, NO_TID);
	}
	set_name(th, b);
	call->args = 0;
	call->stack.n = 0;
	if (maker || (b->ret == 0 && syscall_creates_task(buf_str(&call->text))))
		return false;
	if (execs) /* whatever its number says */
		call->info = rename_call(call, STR("execve"));
	else if (!b->named && b->number == -1 && b->ret != -ENOSYS)
		call->info = rename_call(call, STR("rt_sigreturn"));
	call->active = true;
	call->has_start = call->creates = false;
	call->line = r->parse->in->line;
	call->note = note_no_entry;
	return true;
}

/* The return may be that of a later call of the same name: what is known of the entry is forgotten. */
static void forget_entry(struct raw_thread *th)
{
	struct raw_call *call = &th->call;
	call->has_start = call->creates = false;
	call->args = 0;
	call->text.n = call->name_n;
	call->stack.n = 0;
	call->note = note_lost;
	th->path.n = 0;
}

/* The second telling of a return. */
static bool is_echo(struct raw *r, struct raw_thread *th, const struct raw_record *at,
		    const struct raw_body *b)
{
	const struct raw_call *call = &th->call;
	if (call->active && !call->interrupted)
		return false;
	bool other_kind = th->echo && b->named == th->echo_named;
	th->echo = th->echo && !other_kind;
	return other_kind || (call->has_start && call->has_end && is_at(r, at, call->end_ns) &&
			      call->ret == b->ret && is_of_call(r, th, b));
}

static void end_call(struct raw *r, struct raw_thread *th, bool timed, int64_t end_ns, int64_t ret)
{
	struct raw_call *call = &th->call;
	call->has_end = timed;
	call->end_ns = end_ns;
	call->ret = ret;
	/* 32 bits of -ENOENT, printed without a sign */
	if (raw_arch_is_32_bit(th->arch) && ret > (int64_t)UINT32_MAX - 4095 && ret <= UINT32_MAX)
		ret = (int32_t)ret;
	if (raw_is_restart(ret)) {
		call->interrupted = true;
		call->code = ret;
		return;
	}
	if (call->creates && ret > 0)
		raw_thread_born(r, th, ret, NO_TID);
	raw_give_out(r, th, true, ret, true);
}

void raw_exit(struct raw *r, const struct raw_record *at, const struct raw_body *b)
{
	struct raw_thread *th = raw_thread_of(r, at);
	struct raw_call *call = &th->call;
	raw_note_time(r, at);
	r->frames = NULL;
	r->has_returns = true;
	if (is_echo(r, th, at, b)) {
		accounts_part(&r->parse->accounts);
		return;
	}
	bool execs = raw_is_exec(r, th, b);
	raw_settle(r, th);
	bool known = call->active &&
		     (execs ? str_starts(buf_str(&call->text), STR("execve")) : is_of_call(r, th, b));
	if (call->active && !known)
		raw_give_up(r, th, is_void(r, call, at->cpu) ? note_lost : note_no_return);
	raw_thread_rename(th, at);
	if (!known && !begin_at_return(r, th, b, execs)) {
		th->silent = false;
		accounts_part(&r->parse->accounts);
		return;
	}
	if (known && is_void(r, call, at->cpu))
		forget_entry(th);
	else
		r->parse->accounts.joined += known;
	th->silent = th->execs = false;
	th->echo = call->named && call->numbered;
	th->echo_named = !b->named;
	accounts_end(&r->parse->accounts);
	end_call(r, th, at->has_time, at->time_ns, b->ret);
}

/* ---- whole calls ---- */

void raw_whole(struct raw *r, const struct raw_record *at, const struct raw_body *b, int64_t dur_ns,
	       bool returned)
{
	struct raw_thread *th = raw_thread_of(r, at);
	struct raw_call *call = &th->call;
	raw_settle(r, th);
	if (th->path_line <= r->lost_last) /* may be that of a lost call */
		th->path.n = 0;
	struct raw_body body = *b;
	body.has_flags = th->flags_line > r->lost_last;
	body.flags = th->flags;
	th->flags_line = 0;
	uint32_t arch = raw_arch_of_exec(th->arch, b->number), before = th->arch;
	uint32_t x86_64 = raw_arch_of_exec(th->arch, EXECVE);
	bool native = th->arch == x86_64;
	if (returned && b->ret == 0 && arch && ((native && b->number == EXECVE) || th->path.n)) {
		/* The number is that of the return; munmap, which is 11, too, has no path. */
		before = arch;
		th->arch = x86_64;
		body.number = EXECVE;
	} else if (returned && b->number == -1 && b->ret != -ENOSYS && x86_64) {
		th->arch = x86_64;
		body.number = RT_SIGRETURN;
	} else if (!native) { /* the recorder looks for paths where x86-64 has them */
		th->path.n = 0;
	}
	begin_call(r, th, at, &body);
	call->line = 0; /* entered before any line about it */
	th->arch = before;
	call->has_end = at->has_time;
	call->end_ns = at->time_ns + dur_ns;
	if (returned) {
		end_call(r, th, at->has_time, call->end_ns, b->ret);
	} else if (call->info && call->info->returns == SYSCALL_RETURNS_NEVER) {
		raw_ends(r, th);
		raw_give_out(r, th, false, 0, false);
	} else {
		raw_give_up(r, th, (struct str){0});
	}
}
