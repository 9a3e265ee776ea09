/* The strace dialect: what each line is, and what to ask about it. */
#include <stdlib.h>

#include "scan.h"
#include "strace_state.h"

/* Stack frames (-k) and dumps (-e read, -e write) follow the call that they belong to. */
static bool take_follower(struct strace *s, struct str line)
{
	struct str whole = line;
	line = str_trim(line); /* an indented log has them indented, too */
	if (line.n < 3 || line.p[1] != ' ' ||
	    (line.p[0] != '>' && line.p[0] != '|' && line.p[0] != '*'))
		return false;
	s->has_followers = true;
	if (s->follows) {
		strace_defer_follower(s, whole);
		return true;
	}
	if (!s->held.active) {
		accounts_skip(&s->parse->accounts, SKIP_ORPHAN);
		return true;
	}
	if (line.p[0] == '>')
		strace_frame(&s->held.stack, str_drop(line, 2));
	accounts_part(&s->parse->accounts);
	return true;
}

/* Nothing but names and numbers. */
static bool may_be_row(struct str text)
{
	static const bool foreign[256] = {
	    ['('] = true, [')'] = true, ['='] = true, ['+'] = true, ['{'] = true, ['"'] = true};
	for (size_t i = 0; i < text.n; i++)
		if (foreign[(unsigned char)text.p[i]])
			return false;
	return true;
}

/* It runs from its head to the line of totals, or to what is no row of it. */
static bool take_summary(struct strace *s, struct str line)
{
	struct str text = str_trim(line);
	bool head = summary_head(&s->summary, SUMMARY_OF_STRACE, text);
	s->in_summary &= may_be_row(text);
	if (!head && !s->in_summary && !str_starts(text, STR("System call usage summary for ")))
		return false;
	bool total = str_ends(text, STR(" total")) || str_starts(text, STR("total "));
	if (!head && s->in_summary)
		summary_row(&s->summary, text);
	s->in_summary = head || (s->in_summary && !total);
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
	strace_attached(s, &m);
	struct thread *gone = m.detached ? threads_find(&s->parse->threads, m.tid) : NULL;
	if (gone && gone->call.active)
		strace_give_up(s, gone, EVENT_LITERAL("detached"), false);
	if (gone)
		threads_exit(&s->parse->threads, gone);
	accounts_skip(&s->parse->accounts, SKIP_MESSAGE);
	return true;
}

static bool take_body(struct strace *s, const struct strace_leader *leader, struct str body,
		      struct str raw)
{
	switch (body.n ? body.p[0] : '\0') {
	case '<':
		return strace_take_resumed(s, leader, body, raw);
	case '-':
		return strace_take_signal(s, leader, body);
	case '+':
		return strace_take_exit(s, leader, body);
	case '[':
		return take_message(s, body);
	default:
		return strace_take_call(s, leader, body, raw) || take_message(s, body);
	}
}

/* Where a call inside other text ends: behind the value, the error's text or note, and the time. */
static const char *embedded_end(const struct strace_call *call, const char *value, const char *end)
{
	const char *p = value;
	bool error = false;
	while (p < end && *p != ' ' && *p != '.' && *p != ',' && *p != ';' && *p != '`' && *p != '<')
		p++;
	if (call->error.n && call->error.p > value && call->error.p < end) {
		p = call->error.p + call->error.n;
		error = true;
	}
	struct strace_walk walk;
	const char *close = NULL;
	if (end - p > 2 && p[0] == ' ' && p[1] == '(' && (error || call->note.n))
		close = strace_args_end(p + 1, end, 0, &walk);
	if (close)
		p = close + 1;
	if (end - p > 3 && p[0] == ' ' && p[1] == '<' && number_is_digit(p[2])) {
		close = memchr(p, '>', (size_t)(end - p));
		p = close ? close + 1 : p;
	}
	return p;
}

/* A log pasted into prose: every complete call of a known name inside the line. */
static bool take_embedded(struct strace *s, struct str line)
{
	const char *end = line.p + line.n;
	bool found = false;
	for (const char *open = line.p; (open = memchr(open, '(', (size_t)(end - open))); open++) {
		const char *name = open, *value;
		while (name > line.p && ((name[-1] >= 'a' && name[-1] <= 'z') || name[-1] == '_' ||
					 number_is_digit(name[-1])))
			name--;
		struct strace_call call;
		struct str body = str_between(name, end);
		if (!syscall_by_name(str_between(name, open)))
			continue;
		enum strace_scan scanned = strace_scan_call(body, &call, &s->notes, &value);
		if (scanned == STRACE_BAD_RETURN) { /* a full stop behind it, say */
			const char *stop = value;
			while (stop < end && *stop != '.' && *stop != ',' && *stop != ';' &&
			       *stop != '<' && *stop != '`' && *stop != ')')
				stop++;
			body = str_between(name, stop);
			scanned = strace_scan_call(body, &call, &s->notes, &value);
		}
		if (scanned != STRACE_CALL)
			continue;
		const char *stop = embedded_end(&call, value, end);
		struct strace_leader leader = {.body = name};
		s->parse->accounts.ends -= found; /* the line is counted once */
		strace_take_call(s, &leader, str_between(name, stop), line);
		found = true;
		open = stop - 1;
	}
	if (!found)
		accounts_skip(&s->parse->accounts, SKIP_PROSE);
	return true;
}

void strace_take_line(struct strace *s, struct str line)
{
	struct strace_leader leader;
	struct strace_clock before;
	bool may_wait = s->parse->threads.n_creating > 1 || s->n_deferred;
	if (may_wait)
		before = s->clock;
	strace_leader(&s->clock, line, &leader);
	struct str body = str_between(leader.body, line.p + line.n);
	if (may_wait && leader.has_tid) {
		struct thread *th = strace_thread(s, &leader, str_starts(body, STR("<... ")));
		if (th->undecided) {
			if (strace_is_open(s, body)) /* put off when it is whole */
				strace_keep_open(s, &leader, line);
			else
				strace_defer(s, th, line, &before);
			return;
		}
	}
	if (take_body(s, &leader, body, line) || strace_take_rest(s, &leader, body) ||
	    (s->parse->lenient && take_embedded(s, line)))
		return;
	accounts_reject(&s->parse->accounts, input_place(s->parse->in), "no line of strace", line);
}

static struct str without_colours(struct strace *s, struct str line)
{
	s->line.n = 0;
	buf_add_str(&s->line, line);
	s->line.n = strace_strip_colours(s->line.p, s->line.n);
	buf_slack(&s->line, INPUT_SLACK);
	return buf_str(&s->line);
}

/* What nearly every line is not, told at little cost. */
static bool may_be_summary(const struct strace *s, struct str line)
{
	char first = line.n ? line.p[0] : ' ';
	return s->in_summary || first == ' ' || first == '%' || first == 'S' ||
	       (first >= 'a' && first <= 'z' && !str_chr(line, '('));
}

void strace_take_whole_line(struct strace *s, struct str line)
{
	if (s->open.lines && strace_go_on(s, line))
		return;
	char first = line.n ? line.p[0] : ' ';
	if (first == ' ' && take_follower(s, line))
		return;
	s->follows = NULL;
	held_release(&s->held, s->parse);
	if ((first == ' ' || first == '\t') && str_trim(line).n == 0)
		accounts_skip(&s->parse->accounts, SKIP_BLANK);
	else if (!may_be_summary(s, line) || !take_summary(s, line))
		strace_take_line(s, line);
}

static void strace_line(void *state, struct str line)
{
	struct strace *s = state;
	if (s->hot->take(s, line))
		return;
	if (s->coloured)
		line = without_colours(s, line);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	strace_take_whole_line(s, line);
	if (s->n_deferred && !s->open.lines)
		strace_take_deferred(s, false);
}

/* ---- a file ---- */

static void *strace_open(struct parse *parse)
{
	struct strace *s = xcalloc(1, sizeof *s);
	s->parse = parse;
	summary_begin(&s->summary, parse);
	s->slow = parse->slow;
	s->hot = scan_has_avx2() ? &strace_fast_avx2 : &strace_fast_any;
	if (!s->slow)
		input_prepare(parse->in, s->hot->ahead);
	/* What -ff writes names no thread: this number at the end of the file's name is none. */
	if (str_starts(parse->first, STR("[pid ")) || str_find(parse->first, STR("\n[pid ")))
		parse->tid_of_file = NO_TID;
	for (int i = 0; i < EVENT_COLUMNS; i++)
		s->fast.text[i] = EVENT_LITERAL(""); /* readable, as parse_call wants it */
	parse->accounts.of_strace = true;
	/* strace escapes ESC wherever it quotes the tracee: a raw one is --color=always. */
	s->coloured = str_find(parse->first, STR("\033[")) != NULL;
	return s;
}

static bool strace_time(void *state, struct str line, int64_t *time_ns)
{
	struct strace *s = state;
	struct strace_clock clock = s->clock;
	struct strace_leader leader;
	strace_leader(&clock, line, &leader);
	if (leader.has_time)
		*time_ns = leader.time_ns;
	return leader.has_time;
}

/* Quiet for now: the last event is not held back for a stack that this trace never shows. */
static void strace_idle(void *state)
{
	struct strace *s = state;
	if (!s->has_followers && s->parse->accounts.lines > 1)
		held_release(&s->held, s->parse);
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
		strace_close_open(s);
	strace_take_deferred(s, true);
	if (s->open.lines)
		strace_close_open(s);
	struct threads *threads = &s->parse->threads;
	struct unfinished_list list = {.thread = xcalloc(threads->n + 1, sizeof *list.thread)};
	threads_each(threads, collect_unfinished, &list);
	qsort(list.thread, list.n, sizeof *list.thread, by_line);
	for (size_t i = 0; i < list.n; i++)
		strace_give_up(s, list.thread[i], EVENT_LITERAL("trace ends"), true);
	held_release(&s->held, s->parse);
	summary_end(&s->summary);
	free(list.thread);
	held_free(&s->held);
	struct buf *bufs[] = {&s->open.text, &s->open.raw, &s->whole, &s->notes,
			      &s->path,	     &s->args,	   &s->line,  &s->note};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(s);
}

/* A call by a known name, or its second half. */
static bool strace_recognise(struct str lines)
{
	struct strace_clock clock = {0};
	struct strace_leader leader;
	struct str line;
	while (str_cut(&lines, '\n', &line)) {
		if (line.n == 0)
			continue;
		strace_leader(&clock, line, &leader);
		struct str body = str_between(leader.body, line.p + line.n);
		const char *open = str_chr(body, '(');
		if (str_starts(body, STR("<... ")) || (open && syscall_by_name(str_between(body.p, open))))
			return true;
	}
	return false;
}

const struct dialect dialect_strace = {
    .recognise = strace_recognise,
    .open = strace_open,
    .line = strace_line,
    .time = strace_time,
    .idle = strace_idle,
    .close = strace_close,
};
