/* The dialect of perf trace: what each line is, and putting together what belongs together: records
 * that a newline in a name has cut, events and their stacks. */
#include <stdlib.h>

#include "number.h"
#include "perf_trace_state.h"
#include "strace_messages.h"

/* ---- held back for a stack ---- */

/* perf indents frames by 39 blanks, and its lines' times by less than 10. */
enum { FRAME_INDENT = 16 };

static bool is_indented(const char *p, size_t n)
{
	static const char blanks[FRAME_INDENT + 1] = "                ";
	return n > FRAME_INDENT && memcmp(p, blanks, FRAME_INDENT) == 0;
}

void perf_trace_emit(struct perf_trace *s, const struct event *e)
{
	struct str next = parse_ahead(s->parse);
	held_take(&s->held, s->parse, e, next.n > FRAME_INDENT && !is_indented(next.p, next.n));
}

/* ---- records cut by a newline ---- */

/* A path has at most PATH_MAX bytes (4096, linux/limits.h), of which few are newlines: beyond, it is no record. */
enum { MOST_LINES = 64, MOST_BYTES = 1 << 16 };

static void drop_open(struct perf_trace *s)
{
	struct accounts *a = &s->parse->accounts;
	struct str rest = buf_str(&s->open.text), line;
	for (; s->open.lines; s->open.lines--, s->open.at.line++) {
		str_cut(&rest, '\n', &line);
		if (s->open.other_event)
			accounts_skip(a, SKIP_OTHER);
		else
			accounts_reject(a, s->open.at, "neither a call nor an event", line);
	}
	s->open.text.n = 0;
}

static void keep_open(struct perf_trace *s, const struct perf_line *l, struct str line)
{
	s->open.lines = 1;
	s->open.at = input_place(s->parse->in);
	s->open.other_event = l->kind == PERF_OTHER_EVENT;
	s->open.text.n = 0;
	buf_add_str(&s->open.text, line);
}

static bool body_is_whole(struct perf_trace *s, struct perf_line *l, const char *end)
{
	if (l->body == end || !perf_trace_body(l, end, &s->form))
		return false;
	/* Only events are printed without the column of durations, when nothing else is traced. */
	s->has_dur_column |= l->has_dur_column;
	return true;
}

static void go_on(struct perf_trace *s, struct str line)
{
	struct buf *text = &s->open.text;
	buf_add_char(text, '\n');
	buf_add_str(text, line);
	buf_slack(text, INPUT_SLACK);
	s->open.lines++;
	struct perf_line l;
	perf_trace_head(buf_str(text), &l);
	if (body_is_whole(s, &l, text->p + text->n)) {
		s->parse->accounts.parts += s->open.lines - 1;
		s->open.lines = 0;
		perf_trace_take(s, &l);
		return;
	}
	s->open.other_event = l.kind == PERF_OTHER_EVENT;
	if (s->open.lines == MOST_LINES || text->n > MOST_BYTES)
		drop_open(s);
}

/* ---- lines ---- */

/* "LOST 6760 events!" */
static bool take_lost(struct perf_trace *s, struct str line)
{
	uint64_t records;
	struct str rest = str_drop(line, 5);
	if (!str_starts(line, STR("LOST ")) || !number_take_u64(&rest, &records) ||
	    !str_eq(rest, STR(" events!")))
		return false;
	drop_open(s);
	perf_trace_lost(s, records);
	accounts_skip(&s->parse->accounts, SKIP_MESSAGE);
	return true;
}

/* -s and -S print tables behind the trace; a thread's name in them may hold anything, so they reach to
 * the next line of the trace. */
static bool take_summary(struct perf_trace *s, struct str line)
{
	if (!s->in_summary && !str_starts(line, STR(" Summary of events:")))
		return false;
	drop_open(s);
	s->in_summary = true;
	if (!summary_head(&s->summary, SUMMARY_OF_PERF, line) && s->summary.columns)
		summary_row(&s->summary, line);
	accounts_skip(&s->parse->accounts, SKIP_SUMMARY);
	return true;
}

static bool is_message(struct str line)
{
	static const struct str prefixes[] = {
	    {"perf-read-vdso32 failed", 23}, {"[ perf ", 7},	   {"perf: ", 6},
	    {"Warning:", 8},		     {"Error:", 6},	   {"Couldn't ", 9},
	    {"Problems ", 9},		     {"PERF_RECORD_", 12},
	};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(line, prefixes[i]))
			return true;
	return false;
}

static void take_head(struct perf_trace *s, struct perf_line *l, struct str line)
{
	drop_open(s);
	s->in_summary = false;
	if (body_is_whole(s, l, line.p + line.n))
		perf_trace_take(s, l);
	else
		keep_open(s, l, line);
}

static void take_other(struct perf_trace *s, struct str line)
{
	struct accounts *a = &s->parse->accounts;
	struct perf_line l;
	const char *glued = s->open.lines ? NULL : perf_trace_glued(line);
	if (glued) {
		struct str rest = str_between(glued, line.p + line.n);
		perf_trace_head(rest, &l);
		take_head(s, &l, rest);
	} else if (s->open.lines) {
		go_on(s, line);
	} else if (str_trim(line).n == 0) {
		accounts_skip(a, SKIP_BLANK);
	} else if (is_message(line)) {
		accounts_skip(a, SKIP_MESSAGE);
	} else {
		accounts_reject(a, input_place(s->parse->in), "no line of perf trace", line);
	}
}

static bool take_frame(struct perf_trace *s, struct str line)
{
	if (!is_indented(line.p, line.n) || s->open.lines || str_trim(line).n == 0)
		return false;
	s->has_stacks = true;
	if (s->held.active) {
		perf_trace_frame(&s->held.stack, line);
		accounts_part(&s->parse->accounts);
	} else {
		accounts_skip(&s->parse->accounts, SKIP_ORPHAN);
	}
	return true;
}

static struct str without_colours(struct perf_trace *s, struct str line)
{
	s->line.n = 0;
	buf_add_str(&s->line, line);
	s->line.n = strace_strip_colours(s->line.p, s->line.n);
	buf_reserve(&s->line, INPUT_SLACK);
	return buf_str(&s->line);
}

static void perf_trace_line(void *state, struct str line)
{
	struct perf_trace *s = state;
	struct perf_line l;
	if (s->coloured)
		line = without_colours(s, line);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (perf_trace_head(line, &l) && (l.has_dur_column || !s->has_dur_column)) {
		held_release(&s->held, s->parse);
		take_head(s, &l, line);
		return;
	}
	if (!s->in_summary && take_frame(s, line))
		return;
	held_release(&s->held, s->parse);
	if (!take_lost(s, line) && !take_summary(s, line))
		take_other(s, line);
}

/* ---- a file ---- */

static void *perf_trace_open(struct parse *parse)
{
	struct perf_trace *s = xcalloc(1, sizeof *s);
	s->parse = parse;
	summary_begin(&s->summary, parse);
	s->coloured = str_find(parse->first, STR(" ms\033[m): ")) != NULL;
	return s;
}

/* Quiet for now: the last event is not held back for a stack that this trace never shows. */
static void perf_trace_idle(void *state)
{
	struct perf_trace *s = state;
	if (!s->has_stacks)
		held_release(&s->held, s->parse);
}

static void perf_trace_close(void *state)
{
	struct perf_trace *s = state;
	drop_open(s);
	perf_trace_end(s);
	held_release(&s->held, s->parse);
	summary_end(&s->summary);
	held_free(&s->held);
	struct buf *bufs[] = {&s->open.text, &s->args, &s->path, &s->line};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(s);
}

static bool perf_trace_time(void *state, struct str line, int64_t *time_ns)
{
	(void)state;
	struct perf_line l;
	if (!perf_trace_head(line, &l) || !l.has_time)
		return false;
	*time_ns = l.time_ns;
	return true;
}

/* A line with perf's head and something behind it that perf prints there, or its summary. Without the
 * column of durations a time is too little: it must be an event. */
static bool perf_trace_recognise(struct str lines)
{
	enum { LOOK_AT = 100 };
	struct str line;
	for (int i = 0; i < LOOK_AT && str_cut(&lines, '\n', &line); i++) {
		char plain[512];
		if (line.n > sizeof plain)
			line.n = sizeof plain;
		if (line.n)
			memcpy(plain, line.p, line.n);
		size_t n = strace_strip_colours(plain, line.n);
		struct perf_line l;
		enum perf_form form = PERF_FORM_UNKNOWN;
		if (str_starts(line, STR(" Summary of events:")))
			return true;
		if (!perf_trace_head((struct str){plain, n}, &l))
			continue;
		if (l.has_dur_column)
			return true;
		if (l.body < plain + n && perf_trace_body(&l, plain + n, &form) &&
		    l.kind == PERF_OTHER_EVENT)
			return true;
	}
	return false;
}

const struct dialect dialect_perf_trace = {
    .recognise = perf_trace_recognise,
    .open = perf_trace_open,
    .line = perf_trace_line,
    .time = perf_trace_time,
    .idle = perf_trace_idle,
    .close = perf_trace_close,
};
