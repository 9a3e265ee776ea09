/* Calls that a message of strace or output of the tracee broke in two lines. */
#include "strace_state.h"

enum { MAX_OPEN_LINES = 1000 }; /* of one call; then they are rejected */

static void reject_open(struct strace *s)
{
	struct str rest = buf_str(&s->open.raw), line;
	struct place at = s->open.at;
	for (unsigned i = 0; i < s->open.lines && str_cut(&rest, '\n', &line); i++, at.line++)
		accounts_reject(&s->parse->accounts, at, "arguments do not end", line);
	s->open.lines = 0;
}

static void add_line(struct strace *s, struct str raw)
{
	struct strace_open_call *open = &s->open;
	struct str text = raw;
	struct strace_message m;
	if (strace_cut_message(&text, &m))
		open->message = m;
	buf_add_str(&open->text, text);
	buf_reserve(&open->text, INPUT_SLACK);
	buf_add_str(&open->raw, raw);
	buf_add_char(&open->raw, '\n');
	if (++open->lines > MAX_OPEN_LINES)
		reject_open(s);
}

bool strace_is_open(struct strace *s, struct str body)
{
	struct strace_call call;
	struct str marker;
	const char *at;
	return !strace_unfinished_at(body, &marker) &&
	       strace_scan_call(body, &call, &s->notes, &at) == STRACE_OPEN_ARGS;
}

void strace_keep_open(struct strace *s, const struct strace_leader *leader, struct str raw)
{
	s->open.text.n = s->open.raw.n = s->open.lines = 0;
	s->open.at = input_place(s->parse->in);
	s->open.has_column = leader->has_column;
	s->open.has_time = leader->has_time;
	s->open.message = (struct strace_message){0};
	strace_thread(s, leader, false); /* the thread is older than the one the message is about */
	add_line(s, raw);
}

/* Whether the line begins something of its own: all lines of a trace have the same leader columns, but
 * for [pid N], which comes and goes. Without any a call, a half, a signal or an exit is recognised as
 * such. */
static bool begins_anew(struct strace *s, struct str line)
{
	struct strace_clock clock = s->clock;
	struct strace_leader leader;
	struct strace_call call;
	const char *at;
	strace_leader(&clock, line, &leader);
	if (leader.has_column || s->open.has_time)
		return leader.has_column;
	struct str body = str_between(leader.body, line.p + line.n);
	if (str_starts(body, STR("<... ")) || str_starts(body, STR("--- ")) ||
	    str_starts(body, STR("+++ ")))
		return true;
	enum strace_scan scan = strace_scan_call(body, &call, &s->notes, &at);
	return s->open.has_column ? scan == STRACE_CALL && call.info : scan != STRACE_NO_CALL;
}

static bool is_complete(struct strace *s)
{
	struct strace_clock clock = s->clock;
	struct strace_leader leader;
	buf_slack(&s->open.text, INPUT_SLACK);
	struct str text = buf_str(&s->open.text);
	strace_leader(&clock, text, &leader);
	return !strace_is_open(s, str_between(leader.body, text.p + text.n));
}

/* Before the leader is read once more: the clock goes back to where it was. */
static void reset_clock(struct strace *s)
{
	if (s->open.has_time)
		s->clock.relative_ns = s->clock.before_ns;
}

bool strace_go_on(struct strace *s, struct str line)
{
	if (begins_anew(s, line)) {
		reject_open(s);
		return false;
	}
	add_line(s, line);
	if (s->open.lines && is_complete(s)) {
		s->parse->accounts.parts += s->open.lines - 1;
		s->open.lines = 0;
		reset_clock(s);
		strace_take_line(s, buf_str(&s->open.text));
		strace_attached(s, &s->open.message);
	}
	return true;
}

void strace_close_open(struct strace *s)
{
	if (!s->parse->in->cut) {
		reject_open(s);
		return;
	}
	buf_slack(&s->open.text, INPUT_SLACK);
	struct str text = buf_str(&s->open.text);
	struct strace_leader leader;
	reset_clock(s);
	strace_leader(&s->clock, text, &leader);
	struct strace_walk walk;
	struct str body = str_between(leader.body, text.p + text.n);
	const char *open = str_chr(body, '('), *close = NULL;
	if (open)
		close = strace_args_end(open, text.p + text.n, 0, &walk);
	if (close)
		body = str_between(body.p, close);
	strace_enter(s, strace_thread(s, &leader, false), &leader, body);
	s->parse->accounts.parts += s->open.lines;
	s->open.lines = 0;
}
