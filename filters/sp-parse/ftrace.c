/* The dialect of tracefs: trace, trace_pipe, trace-cmd report. A comm is looked up when its line is
 * printed, not when the event happens: all lines of a thread carry the last one. */
#include <stdlib.h>

#include "ftrace_leader.h"
#include "number.h"
#include "raw.h"
#include "uring.h"

struct ftrace {
	struct parse *parse;
	struct raw *raw;
	struct uring *uring;
	bool in_stack;	  /* lines of a stack may come */
	bool in_other;	  /* the event before was none of a call */
	bool of_call;	  /* the event before was one of a call */
	struct buf above, comm;
	struct place above_at;
};

/* ---- events ---- */

static void take_other(struct ftrace *f, const struct raw_record *at, struct str event)
{
	struct str name;
	struct str text = event;
	if (str_eq(event, STR("<stack trace>")) || str_eq(event, STR("<user stack trace>"))) {
		if (f->of_call)
			raw_frames_of(f->raw, at->tid);
		f->in_stack = true;
		raw_expect_frames(f->raw, true);
		accounts_part(&f->parse->accounts);
		return;
	}
	f->of_call = false;
	f->in_other = true;
	if (!str_cut(&text, ':', &name))
		name = event;
	if (!uring_event(f->uring, at, name, text) && !raw_task_event(f->raw, at, name, text))
		accounts_skip(&f->parse->accounts, SKIP_OTHER);
}

static void drop_above(struct ftrace *f)
{
	if (f->above_at.line)
		accounts_reject(&f->parse->accounts, f->above_at, "no line of ftrace",
				buf_str(&f->above));
	f->above_at.line = 0;
	f->above.n = 0;
}

/* A newline in the comm has put the first part of it on the line above. */
static void join_comm(struct ftrace *f, struct raw_record *at)
{
	enum { WIDTH = 16 };
	struct str above = buf_str(&f->above);
	if (above.n + 1 + at->comm.n != WIDTH) {
		drop_above(f);
		return;
	}
	while (above.n && above.p[0] == ' ')
		above = str_drop(above, 1);
	f->comm.n = 0;
	buf_add_str(&f->comm, above);
	buf_add_char(&f->comm, '\n');
	buf_add_str(&f->comm, at->comm);
	at->comm = buf_str(&f->comm);
	f->above_at.line = 0;
	f->above.n = 0;
	accounts_part(&f->parse->accounts);
}

static bool take_event(struct ftrace *f, struct str line)
{
	struct raw_record at;
	struct raw_body body;
	const char *event = ftrace_leader(line, &at);
	if (!event)
		return false;
	if (f->above_at.line)
		join_comm(f, &at);
	f->in_stack = false;
	struct str text = str_between(event, line.p + line.n);
	if (!raw_body(text, &body) || body.rest.n) {
		if (str_starts(text, STR("sys_")))
			accounts_reject(&f->parse->accounts, input_place(f->parse->in),
					"damaged record of a system call", line);
		else
			take_other(f, &at, text);
		return true;
	}
	f->of_call = true;
	f->in_other = false;
	if (body.exits)
		raw_exit(f->raw, &at, &body);
	else
		raw_enter(f->raw, &at, &body);
	return true;
}

/* ---- stacks ---- */

/* " => do_syscall_64", " =>  <00007fd7a713f84f>", " => /lib/libc.so.6[+0x10e1ad] <00007f...>" */
static bool take_frame(struct ftrace *f, struct str line)
{
	if (!f->in_stack || !str_starts(line, STR(" => ")))
		return false;
	if (!f->of_call) {
		accounts_skip(&f->parse->accounts, SKIP_OTHER);
		return true;
	}
	struct str frame = str_trim(str_drop(line, 4)), object = {0}, address = {0};
	const char *angle = str_find(frame, STR("<"));
	if (angle && str_ends(frame, STR(">"))) {
		address = str_between(angle + 1, frame.p + frame.n - 1);
		frame = str_trim(str_between(frame.p, angle));
	}
	const char *bracket = str_find(frame, STR("[+0x"));
	const char *plus = str_find(frame, STR("+0x"));
	if (bracket && str_ends(frame, STR("]"))) {
		object = str_between(frame.p, bracket);
		address = str_between(bracket + 4, frame.p + frame.n - 1);
		frame.n = 0;
	} else if (plus) {
		frame = str_between(frame.p, plus);
	} else if (str_eq(frame, STR("??"))) {
		frame.n = 0;
	}
	raw_frame(f->raw, frame, object, address, true);
	return true;
}

/* ---- the rest ---- */

/* "CPU:0 [LOST 123 EVENTS]", "CPU:0 [LOST EVENTS]"; trace-cmd: "CPU:0 [123 EVENTS DROPPED]" */
static bool take_loss(struct ftrace *f, struct str line)
{
	uint64_t cpu, n = 0;
	struct str s = str_trim(line);
	if (!str_starts(s, STR("CPU:")))
		return false;
	s = str_drop(s, 4);
	if (!number_take_u64(&s, &cpu) || !str_find(s, STR("EVENTS")))
		return false;
	while (s.n && !number_is_digit(s.p[0]))
		s = str_drop(s, 1);
	number_take_u64(&s, &n);
	raw_lost(f->raw, cpu <= INT32_MAX ? (int)cpu : -1, n);
	accounts_skip(&f->parse->accounts, SKIP_MESSAGE);
	return true;
}

/* "# entries-in-buffer/entries-written: 986/1200   #P:2", or with the option latency-format
 * "# latency: 0 us, #986/1200, CPU#0 | ...": the difference was overwritten before. */
static bool take_overwritten(struct ftrace *f, struct str line)
{
	static const struct str markers[] = {{"entries-in-buffer/entries-written: ", 35}, {" us, #", 6}};
	uint64_t kept, written;
	const char *at = NULL;
	for (int i = 0; i < 2 && !at; i++)
		if ((at = str_find(line, markers[i])))
			line = str_between(at + markers[i].n, line.p + line.n);
	if (!at || !number_take_u64(&line, &kept) || !str_starts(line, STR("/")))
		return false;
	line = str_drop(line, 1);
	if (number_take_u64(&line, &written) && written > kept)
		raw_lost(f->raw, -1, written - kept);
	return true;
}

/* "##### CPU 1 buffer started ####": nothing of that cpu is known up to here. */
static void take_header(struct ftrace *f, struct str line)
{
	uint64_t cpu;
	const char *number = str_find(line, STR(" CPU "));
	accounts_skip(&f->parse->accounts, SKIP_HEADER);
	if (take_overwritten(f, line) || !number || !str_find(line, STR(" buffer started")))
		return;
	struct str s = str_between(number + 5, line.p + line.n);
	if (number_take_u64(&s, &cpu) && cpu <= INT32_MAX)
		raw_lost(f->raw, (int)cpu, 0);
}

/* trace-cmd's own words. */
static bool is_message(struct str line)
{
	struct str s = str_trim(line);
	return str_starts(s, STR("cpus=")) || str_starts(s, STR("version = ")) ||
	       str_starts(s, STR("trace-cmd: ")) ||
	       (str_starts(s, STR("CPU ")) && str_ends(s, STR(" is empty")));
}

static void take_rest(struct ftrace *f, struct str line)
{
	enum { WIDTH = 16 };
	if (str_trim(line).n == 0) {
		accounts_skip(&f->parse->accounts, SKIP_BLANK);
	} else if (f->in_other && str_chr(line, '=')) { /* a newline in a comm or path */
		accounts_skip(&f->parse->accounts, SKIP_OTHER);
	} else if (line.p[0] == '#') {
		take_header(f, line);
	} else if (is_message(line)) {
		accounts_skip(&f->parse->accounts, SKIP_MESSAGE);
	} else if (line.n < WIDTH) {
		drop_above(f);
		buf_add_str(&f->above, line);
		f->above_at = input_place(f->parse->in);
	} else {
		drop_above(f);
		accounts_reject(&f->parse->accounts, input_place(f->parse->in),
				"no line of ftrace", line);
	}
}

static void ftrace_line(void *state, struct str line)
{
	struct ftrace *f = state;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (take_frame(f, line) || take_event(f, line) || take_loss(f, line))
		return;
	take_rest(f, line);
}

/* ---- a file ---- */

static bool ftrace_recognise(struct str lines)
{
	unsigned calls = 0, foreign = 0;
	struct str line;
	struct raw_record at;
	struct raw_body body;
	if (str_starts(lines, STR("# tracer: ")))
		return true;
	for (unsigned n = 0; n < 1000 && calls < 20 && str_cut(&lines, '\n', &line); n++) {
		const char *event = ftrace_leader(line, &at);
		if (event && raw_body(str_between(event, line.p + line.n), &body) && !body.rest.n)
			calls++;
		else if (!event && line.n >= 16 && line.p[0] != '#' && !is_message(line) &&
			 !str_starts(line, STR(" => ")) && !str_starts(line, STR("CPU:")))
			foreign++;
	}
	return calls > foreign;
}

static void *ftrace_open(struct parse *parse)
{
	struct ftrace *f = xcalloc(1, sizeof *f);
	f->parse = parse;
	f->raw = raw_open(parse);
	f->uring = uring_open(f->raw);
	if (str_find(parse->first, STR("stack trace>")))
		raw_expect_frames(f->raw, true);
	return f;
}

static void ftrace_close(void *state)
{
	struct ftrace *f = state;
	drop_above(f);
	raw_release(f->raw);
	uring_close(f->uring);
	raw_close(f->raw);
	buf_free(&f->above);
	buf_free(&f->comm);
	free(f);
}

const struct dialect dialect_ftrace = {
    .recognise = ftrace_recognise,
    .open = ftrace_open,
    .line = ftrace_line,
    .close = ftrace_close,
};
