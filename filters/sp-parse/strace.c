/* The strace dialect: what each line is, halves joined, followers attached, processes followed. */
#include "strace.h"

#include <stdlib.h>

#include "number.h"
#include "parse.h"
#include "strace_messages.h"
#include "syscall.h"

enum { MAX_OPEN_LINES = 1000 };

/* An event whose followers (stack frames, dumps) may still come. */
struct held {
	bool active;
	struct event e;
	struct buf text;  /* what e's text points into */
	struct buf stack; /* innermost frame first */
};

/* A call of which neither the end nor <unfinished ...> has been seen: a message of strace or output
 * of the tracee broke its line in two. */
struct open_call {
	unsigned lines;
	struct place at;
	struct buf text; /* the line so far, without the messages */
	struct buf raw;	 /* the physical lines, for --rejects */
	bool has_column;
};

struct strace {
	struct parse *parse;
	struct strace_clock clock;
	struct held held;
	struct open_call open;
	struct buf whole; /* a split call put together */
	struct buf notes, path, args, line;
	bool in_summary, has_followers, has_brackets;
};

static const struct str unfinished = {" <unfinished ...>", 17};

/* ---- events ---- */

static void release_held(struct strace *s)
{
	if (!s->held.active)
		return;
	s->held.active = false;
	if (s->held.stack.n) {
		strace_reverse_frames(&s->held.stack);
		s->held.e.text[EVENT_STACK] = buf_str(&s->held.stack);
	}
	parse_event(s->parse, &s->held.e);
	s->held.stack.n = 0;
}

static void hold(struct strace *s, const struct event *e)
{
	size_t total = INPUT_SLACK;
	for (int i = 0; i < EVENT_COLUMNS; i++)
		total += e->text[i].n;
	s->held.e = *e;
	s->held.text.n = 0;
	buf_reserve(&s->held.text, total);
	for (int i = 0; i < EVENT_COLUMNS; i++) {
		s->held.e.text[i].p = s->held.text.p + s->held.text.n;
		buf_add_str(&s->held.text, e->text[i]);
	}
	s->held.active = true;
}

/* Followers begin with a blank: whether one comes is often known without waiting for the line. */
static void emit(struct strace *s, const struct event *e)
{
	release_held(s);
	const struct input *in = s->parse->in;
	if (in->next < in->end && *in->next != ' ')
		parse_event(s->parse, e);
	else
		hold(s, e);
}

static void set_thread(struct event *e, const struct thread *th)
{
	e->has = 0;
	if (th->tid != NO_TID) {
		event_set(e, EVENT_PID, th->pid);
		event_set(e, EVENT_TID, th->tid);
	}
	e->text[EVENT_COMM] = buf_str(&th->comm);
}

static void clear_text(struct event *e)
{
	for (int i = 0; i < EVENT_COLUMNS; i++)
		e->text[i].n = 0;
}

/* Text that strace itself did not escape: output of the tracee inside the arguments, prose. */
static struct str clean(struct buf *space, struct str s)
{
	bool dirty = false;
	for (size_t i = 0; i < s.n; i++)
		dirty |= (signed char)s.p[i] < 0x20 || s.p[i] == 0x7f;
	if (!dirty)
		return s;
	space->n = 0;
	/* Backslashes and quotes are strace's own and stay. */
	for (size_t i = 0, from = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '\\' && s.p[i] != '"')
			continue;
		event_escape(space, str_between(s.p + from, s.p + i));
		if (i < s.n)
			buf_add_char(space, s.p[i]);
		from = i + 1;
	}
	return buf_str(space);
}

static void set_comm(struct thread *th, struct str escaped)
{
	struct buf raw = {0};
	strace_unescape(&raw, escaped);
	th->comm.n = 0;
	event_escape(&th->comm, buf_str(&raw));
	buf_free(&raw);
}

/* ---- what a call does to threads ---- */

static bool creates_thread(struct str name)
{
	return str_eq(name, STR("clone")) || str_eq(name, STR("clone3")) ||
	       str_eq(name, STR("vfork")) || str_eq(name, STR("fork")) ||
	       str_eq(name, STR("clone2"));
}

/* CLONE_THREAD by name, or as a bit of raw flags (linux/sched.h). */
static bool shares_pid(struct str args)
{
	static const int64_t clone_thread = 0x00010000;
	int64_t flags;
	if (str_find(args, STR("CLONE_THREAD")))
		return true;
	return number_any(strace_arg(args, 1), &flags) && (flags & clone_thread);
}

/* What the kernel makes of a path on exec: its last part, 15 bytes of it (TASK_COMM_LEN). */
static void exec_comm(struct thread *th, struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);
	struct str name = slash ? str_between(slash + 1, path.p + path.n) : path;
	if (name.n > 15)
		name.n = 15;
	th->comm.n = 0;
	buf_add_str(&th->comm, name);
}

static void follow_processes(struct strace *s, struct thread *th, const struct strace_call *call,
			     const struct event *e, uint64_t entered)
{
	if (!call->has_ret || call->error.n)
		return;
	struct str name = call->name;
	if (call->ret > 0 && creates_thread(name)) {
		int64_t child = call->pid_outside ? call->pid_outside : call->ret;
		threads_born(&s->parse->threads, th, child, shares_pid(call->args), entered,
			     s->parse->in->line);
	} else if (str_eq(name, STR("execve")) || str_eq(name, STR("execveat"))) {
		if (e->text[EVENT_PATH].n)
			exec_comm(th, e->text[EVENT_PATH]);
	} else if (str_eq(name, STR("prctl"))) {
		struct str option = strace_arg(call->args, 1), value = strace_arg(call->args, 2);
		if (str_eq(option, STR("PR_SET_NAME")) && value.n > 1 && value.p[0] == '"') {
			const char *quote = memrchr(value.p, '"', value.n);
			set_comm(th, str_between(value.p + 1, quote));
		}
	}
}

/* ---- calls ---- */

/* args of a call that was killed: "(3,  <unfinished ...>)" was never finished, the marker goes. */
static struct str without_marker(struct strace *s, struct str args)
{
	static const struct str tail = {" <unfinished ...>)", 18};
	if (!str_ends(args, tail))
		return args;
	s->args.n = 0;
	buf_add_str(&s->args, (struct str){args.p, args.n - tail.n});
	buf_add_char(&s->args, ')');
	return buf_str(&s->args);
}

static void complete(struct strace *s, struct thread *th, const struct strace_leader *leader,
		     const struct strace_call *call)
{
	struct event e;
	clear_text(&e);
	const struct pending *entry = &th->call;
	bool split = entry->active;
	uint64_t entered = split ? entry->line : s->parse->in->line;
	set_thread(&e, th);
	bool has_start = split ? entry->has_start : leader->has_time;
	if (has_start)
		event_set(&e, EVENT_START, split ? entry->start_ns : leader->time_ns);
	if (call->has_dur)
		event_set(&e, EVENT_DUR, call->dur_ns);
	bool returned = call->has_ret || call->error.n || call->unavailable;
	e.kind = returned ? EVENT_CALL : EVENT_UNFINISHED;
	e.text[EVENT_SYSCALL] = call->name;
	e.text[EVENT_ERRNO] = call->error;
	e.text[EVENT_ARGS] = call->dirty ? clean(&s->args, call->args) : call->args;
	if (!returned)
		e.text[EVENT_ARGS] = without_marker(s, e.text[EVENT_ARGS]);
	e.text[EVENT_NOTE] = call->unavailable ? STR("unavailable") : call->note;
	if (call->has_ret)
		event_set(&e, EVENT_RET, call->ret);
	const struct syscall_info *info = syscall_by_name(call->name);
	if (info)
		strace_facts(info, call, &e, &s->path);
	if (split && entry->attached)
		e.text[EVENT_NOTE] = STR("attached in mid-call");
	follow_processes(s, th, call, &e, entered);
	e.text[EVENT_COMM] = buf_str(&th->comm);
	threads_leave(&s->parse->threads, th);
	s->parse->accounts.joined += split;
	accounts_end(&s->parse->accounts);
	emit(s, &e);
}

/* What is known of a call that never returned. */
static void give_up(struct strace *s, struct thread *th, struct str note, bool until_now)
{
	struct event e;
	clear_text(&e);
	set_thread(&e, th);
	e.kind = EVENT_UNFINISHED;
	struct str text = buf_str(&th->call.text), name = {0};
	str_cut(&text, '(', &name);
	if (th->call.has_start) {
		event_set(&e, EVENT_START, th->call.start_ns);
		if (until_now && s->clock.ticking && s->clock.last_ns >= th->call.start_ns)
			event_set(&e, EVENT_DUR, s->clock.last_ns - th->call.start_ns);
	}
	/* The whole text with a `)` is a call without a value: its facts are read the same way. */
	buf_add_char(&th->call.text, ')');
	buf_reserve(&th->call.text, INPUT_SLACK);
	struct strace_call call = {.name = {th->call.text.p, name.n},
				   .args = str_drop(buf_str(&th->call.text), name.n)};
	e.text[EVENT_SYSCALL] = call.name;
	e.text[EVENT_ARGS] = clean(&s->args, call.args);
	e.text[EVENT_NOTE] = note;
	const struct syscall_info *info = syscall_by_name(call.name);
	if (info)
		strace_facts(info, &call, &e, &s->path);
	s->parse->accounts.unfinished++;
	threads_leave(&s->parse->threads, th);
	emit(s, &e);
}

static void enter(struct strace *s, struct thread *th, const struct strace_leader *leader,
		  struct str text, struct str name)
{
	if (th->call.active)
		give_up(s, th, STR("return not seen"), false);
	struct pending *call = &th->call;
	call->text.n = 0;
	buf_add_str(&call->text, text);
	call->has_start = leader->has_time;
	call->start_ns = leader->time_ns;
	call->line = s->parse->in->line;
	bool creates = creates_thread(name);
	threads_enter(&s->parse->threads, th, creates, creates && shares_pid(str_drop(text, name.n)));
	call->attached = str_find(text, STR("(<... resuming interrupted ")) && th->born == call->line;
}

/* The thread of a line. On a terminal strace prints [pid N] only while there is more than one: a line
 * without belongs to the one that is left, and the first thread's number shows late. */
static struct thread *thread_of(struct strace *s, const struct strace_leader *leader, bool resumes)
{
	struct threads *t = &s->parse->threads;
	uint64_t line = s->parse->in->line;
	struct thread *th;
	if (leader->has_tid) {
		th = threads_find(t, leader->tid);
		struct thread *first = th || !t->n ? NULL : threads_find(t, NO_TID);
		if (first && (resumes || !first->call.active))
			th = threads_rename(t, first, leader->tid);
		if (!th)
			th = threads_get(t, leader->tid, line);
		if (leader->comm.n)
			set_comm(th, leader->comm);
		return th;
	}
	if (s->parse->tid_of_file != NO_TID)
		return threads_get(t, s->parse->tid_of_file, line);
	if (t->n == 1 && t->last)
		return t->last;
	th = threads_survivor(t);
	return th ? th : threads_get(t, NO_TID, line);
}

static void reject_open(struct strace *s, const char *reason)
{
	struct str rest = buf_str(&s->open.raw), line;
	struct place at = s->open.at;
	for (unsigned i = 0; i < s->open.lines && str_cut(&rest, '\n', &line); i++, at.line++)
		accounts_reject(&s->parse->accounts, at, reason, line);
	s->open.lines = 0;
}

/* The line may go on in the next one. */
static void keep_open(struct strace *s, struct str text, struct str raw, bool has_column)
{
	struct strace_message m;
	struct open_call *open = &s->open;
	if (open->lines == 0) {
		open->text.n = open->raw.n = 0;
		open->at = input_place(s->parse->in);
		open->has_column = has_column;
	}
	if (strace_cut_message(&text, &m) && m.attached)
		threads_get(&s->parse->threads, m.tid, s->parse->in->line);
	buf_add_str(&open->text, text);
	buf_add_str(&open->raw, raw);
	buf_add_char(&open->raw, '\n');
	if (++open->lines > MAX_OPEN_LINES)
		reject_open(s, "arguments do not end");
}

/* The text in front of <unfinished ...> and its like at the end of a line; NULL when the line does
 * not end so. */
static const char *unfinished_at(struct str body, struct str *marker)
{
	static const struct str markers[] = {{" <unfinished ...>", 17}, {" <detached ...>", 15}, {0}};
	if (body.n < 5 || memcmp(body.p + body.n - 5, " ...>", 5) != 0)
		return NULL;
	for (const struct str *m = markers; m->p; m++) {
		*marker = *m;
		if (str_ends(body, *m))
			return body.p + body.n - m->n;
	}
	const char *lt = memrchr(body.p, '<', body.n);
	if (lt && lt > body.p && lt[-1] == ' ' &&
	    str_starts(str_between(lt, body.p + body.n), STR("<pid changed to "))) {
		*marker = str_between(lt - 1, body.p + body.n);
		return lt - 1;
	}
	return NULL;
}

static struct place place_in(const struct strace *s, struct str raw, const char *at)
{
	struct place place = input_place(s->parse->in);
	place.column = at >= raw.p && at <= raw.p + raw.n ? (uint64_t)(at - raw.p) + 1 : 0;
	return place;
}

/* Returns false when the body is no call at all. */
static bool take_call(struct strace *s, const struct strace_leader *leader, struct str body,
		      struct str raw)
{
	struct strace_call call;
	struct str marker;
	const char *at = unfinished_at(body, &marker);
	if (at) {
		struct str text = str_between(body.p, at), name = {0}, rest = text;
		str_cut(&rest, '(', &name);
		if (!rest.p)
			return false;
		struct thread *th = thread_of(s, leader, false);
		enter(s, th, leader, text, name);
		accounts_part(&s->parse->accounts);
		if (str_eq(marker, STR(" <detached ...>")))
			give_up(s, th, STR("detached"), false);
		return true;
	}
	switch (strace_scan_call(body, &call, &s->notes, &at)) {
	case STRACE_CALL: {
		struct thread *th = thread_of(s, leader, false);
		if (th->call.active)
			give_up(s, th, STR("return not seen"), false);
		if (th->born == s->parse->in->line &&
		    str_starts(call.args, STR("(<... resuming interrupted ")))
			call.note = STR("attached in mid-call");
		complete(s, th, leader, &call);
		return true;
	}
	case STRACE_OPEN_ARGS:
		keep_open(s, str_between(raw.p, body.p + body.n), raw, leader->has_column);
		return true;
	case STRACE_BAD_RETURN:
		accounts_reject(&s->parse->accounts, place_in(s, raw, at),
				"no return value after the arguments", raw);
		return true;
	case STRACE_NO_CALL:
		break;
	}
	return false;
}

/* <... NAME resumed>REST */
static bool take_resumed(struct strace *s, const struct strace_leader *leader, struct str body,
			 struct str raw)
{
	static const struct str resumed = {" resumed>", 9};
	const char *end = body.p + body.n, *at = str_find(body, resumed);
	if (!str_starts(body, STR("<... ")) || !at)
		return false;
	struct str name = str_between(body.p + 5, at);
	struct str rest = str_between(at + resumed.n, end);
	struct thread *th = thread_of(s, leader, true);
	if (!th->call.active || !str_starts(buf_str(&th->call.text), name)) {
		struct thread *other =
		    str_eq(name, STR("execve")) || str_eq(name, STR("execveat"))
			? threads_in_call(&s->parse->threads, th->pid, name, th)
			: NULL;
		if (other)
			threads_supersede(&s->parse->threads, other, th);
	}
	struct pending *call = &th->call;
	bool known = call->active && str_starts(buf_str(&call->text), name);

	/* Up to 4.26 a blank followed `resumed>`; what newer ones print there begins otherwise. */
	if (str_starts(rest, STR(" ")) && !str_starts(rest, STR(" =>")) &&
	    !str_starts(rest, STR(" <unfinished")))
		rest = str_drop(rest, 1);
	if (known && str_ends(rest, unfinished)) {
		buf_add_str(&call->text, (struct str){rest.p, rest.n - unfinished.n});
		accounts_part(&s->parse->accounts);
		return true;
	}
	s->whole.n = 0;
	if (known)
		buf_add_str(&s->whole, buf_str(&call->text));
	else
		buf_printf(&s->whole, "%.*s(...", (int)name.n, name.p);
	buf_add_str(&s->whole, rest);
	buf_reserve(&s->whole, INPUT_SLACK);
	struct strace_call whole;
	if (strace_scan_call(buf_str(&s->whole), &whole, &s->notes, &at) != STRACE_CALL) {
		accounts_reject(&s->parse->accounts, input_place(s->parse->in),
				"second half of a call does not end in a return value", raw);
		return true;
	}
	if (call->active && !known)
		give_up(s, th, STR("return not seen"), false);
	struct strace_leader entry = *leader;
	if (!known) {
		/* The trace began inside this call: it ended now and, if known, lasted dur_ns. */
		entry.has_time = leader->has_time && whole.has_dur;
		entry.time_ns -= whole.has_dur ? whole.dur_ns : 0;
		if (whole.note.n == 0)
			whole.note = STR("entry not seen");
	}
	complete(s, th, &entry, &whole);
	return true;
}

/* ---- signals and exits ---- */

/* --- SIGCHLD {si_signo=SIGCHLD, ...} ---; up to 4.6 the name is only inside the braces. */
static bool take_signal(struct strace *s, const struct strace_leader *leader, struct str body)
{
	if (!str_starts(body, STR("--- ")) || !str_ends(body, STR(" ---")) || body.n < 9)
		return false;
	struct str text = str_between(body.p + 4, body.p + body.n - 4), name = text;
	struct event e;
	clear_text(&e);
	set_thread(&e, thread_of(s, leader, false));
	e.kind = EVENT_SIGNAL;
	if (leader->has_time)
		event_set(&e, EVENT_START, leader->time_ns);
	const char *blank = str_chr(text, ' ');
	if (str_starts(text, STR("SIG")) && blank) {
		name = str_between(text.p, blank);
		e.text[EVENT_ARGS] = str_drop(text, name.n + 1);
	} else if (text.p[0] == '{') {
		struct str rest = str_drop(text, 1);
		str_cut(&rest, ',', &name);
		if (str_starts(name, STR("si_signo=")))
			name = str_drop(name, 9);
		e.text[EVENT_ARGS] = text;
	}
	e.text[EVENT_NOTE] = clean(&s->path, name);
	e.text[EVENT_ARGS] = clean(&s->args, e.text[EVENT_ARGS]);
	accounts_end(&s->parse->accounts);
	emit(s, &e);
	return true;
}

/* +++ exited with 0 +++, +++ killed by SIGKILL (core dumped) +++, +++ superseded by execve in pid 5 +++ */
static bool take_exit(struct strace *s, const struct strace_leader *leader, struct str body)
{
	if (!str_starts(body, STR("+++ ")) || !str_ends(body, STR(" +++")) || body.n < 9)
		return false;
	struct str text = str_between(body.p + 4, body.p + body.n - 4);
	struct threads *threads = &s->parse->threads;
	struct thread *th = thread_of(s, leader, false);
	struct event e;
	clear_text(&e);
	e.kind = EVENT_EXIT;
	uint64_t number;
	struct str value = str_drop(text, 12);
	if (str_starts(text, STR("exited with ")) && number_u64(value, &number)) {
		set_thread(&e, th);
		event_set(&e, EVENT_RET, (int64_t)number);
	} else if (str_starts(text, STR("killed by "))) {
		set_thread(&e, th);
		e.text[EVENT_NOTE] = clean(&s->path, str_drop(text, 10));
	} else if (str_starts(text, STR("superseded by execve in pid "))) {
		set_thread(&e, th);
		e.text[EVENT_NOTE] = clean(&s->path, text);
		value = str_drop(text, 28);
		struct thread *execs =
		    number_u64(value, &number) ? threads_find(threads, (int64_t)number) : NULL;
		if (execs && execs != th)
			threads_supersede(threads, execs, th);
		th = NULL; /* lives on as the one that called execve */
	} else {
		return false;
	}
	if (th && th->call.active)
		give_up(s, th, STR(""), false);
	if (leader->has_time)
		event_set(&e, EVENT_START, leader->time_ns);
	accounts_end(&s->parse->accounts);
	emit(s, &e);
	if (th && th->tid != NO_TID)
		threads_exit(threads, th);
	return true;
}

/* ---- lines ---- */

static bool take_follower(struct strace *s, struct str line)
{
	if (line.n < 3 || line.p[0] != ' ' || line.p[2] != ' ' ||
	    (line.p[1] != '>' && line.p[1] != '|'))
		return false;
	s->has_followers = true;
	if (!s->held.active) {
		accounts_skip(&s->parse->accounts, SKIP_ORPHAN);
		return true;
	}
	if (line.p[1] == '>')
		strace_frame(&s->held.stack, str_drop(line, 3));
	accounts_part(&s->parse->accounts);
	return true;
}

/* -c and -C print a table of counts; it runs from its head to the line of totals. */
static bool take_summary(struct strace *s, struct str line)
{
	bool head = str_starts(str_trim(line), STR("% time"));
	if (!head && !s->in_summary && !str_starts(line, STR("System call usage summary for ")))
		return false;
	s->in_summary = head || (s->in_summary && !str_ends(str_trim(line), STR(" total")));
	accounts_skip(&s->parse->accounts, SKIP_SUMMARY);
	return true;
}

static bool take_message(struct strace *s, struct str body)
{
	struct strace_message m;
	if (str_starts(body, STR("[ Process PID="))) {
		accounts_skip(&s->parse->accounts, SKIP_PERSONALITY);
		return true;
	}
	if (!strace_message(body, &m))
		return false;
	if (m.attached) {
		struct thread *th = threads_get(&s->parse->threads, m.tid, s->parse->in->line);
		if (m.with_threads)
			s->parse->threads.attached_pid = th->pid;
	}
	accounts_skip(&s->parse->accounts, SKIP_MESSAGE);
	return true;
}

static bool take_body(struct strace *s, const struct strace_leader *leader, struct str body,
		      struct str raw)
{
	switch (body.n ? body.p[0] : '\0') {
	case '<':
		return take_resumed(s, leader, body, raw);
	case '-':
		return take_signal(s, leader, body);
	case '+':
		return take_exit(s, leader, body);
	case '[':
		return take_message(s, body);
	default:
		return take_call(s, leader, body, raw) || take_message(s, body);
	}
}

static void close_open(struct strace *s);

static void take_line(struct strace *s, struct str line)
{
	struct strace_leader leader;
	strace_leader(&s->clock, line, &leader);
	struct str body = str_between(leader.body, line.p + line.n);
	s->has_brackets |= leader.has_tid;
	if (take_body(s, &leader, body, line))
		return;
	if (memchr(line.p, '\033', line.n)) {
		s->line.n = 0;
		buf_add_str(&s->line, line);
		size_t n = strace_strip_colours(s->line.p, s->line.n);
		buf_reserve(&s->line, INPUT_SLACK);
		if (n < line.n) {
			take_line(s, (struct str){s->line.p, n});
			return;
		}
	}
	accounts_reject(&s->parse->accounts, input_place(s->parse->in), "no line of strace", line);
}

/* Whether a line begins something of its own, or goes on with the call left open above it. */
static bool goes_on(struct strace *s, struct str line)
{
	struct strace_clock clock = s->clock;
	struct strace_leader leader;
	struct strace_call call;
	const char *at;
	strace_leader(&clock, line, &leader);
	if (leader.has_column)
		return false;
	if (s->open.has_column)
		return true;
	struct str body = str_between(leader.body, line.p + line.n);
	return !str_starts(body, STR("<... ")) && !str_starts(body, STR("--- ")) &&
	       !str_starts(body, STR("+++ ")) &&
	       strace_scan_call(body, &call, &s->notes, &at) == STRACE_NO_CALL;
}

static void go_on(struct strace *s, struct str line)
{
	struct open_call *open = &s->open;
	struct strace_leader leader;
	struct strace_call call;
	const char *at;
	struct str text = line;
	struct strace_message m;
	if (strace_cut_message(&text, &m) && m.attached)
		threads_get(&s->parse->threads, m.tid, s->parse->in->line);
	buf_add_str(&open->text, text);
	buf_add_str(&open->raw, line);
	buf_add_char(&open->raw, '\n');
	open->lines++;
	buf_reserve(&open->text, INPUT_SLACK);
	struct strace_clock clock = s->clock;
	strace_leader(&clock, buf_str(&open->text), &leader);
	struct str body = str_between(leader.body, open->text.p + open->text.n), marker;
	if (!unfinished_at(body, &marker) &&
	    strace_scan_call(body, &call, &s->notes, &at) == STRACE_OPEN_ARGS) {
		if (open->lines > MAX_OPEN_LINES)
			reject_open(s, "arguments do not end");
		return;
	}
	s->parse->accounts.parts += open->lines - 1;
	open->lines = 0;
	take_line(s, buf_str(&open->text));
}

/* A hanging call is the last thing in a trace and has no newline: it was entered. */
static void close_open(struct strace *s)
{
	struct strace_leader leader;
	if (!s->parse->in->cut) {
		reject_open(s, "arguments do not end");
		return;
	}
	buf_reserve(&s->open.text, INPUT_SLACK);
	strace_leader(&s->clock, buf_str(&s->open.text), &leader);
	struct str body = str_between(leader.body, s->open.text.p + s->open.text.n), rest = body, name;
	str_cut(&rest, '(', &name);
	struct thread *th = thread_of(s, &leader, false);
	enter(s, th, &leader, body, name);
	s->parse->accounts.parts += s->open.lines;
	s->open.lines = 0;
}

static void strace_line(void *state, struct str line)
{
	struct strace *s = state;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (s->open.lines && goes_on(s, line)) {
		go_on(s, line);
		return;
	}
	if (s->open.lines)
		reject_open(s, "arguments do not end");
	if (line.n && line.p[0] == ' ' && take_follower(s, line))
		return;
	release_held(s);
	if (str_trim(line).n == 0)
		accounts_skip(&s->parse->accounts, SKIP_BLANK);
	else if (!take_summary(s, line))
		take_line(s, line);
}

/* ---- a file ---- */

static void *strace_open(struct parse *parse)
{
	struct strace *s = xcalloc(1, sizeof *s);
	s->parse = parse;
	return s;
}

/* Quiet for now: the last event is not held back for a stack that this trace never shows. */
static void strace_idle(void *state)
{
	struct strace *s = state;
	if (!s->has_followers && s->parse->accounts.lines > 1)
		release_held(s);
}

struct unfinished_list {
	struct thread **thread;
	size_t n;
};

static void collect_unfinished(void *context, struct thread *th)
{
	struct unfinished_list *list = context;
	if (th->call.active)
		list->thread[list->n++] = th;
}

static int by_line(const void *a, const void *b)
{
	const struct thread *x = *(struct thread *const *)a, *y = *(struct thread *const *)b;
	return (x->call.line > y->call.line) - (x->call.line < y->call.line);
}

static void strace_close(void *state)
{
	struct strace *s = state;
	if (s->open.lines)
		close_open(s);
	release_held(s);
	struct threads *threads = &s->parse->threads;
	struct unfinished_list list = {.thread = xcalloc(threads->n + 1, sizeof *list.thread)};
	threads_each(threads, collect_unfinished, &list);
	qsort(list.thread, list.n, sizeof *list.thread, by_line);
	for (size_t i = 0; i < list.n; i++)
		give_up(s, list.thread[i], STR("trace ends"), true);
	release_held(s);
	free(list.thread);
	struct buf *bufs[] = {&s->held.text, &s->held.stack, &s->open.text, &s->open.raw, &s->whole,
			      &s->notes,     &s->path,	     &s->args,	    &s->line};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(s);
}

static bool strace_recognise(struct str lines)
{
	(void)lines;
	return true;
}

const struct dialect dialect_strace = {
    .name = "strace",
    .what = "strace, with any options, 4.x to 7.x",
    .recognise = strace_recognise,
    .open = strace_open,
    .line = strace_line,
    .idle = strace_idle,
    .close = strace_close,
};
