/* The strace dialect: what each line is, and what to ask about it. */
#include <stdlib.h>

#include "strace_state.h"

/* Stack frames (-k) and dumps (-e read, -e write) follow the call that they belong to. */
static bool take_follower(struct strace *s, struct str line)
{
	if (line.n < 3 || line.p[2] != ' ' || (line.p[1] != '>' && line.p[1] != '|'))
		return false;
	s->has_followers = true;
	if (s->follows) {
		strace_defer_follower(s, line);
		return true;
	}
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
	struct str text = str_trim(line);
	bool head = str_starts(text, STR("% time"));
	if (!head && !s->in_summary && !str_starts(text, STR("System call usage summary for ")))
		return false;
	s->in_summary = head || (s->in_summary && !str_ends(text, STR(" total")));
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

/* A log pasted into prose: the first complete call of a known name inside the line. */
static bool take_embedded(struct strace *s, struct str line)
{
	const char *end = line.p + line.n;
	for (const char *open = line.p; (open = memchr(open, '(', (size_t)(end - open))); open++) {
		const char *name = open;
		while (name > line.p && ((name[-1] >= 'a' && name[-1] <= 'z') || name[-1] == '_' ||
					 (name[-1] >= '0' && name[-1] <= '9')))
			name--;
		struct strace_call call;
		const char *at;
		struct str body = str_between(name, end);
		if (syscall_by_name(str_between(name, open)) &&
		    strace_scan_call(body, &call, &s->notes, &at) == STRACE_CALL) {
			struct strace_leader leader = {.body = name};
			return strace_take_call(s, &leader, body, line);
		}
	}
	accounts_skip(&s->parse->accounts, SKIP_PROSE);
	return true;
}

void strace_take_line(struct strace *s, struct str line)
{
	struct strace_leader leader;
	strace_leader(&s->clock, line, &leader);
	struct str body = str_between(leader.body, line.p + line.n);
	if (leader.has_tid && (s->parse->threads.n_creating > 1 || s->n_deferred)) {
		struct thread *th = strace_thread(s, &leader, str_starts(body, STR("<... ")));
		if (th->undecided && strace_defer(s, th, line))
			return;
	}
	if (take_body(s, &leader, body, line) || (s->parse->lenient && take_embedded(s, line)))
		return;
	accounts_reject(&s->parse->accounts, input_place(s->parse->in), "no line of strace", line);
}

static struct str without_colours(struct strace *s, struct str line)
{
	s->line.n = 0;
	buf_add_str(&s->line, line);
	s->line.n = strace_strip_colours(s->line.p, s->line.n);
	buf_reserve(&s->line, INPUT_SLACK);
	return buf_str(&s->line);
}

void strace_take_whole_line(struct strace *s, struct str line)
{
	char first = line.n ? line.p[0] : ' ';
	if (first == ' ' && take_follower(s, line))
		return;
	s->follows = NULL;
	strace_release_held(s);
	if ((first == ' ' || first == '\t') && str_trim(line).n == 0)
		accounts_skip(&s->parse->accounts, SKIP_BLANK);
	else if (!(first == ' ' || first == '%' || first == 'S' || s->in_summary) ||
		 !take_summary(s, line))
		strace_take_line(s, line);
}

static void strace_line(void *state, struct str line)
{
	struct strace *s = state;
	if (s->coloured)
		line = without_colours(s, line);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (s->open.lines && strace_go_on(s, line))
		return;
	strace_take_whole_line(s, line);
	if (s->n_deferred)
		strace_take_deferred(s, false);
}

/* ---- a file ---- */

static void *strace_open(struct parse *parse)
{
	struct strace *s = xcalloc(1, sizeof *s);
	s->parse = parse;
	/* strace escapes ESC wherever it quotes the tracee: a raw one is --color=always. */
	s->coloured = str_find(input_peek(parse->in), STR("\033[")) != NULL;
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
		strace_release_held(s);
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
	struct threads *threads = &s->parse->threads;
	struct unfinished_list list = {.thread = xcalloc(threads->n + 1, sizeof *list.thread)};
	threads_each(threads, collect_unfinished, &list);
	qsort(list.thread, list.n, sizeof *list.thread, by_line);
	for (size_t i = 0; i < list.n; i++)
		strace_give_up(s, list.thread[i], EVENT_LITERAL("trace ends"), true);
	strace_release_held(s);
	free(list.thread);
	struct buf *bufs[] = {&s->held.text, &s->held.stack, &s->open.text, &s->open.raw,
			      &s->whole,     &s->notes,	     &s->path,	    &s->args,
			      &s->line};
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
    .time = strace_time,
    .idle = strace_idle,
    .close = strace_close,
};
