/* What comes out of the strace dialect: events, held back while a stack may follow; signals; exits. */
#include "strace_state.h"

/* ---- giving out ---- */

void strace_set_thread(struct event *e, struct thread *th)
{
	e->text[EVENT_PID] = thread_digits(&th->pid_digits, th->pid);
	e->text[EVENT_TID] = thread_digits(&th->tid_digits, th->tid);
	e->text[EVENT_COMM] = buf_str(&th->comm);
}

/* Followers begin with a blank: whether one comes is often known without waiting for the line. */
void strace_emit(struct strace *s, const struct event *e)
{
	struct str next = parse_ahead(s->parse);
	held_take(&s->held, s->parse, e, next.n && next.p[0] != ' ');
}

struct str strace_clean(struct buf *space, struct str text)
{
	bool quoted = str_starts(text, STR("\"")), dirty = quoted;
	for (size_t i = 0; i < text.n; i++)
		dirty |= (signed char)text.p[i] < 0x20 || text.p[i] == 0x7f;
	if (!dirty)
		return text;
	space->n = 0;
	if (quoted) {
		buf_add(space, "\\x22", 4);
		text = str_drop(text, 1);
	}
	/* Backslashes and quotes are strace's own and stay. */
	for (size_t i = 0, from = 0; i <= text.n; i++) {
		if (i < text.n && text.p[i] != '\\' && text.p[i] != '"')
			continue;
		event_escape(space, str_between(text.p + from, text.p + i));
		if (i < text.n)
			buf_add_char(space, text.p[i]);
		from = i + 1;
	}
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

/* ---- signals and exits ---- */

/* --- SIGCHLD {si_signo=SIGCHLD, ...} ---; up to 4.6 the name is only inside the braces. */
bool strace_take_signal(struct strace *s, const struct strace_leader *leader, struct str body)
{
	if (!str_starts(body, STR("--- ")) || !str_ends(body, STR(" ---")) || body.n < 9)
		return false;
	struct str text = str_between(body.p + 4, body.p + body.n - 4), name = text, details = {0};
	const char *blank = str_chr(text, ' ');
	if (str_starts(text, STR("SIG")) && blank) {
		name = str_between(text.p, blank);
		details = str_drop(text, name.n + 1);
	} else if (str_starts(text, STR("{si_signo="))) {
		struct str rest = str_drop(text, 10);
		str_cut(&rest, ',', &name);
		details = text;
	}
	struct event e;
	event_begin(&e, EVENT_SIGNAL);
	strace_set_thread(&e, strace_thread(s, leader, false));
	if (leader->has_time)
		event_set(&e, EVENT_START, leader->time_ns);
	e.text[EVENT_NOTE] = strace_clean(&s->path, name);
	e.text[EVENT_ARGS] = strace_clean(&s->args, details);
	accounts_end(&s->parse->accounts);
	strace_emit(s, &e);
	return true;
}

/* The leader of the process and the thread that called execve change places: the thread goes on under
 * the leader's number. */
static void supersede(struct strace *s, struct thread *leader, struct str number)
{
	uint64_t tid;
	struct thread *execs =
	    number_u64(number, &tid) ? threads_find(&s->parse->threads, (int64_t)tid) : NULL;
	if (execs && execs != leader)
		threads_supersede(&s->parse->threads, execs, leader);
}

/* +++ exited with 0 +++, +++ killed by SIGKILL (core dumped) +++, +++ superseded by execve in pid 5 +++ */
bool strace_take_exit(struct strace *s, const struct strace_leader *leader, struct str body)
{
	if (!str_starts(body, STR("+++ ")) || !str_ends(body, STR(" +++")) || body.n < 9)
		return false;
	static const struct str exited = {"exited with ", 12}, killed = {"killed by ", 10},
				superseded = {"superseded by execve in pid ", 28};
	struct str text = str_between(body.p + 4, body.p + body.n - 4);
	struct thread *th = strace_thread(s, leader, false);
	struct event e;
	int64_t status;
	bool gone = true;
	event_begin(&e, EVENT_EXIT);
	strace_set_thread(&e, th);
	if (str_starts(text, exited) && number_i64(str_drop(text, exited.n), &status)) {
		event_set(&e, EVENT_RET, status);
	} else if (str_starts(text, killed)) {
		e.text[EVENT_NOTE] = strace_clean(&s->path, str_drop(text, killed.n));
	} else if (str_starts(text, superseded)) {
		e.text[EVENT_NOTE] = strace_clean(&s->path, text);
		supersede(s, th, str_drop(text, superseded.n));
		gone = false;
	} else {
		return false;
	}
	if (gone && th->call.active)
		strace_give_up(s, th, STR(""), false);
	if (leader->has_time)
		event_set(&e, EVENT_START, leader->time_ns);
	accounts_end(&s->parse->accounts);
	strace_emit(s, &e);
	if (gone && th->tid != NO_TID)
		threads_exit(&s->parse->threads, th);
	return true;
}
