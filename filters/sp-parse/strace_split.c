/* Calls: whole ones, halves put together, those that never return. */
#include <ctype.h>

#include "strace_state.h"

static const struct str marker_unfinished = {" <unfinished ...>", 17};
static const struct str marker_detached = {" <detached ...>", 15};
static const struct str resuming = {"(<... resuming interrupted ", 27};

/* Of "(3,  <unfinished ...>)", a call that was killed, the marker is not an argument. */
static struct str without_marker(struct strace *s, struct str args)
{
	static const struct str tail = {" <unfinished ...>)", 18};
	if (!str_ends(args, tail))
		return args;
	s->args.n = 0;
	buf_add(&s->args, args.p, args.n - tail.n);
	buf_add_char(&s->args, ')');
	buf_reserve(&s->args, INPUT_SLACK);
	return buf_str(&s->args);
}

/* Somebody else had the new child's number: whatever call that was in, it never returned. */
static void retire(struct strace *s, const struct thread *th, const struct strace_call *call,
		   uint64_t entered)
{
	int64_t child = call->pid_outside ? call->pid_outside : call->ret;
	struct thread *stale = threads_stale(&s->parse->threads, child, entered);
	if (stale && stale != th && stale->call.active)
		strace_give_up(s, stale, EVENT_LITERAL("return not seen"), false);
}

/* The call came back, or its line says that it never did. */
static void complete(struct strace *s, struct thread *th, const struct strace_leader *leader,
		     const struct strace_call *call)
{
	const struct pending *entry = &th->call;
	bool split = entry->active;
	uint64_t entered = split ? entry->line : s->parse->in->line;
	bool returned = call->has_ret || call->error.n || call->unavailable || call->note.n;
	if (call->has_ret && call->ret > 0 && syscall_creates_task(call->name))
		retire(s, th, call, entered);
	struct event e;
	event_begin(&e, returned ? EVENT_CALL : EVENT_UNFINISHED);
	if (split ? entry->has_start : leader->has_time)
		event_set(&e, EVENT_START, split ? entry->start_ns : leader->time_ns);
	if (call->dur_digits_n)
		e.text[EVENT_DUR] = (struct str){call->dur_digits, call->dur_digits_n};
	else if (call->has_dur)
		event_set(&e, EVENT_DUR, call->dur_ns);
	if (call->has_ret)
		strace_set_ret(&e, EVENT_RET, call);
	e.text[EVENT_SYSCALL] = call->name;
	e.text[EVENT_ERRNO] = call->error;
	struct str args = call->walk.dirty ? strace_clean(&s->args, call->args) : call->args;
	e.text[EVENT_ARGS] = returned ? args : without_marker(s, args);
	const struct syscall_info *info = call->info;
	if (info)
		strace_facts(call, &e, &s->path);
	bool attached = split ? entry->attached
			      : !th->seen && str_starts(call->args, resuming);
	struct str note = attached	      ? EVENT_LITERAL("attached in mid-call")
			  : call->unavailable ? EVENT_LITERAL("unavailable")
					      : call->note;
	e.text[EVENT_NOTE] = note.n ? strace_clean(&s->note, note) : note;
	if (!info || info->category == SYSCALL_CATEGORY_PROCESS)
		strace_follow(s, th, call, e.text[EVENT_PATH], entered);
	th->seen = true;
	strace_set_thread(&e, th);
	if (split)
		threads_leave(&s->parse->threads, th);
	s->parse->accounts.joined += split;
	accounts_end(&s->parse->accounts);
	strace_emit(s, &e);
}

void strace_give_up(struct strace *s, struct thread *th, struct str note, bool until_now)
{
	/* What was printed, with a `)`, is a call without a value: its facts are read the same way. */
	struct buf *text = &th->call.text;
	buf_add_char(text, ')');
	buf_slack(text, INPUT_SLACK);
	struct str args = buf_str(text), name = {0};
	str_cut(&args, '(', &name);
	args = str_drop(buf_str(text), name.n);
	struct strace_call call = {.name = name, .info = syscall_by_name(name), .args = args};
	strace_args_end(args.p, args.p + args.n, STRACE_MAX_ARGS, &call.walk);

	struct event e;
	event_begin(&e, EVENT_UNFINISHED);
	strace_set_thread(&e, th);
	if (th->call.has_start) {
		event_set(&e, EVENT_START, th->call.start_ns);
		if (until_now && s->clock.ticking && s->clock.last_ns >= th->call.start_ns)
			event_set(&e, EVENT_DUR, s->clock.last_ns - th->call.start_ns);
	}
	e.text[EVENT_SYSCALL] = strace_clean(&s->notes, name);
	e.text[EVENT_ARGS] = strace_clean(&s->args, args);
	e.text[EVENT_NOTE] = note;
	if (call.info)
		strace_facts(&call, &e, &s->path);
	s->parse->accounts.unfinished++;
	threads_leave(&s->parse->threads, th);
	strace_emit(s, &e);
}

void strace_enter(struct strace *s, struct thread *th, const struct strace_leader *leader,
		  struct str text)
{
	if (th->call.active)
		strace_give_up(s, th, EVENT_LITERAL("return not seen"), false);
	const char *open = str_chr(text, '(');
	struct str name = open ? str_between(text.p, open) : text;
	struct pending *call = &th->call;
	call->text.n = 0;
	buf_add_str(&call->text, text);
	call->has_start = leader->has_time;
	call->start_ns = leader->time_ns;
	call->line = s->parse->in->line;
	bool creates = syscall_creates_task(name);
	threads_enter(&s->parse->threads, th, creates,
		      creates && strace_shares_pid(str_drop(text, name.n)));
	call->attached = !th->seen && str_starts(str_drop(text, name.n), resuming);
	th->seen = true;
	s->entered = th->tid;
}

const char *strace_unfinished_at(struct str body, struct str *marker)
{
	const char *end = body.p + body.n;
	if (body.n < 5 || end[-1] != '>' ||
	    (memcmp(end - 5, " ...>", 5) != 0 && number_is_digit(end[-2])))
		return NULL;
	const char *lt = memrchr(body.p, '<', body.n);
	if (!lt || lt == body.p || lt[-1] != ' ')
		return NULL;
	*marker = str_between(lt - 1, end);
	bool known = str_eq(*marker, marker_unfinished) || str_eq(*marker, marker_detached) ||
		     str_starts(*marker, STR(" <pid changed to "));
	/* strace could not let a dying tracee go on; behind a value that is only a note. */
	bool stuck = (str_starts(*marker, STR(" <Cannot restart pid ")) ||
		      str_starts(*marker, STR(" <ptrace("))) &&
		     !str_find(str_between(body.p, lt), STR(") = ")) &&
		     !str_find(str_between(body.p, lt), STR(")  "));
	return known || stuck ? lt - 1 : NULL;
}

static bool take_first_half(struct strace *s, const struct strace_leader *leader, struct str text,
			    struct str marker)
{
	size_t name = 0;
	while (name < text.n && (isalnum((unsigned char)text.p[name]) || text.p[name] == '_' ||
				 text.p[name] == '?'))
		name++;
	bool numeric = name > 0 && number_is_digit(text.p[0]);
	if (name == 0 || numeric || name == text.n || text.p[name] != '(')
		return false;
	struct thread *th = strace_thread(s, leader, false);
	strace_enter(s, th, leader, text);
	accounts_part(&s->parse->accounts);
	if (str_eq(marker, marker_detached))
		strace_give_up(s, th, EVENT_LITERAL("detached"), false);
	return true;
}

/* The file ends between the arguments and the value: the call was entered. */
static bool take_cut(struct strace *s, const struct strace_leader *leader,
		     const struct strace_call *call)
{
	strace_enter(s, strace_thread(s, leader, false), leader,
		     str_between(call->name.p, call->args.p + call->args.n - 1));
	accounts_part(&s->parse->accounts);
	return true;
}

bool strace_take_call(struct strace *s, const struct strace_leader *leader, struct str body,
		      struct str raw)
{
	struct str marker;
	const char *at = strace_unfinished_at(body, &marker);
	if (at)
		return take_first_half(s, leader, str_between(body.p, at), marker);

	struct strace_call call;
	struct place place = input_place(s->parse->in);
	switch (strace_scan_call(body, &call, &s->notes, &at)) {
	case STRACE_CALL: {
		struct thread *th = strace_thread(s, leader, false);
		if (th->call.active)
			strace_give_up(s, th, EVENT_LITERAL("return not seen"), false);
		complete(s, th, leader, &call);
		return true;
	}
	case STRACE_OPEN_ARGS:
		strace_keep_open(s, leader, raw);
		return true;
	case STRACE_BAD_RETURN:
		if (s->parse->in->cut)
			return take_cut(s, leader, &call);
		if (at >= raw.p && at <= raw.p + raw.n)
			place.column = (uint64_t)(at - raw.p) + 1;
		accounts_reject(&s->parse->accounts, place, "no return value after the arguments",
				raw);
		return true;
	case STRACE_NO_CALL:
		break;
	}
	return false;
}

static bool is_in_call(const struct thread *th, struct str name)
{
	struct str text = buf_str(&th->call.text);
	return th->call.active && str_starts(text, name) && text.n > name.n &&
	       text.p[name.n] == '(';
}

/* A thread that calls execve comes back under the number of its process, whose own call is over. */
static void find_exec(struct strace *s, struct thread *th, struct str name)
{
	if (is_in_call(th, name) || !str_starts(name, STR("execve")))
		return;
	struct thread *other = threads_in_call(&s->parse->threads, th->pid, name, th);
	if (other)
		threads_supersede(&s->parse->threads, other, th);
}

/* Both halves in s->whole. known: the first one was seen. */
static void put_together(struct strace *s, const struct pending *call, bool known, struct str name,
			 struct str rest)
{
	s->whole.n = 0;
	if (known) {
		buf_add_str(&s->whole, buf_str(&call->text));
	} else {
		buf_add_str(&s->whole, name);
		buf_add_str(&s->whole, STR("(..."));
	}
	buf_add_str(&s->whole, rest);
	buf_slack(&s->whole, INPUT_SLACK);
}

/* The trace began inside this call: it ended now and, if known, lasted dur_ns. */
static void begin_before_trace(struct strace *s, struct strace_leader *entry, struct strace_call *whole)
{
	entry->has_time &= whole->has_dur;
	entry->time_ns -= whole->has_dur ? whole->dur_ns : 0;
	if (whole->note.n)
		buf_add(&s->notes, "; ", 2);
	buf_add_str(&s->notes, STR("entry not seen"));
	buf_reserve(&s->notes, INPUT_SLACK);
	whole->note = buf_str(&s->notes);
}

/* <... NAME resumed>REST */
bool strace_take_resumed(struct strace *s, const struct strace_leader *leader, struct str body,
			 struct str raw)
{
	static const struct str resumed = {" resumed>", 9};
	const char *end = body.p + body.n, *at;
	if (!str_starts(body, STR("<... ")) || !(at = str_chr(str_drop(body, 5), ' ')) ||
	    !str_starts(str_between(at, end), resumed))
		return false;
	struct str name = str_between(body.p + 5, at);
	struct str rest = str_between(at + resumed.n, end);
	struct thread *th = strace_thread(s, leader, true);
	find_exec(s, th, name);
	struct pending *call = &th->call;
	bool known = is_in_call(th, name);

	/* Up to 4.26 a blank followed `resumed>`; what newer ones print there begins otherwise. */
	if (str_starts(rest, STR(" ")) && !str_starts(rest, STR(" =>")) &&
	    !str_starts(rest, STR(" <unfinished")))
		rest = str_drop(rest, 1);
	if (known && str_ends(rest, marker_unfinished)) { /* interrupted once more */
		buf_add(&call->text, rest.p, rest.n - marker_unfinished.n);
		accounts_part(&s->parse->accounts);
		return true;
	}
	put_together(s, call, known, name, rest);
	struct strace_call whole;
	if (strace_scan_call(buf_str(&s->whole), &whole, &s->notes, &at) != STRACE_CALL) {
		accounts_reject(&s->parse->accounts, input_place(s->parse->in),
				"second half of a call does not end in a return value", raw);
		return true;
	}
	struct strace_leader entry = *leader;
	if (!known && call->active) {
		strace_give_up(s, th, EVENT_LITERAL("return not seen"), false);
		strace_scan_call(buf_str(&s->whole), &whole, &s->notes, &at); /* notes were in use */
	}
	if (!known)
		begin_before_trace(s, &entry, &whole);
	complete(s, th, &entry, &whole);
	return true;
}

bool strace_take_rest(struct strace *s, const struct strace_leader *leader, struct str body)
{
	struct threads *t = &s->parse->threads;
	struct thread *th = s->entered != NO_TID ? threads_find(t, s->entered) : NULL;
	if (leader->has_column || !th || !th->call.active || th->call.line + 1 != s->parse->in->line)
		return false;
	s->whole.n = 0;
	buf_add_str(&s->whole, buf_str(&th->call.text));
	buf_add_str(&s->whole, body);
	buf_slack(&s->whole, INPUT_SLACK);
	struct strace_call whole;
	const char *at;
	if (strace_scan_call(buf_str(&s->whole), &whole, &s->notes, &at) != STRACE_CALL)
		return false;
	complete(s, th, leader, &whole);
	return true;
}
