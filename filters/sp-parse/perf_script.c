/* The dialect of perf script: raw_syscalls:*, syscalls:* and io_uring:* events of any perf record, with or
 * without stacks, task and lost records among them. */
#include "perf_script.h"

#include <stdlib.h>

/* ---- broken comms ---- */

/* What was kept is no comm. */
static void drop_above(struct perf_script *s)
{
	struct str rest = buf_str(&s->above), line;
	for (; s->above_lines && str_cut(&rest, '\n', &line); s->above_at.line++) {
		if (str_trim(line).n == 0)
			accounts_skip(accounts(s), SKIP_BLANK);
		else
			accounts_reject(accounts(s), s->above_at, "no line of perf script", line);
	}
	s->above_lines = 0;
	s->above.n = 0;
}

static bool keep_above(struct perf_script *s, struct str line)
{
	enum { WIDTH = 16 };
	if (s->above.n + (s->above_lines > 0) + line.n >= WIDTH)
		return false;
	if (s->above_lines++)
		buf_add_char(&s->above, '\n');
	else
		s->above_at = input_place(s->parse->in);
	buf_add_str(&s->above, line);
	return true;
}

static void use_above(struct perf_script *s)
{
	for (unsigned i = 0; i < s->above_lines; i++)
		accounts_part(accounts(s));
	s->above_lines = 0;
	s->above.n = 0;
}

/* ---- leaders ---- */

static bool take_leader(struct perf_script *s, struct str line, const char *event,
			struct raw_record *at)
{
	bool used;
	if (!perf_leader(line.p, event, buf_str(&s->above), &s->comm, at, &used))
		return false;
	if (used)
		use_above(s);
	else if (s->above_lines)
		drop_above(s);
	if (s->deltas && at->has_time) {
		s->clock_ns += at->time_ns;
		at->time_ns = s->clock_ns;
	}
	return true;
}

/* ---- calls ---- */

/* The next record of a call in a line, from *from on: where its event begins; NULL: no more. The names
 * can only be a call's: a comm is too short to hold one. */
static const char *next_call(struct str line, const char **from, struct raw_body *body)
{
	static const struct str marker = {"syscalls:sys_e", 14};
	const char *end = line.p + line.n, *p = *from;
	while ((p = str_find(str_between(p, end), marker))) {
		const char *event = p;
		*from = p += 9;
		if (event - line.p >= 4 && memcmp(event - 4, "raw_", 4) == 0)
			event -= 4;
		if ((event == line.p || event[-1] == ' ') && raw_body(str_between(p, end), body))
			return event;
	}
	return NULL;
}

/* The same in a line that has no names of events (-F -event): "NR 3 = 0" */
static const char *bare_call(struct str line, struct raw_body *body)
{
	static const struct str marker = {" NR ", 4};
	const char *end = line.p + line.n, *p = line.p;
	for (; (p = str_find(str_between(p, end), marker)); p++)
		if (raw_bare_body(str_between(p + 1, end), body))
			return p;
	return NULL;
}

/* Which column is missing, in a line of a call that perf script was not asked to print well. */
static const char *what_is_missing(struct str line)
{
	struct raw_body body;
	const char *from = line.p;
	if (next_call(line, &from, &body))
		return "no thread: print with perf script -F comm,pid,tid,cpu,time,event,trace";
	const char *name = str_find(line, STR("syscalls:sys_e")), *end = line.p + line.n;
	const char *colon = name ? str_find(str_between(name + 9, end), STR(":")) : NULL;
	if (colon && str_trim(str_between(colon + 1, end)).n == 0)
		return "no values: print with perf script -F comm,pid,tid,cpu,time,event,trace";
	return NULL;
}

static bool next_is_frame(struct perf_script *s)
{
	struct str next = parse_ahead(s->parse);
	return next.n ? next.p[0] == '\t' : s->has_stacks;
}

/* A single number in front of events is the thread, unless perf script was asked for the process alone. */
static void take_record(struct perf_script *s, const struct raw_record *at,
			const struct raw_body *body)
{
	struct accounts *a = &s->parse->accounts;
	uint64_t unfinished = a->unfinished;
	raw_expect_frames(s->raw, body->rest.n > 0 || next_is_frame(s));
	if (body->exits)
		raw_exit(s->raw, at, body);
	else
		raw_enter(s->raw, at, body);
	if (at->pid == NO_TID)
		a->overlapping += a->unfinished - unfinished;
	if (body->rest.n)
		raw_perf_frame(s->raw, body->rest, false);
	s->stack = STACK_CALL;
}

static bool take_call(struct perf_script *s, struct str line)
{
	const char *event, *from = line.p;
	struct raw_record at;
	struct raw_body body;
	while ((event = next_call(line, &from, &body))) {
		if (take_leader(s, line, event, &at)) {
			take_record(s, &at, &body);
			return true;
		}
	}
	if (!s->bare || !(event = bare_call(line, &body)) || !take_leader(s, line, event, &at))
		return false;
	take_record(s, &at, &body);
	return true;
}

/* ---- other events ---- */

static bool take_event(struct perf_script *s, struct str line)
{
	static const struct str record = {"PERF_RECORD_", 12};
	const char *event = perf_leader_find_event(line, true), *end = line.p + line.n;
	struct raw_record at;
	if (!event && !s->timed)
		event = perf_leader_find_event(line, false);
	if (!event || what_is_missing(line) || !take_leader(s, line, event, &at))
		return false;
	struct str text = str_between(event, end), name;
	if (str_starts(text, record)) {
		s->stack = STACK_OTHER;
		perf_records_take(s, at, str_drop(text, record.n));
		return true;
	}
	const char *blank = str_chr(text, ' ');
	name = str_between(event, (blank ? blank : end) - 1);
	if (str_find(name, STR("syscalls:sys_e"))) {
		s->stack = STACK_OTHER;
		accounts_reject(accounts(s), input_place(s->parse->in),
				"damaged record of a system call", line);
	} else {
		perf_records_take_event(s, &at, name, str_trim(str_drop(text, name.n + 1)));
	}
	return true;
}

/* ---- lines ---- */

static bool is_frame(struct str line)
{
	struct str s = str_trim(line);
	return s.n && (number_is_digit(s.p[0]) || (s.p[0] >= 'a' && s.p[0] <= 'f'));
}

/* A frame, or the source line of one, below it (-F +srcline): "  stk.c:12". */
static bool take_frame(struct perf_script *s, struct str line)
{
	bool frame = line.p[0] == '\t' && is_frame(line);
	if (s->stack == STACK_NONE || !(frame || (s->in_frames && str_starts(line, STR("  ")))))
		return false;
	s->has_stacks = s->in_frames = true;
	if (s->stack != STACK_CALL) {
		accounts_skip(accounts(s), SKIP_OTHER);
	} else if (frame) {
		raw_perf_frame(s->raw, line, true);
	} else {
		/* ":0" and "[kernel.kallsyms][ffffffff81417d70]" are no source. */
		struct str source = str_trim(line);
		bool known = source.n && source.p[0] != ':' && source.p[source.n - 1] != ']';
		raw_frame_source(s->raw, known ? source : (struct str){0});
	}
	return true;
}

/* What perf says on standard error, when that went into the file, too. */
static bool is_message(struct str line)
{
	static const struct str starts[] = {{"Warning:", 8}, {"Processed ", 10}, {"Check IO/CPU ", 13},
					    {"'trace' not valid for ", 22}, {"[ perf record:", 14}};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (str_starts(line, starts[i]))
			return true;
	return false;
}

static void take_rest(struct perf_script *s, struct str line)
{
	const char *why = what_is_missing(line);
	if (!why && perf_records_go_on(s, line))
		return;
	if (line.p[0] == '#') {
		accounts_skip(accounts(s), SKIP_HEADER);
	} else if (is_message(line)) {
		accounts_skip(accounts(s), SKIP_MESSAGE);
	} else if (!keep_above(s, line)) {
		drop_above(s);
		if (why)
			s->stack = STACK_OTHER; /* what follows is of no use */
		if (!keep_above(s, line))
			accounts_reject(accounts(s), input_place(s->parse->in),
					why ? why : "no line of perf script", line);
	}
}

static void perf_script_line(void *state, struct str line)
{
	struct perf_script *s = state;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0) { /* ends a stack */
		s->stack = STACK_NONE;
		drop_above(s);
		accounts_skip(accounts(s), SKIP_BLANK);
		return;
	}
	if (take_frame(s, line))
		return;
	s->in_frames = false;
	if (take_call(s, line) || take_event(s, line))
		return;
	take_rest(s, line);
}

/* ---- a file ---- */

enum line_kind { LINE_FOREIGN, LINE_NEUTRAL, LINE_CALL, LINE_BARE };

/* What a line is, as far as it tells alone. */
static enum line_kind kind_of(struct str line, struct raw_record *at)
{
	const char *event, *from = line.p;
	struct raw_body body;
	struct buf space = {0};
	bool used;
	while ((event = next_call(line, &from, &body)))
		if (perf_leader(line.p, event, (struct str){0}, &space, at, &used))
			return LINE_CALL;
	if ((event = bare_call(line, &body)) &&
	    perf_leader(line.p, event, (struct str){0}, &space, at, &used))
		return LINE_BARE;
	at->has_time = false;
	const char *name = str_find(line, STR("syscalls:sys_e"));
	if (what_is_missing(line) && !str_chr(str_between(line.p, name), '"'))
		return LINE_CALL;
	bool source = str_starts(line, STR("  ")) && !str_chr(str_trim(line), ' ');
	bool neutral = line.n < 16 || line.p[0] == '#' || line.p[0] == '\t' || source ||
		       is_message(line) || perf_leader_find_event(line, true) ||
		       perf_leader_find_event(line, false);
	return neutral ? LINE_NEUTRAL : LINE_FOREIGN;
}

static bool perf_script_recognise(struct str lines)
{
	unsigned calls = 0, foreign = 0;
	struct str line;
	struct raw_record at;
	for (unsigned n = 0; n < 1000 && calls < 20 && str_cut(&lines, '\n', &line); n++) {
		enum line_kind kind = kind_of(line, &at);
		calls += kind == LINE_CALL || kind == LINE_BARE;
		foreign += kind == LINE_FOREIGN;
	}
	return calls > foreign;
}

/* What the first lines tell about all. */
static void look(struct perf_script *s, struct str lines)
{
	unsigned times = 0, falls = 0;
	int64_t last = 0;
	struct str line;
	struct raw_record at;
	for (unsigned n = 0; n < 1000 && str_cut(&lines, '\n', &line); n++) {
		enum line_kind kind = kind_of(line, &at);
		s->bare |= kind == LINE_BARE;
		if ((kind != LINE_CALL && kind != LINE_BARE) || !at.has_time)
			continue;
		falls += at.time_ns < last;
		last = at.time_ns;
		times++;
	}
	s->timed = times > 0;
	/* Times go up, unless each counts from the one before. */
	s->deltas = falls > 2 && falls > times / 8;
}

static void *perf_script_open(struct parse *parse)
{
	struct perf_script *s = xcalloc(1, sizeof *s);
	s->parse = parse;
	s->raw = raw_open(parse);
	s->uring = uring_open(s->raw);
	look(s, parse->first);
	return s;
}

static void perf_script_idle(void *state)
{
	struct perf_script *s = state;
	if (!s->has_stacks)
		raw_release(s->raw);
}

static void perf_script_close(void *state)
{
	struct perf_script *s = state;
	drop_above(s);
	raw_release(s->raw);
	uring_close(s->uring);
	raw_close(s->raw);
	buf_free(&s->above);
	buf_free(&s->comm);
	free(s);
}

const struct dialect dialect_perf_script = {
    .recognise = perf_script_recognise,
    .open = perf_script_open,
    .line = perf_script_line,
    .idle = perf_script_idle,
    .close = perf_script_close,
};
