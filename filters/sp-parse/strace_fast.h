/* The hot path of sp-parse: nearly every line of a trace, read in one walk from left to right. It
 * takes a line only where its reading is provably that of the general rules, and returns false,
 * having changed nothing, at the first sight of anything else: a new thread, another second, raw
 * control bytes, nested annotations, comments, escapes in a path, notes behind the value. The call
 * itself is in strace_fast_call.h. tests/fast.t holds the two readings against each other.
 *
 * It is compiled twice, for any x86-64 and for one with AVX2, which takes 32 bytes a step. */
#ifndef SP_STRACE_FAST_H
#define SP_STRACE_FAST_H

#include "strace_fast_call.h"

enum { SHORTEST = 40 /* line that is taken */ };

/* "NAME(ARGS <unfinished ...>": the thread enters a call. */
static bool take_first_half(struct strace *s, struct thread *th, const struct strace_leader *leader,
                            const char *end)
{
	static const struct str marker = {" <unfinished ...>", 17};
	struct str body = str_between(leader->body, end);
	unsigned parens = parens_16(body.p);
	if (!parens || !str_ends(body, marker))
		return false;
	if (!strace_known(s->known, body.p, (size_t)__builtin_ctz(parens)))
		return false;
	held_release(&s->held, s->parse);
	struct pending *call = &th->call;
	call->text.n = 0;
	size_t n = body.n - marker.n;
	output_copy(buf_reserve(&call->text, n + INPUT_SLACK), body.p, n);
	call->text.n = n;
	call->has_start = true;
	call->start_ns = leader->time_ns;
	memcpy(call->start_digits, leader->digits, sizeof call->start_digits);
	call->start_n = leader->digits_n;
	call->line = s->parse->in->line;
	call->attached = false;
	threads_enter(&s->parse->threads, th, false, false);
	s->entered = th->tid;
	accounts_part(&s->parse->accounts);
	return true;
}

/* "<... NAME resumed>REST": the two halves are put together and read as one. */
static bool take_second_half(struct strace *s, struct thread *th, const char *body, const char *end,
                             struct event *e)
{
	enum { RESUMED = 9 };
	struct pending *call = &th->call;
	struct str rest = str_between(body, end);
	if (!call->active || call->creates || call->attached || call->text.n < 16 /* scan_16 */)
		return false;
	unsigned parens = parens_16(call->text.p);
	size_t n = parens ? (size_t)__builtin_ctz(parens) : 0;
	if (n == 0 || rest.n < 5 + n + RESUMED || !str_starts(rest, STR("<... ")) ||
	    (differ_16(body + 5, call->text.p) & ((1u << n) - 1)) || memcmp(body + 5 + n, " resumed", 8) != 0 ||
	    body[5 + n + 8] != '>')
		return false;
	rest = str_drop(rest, 5 + n + RESUMED);
	if (rest.n < 4 || rest.p[0] == ' ')
		return false;
	/* Behind the first half, which stays as it is should this come to nothing. */
	char *joint = buf_reserve(&call->text, rest.n + INPUT_SLACK), *stop = joint + rest.n;
	output_copy(joint, rest.p, rest.n);
	*stop = '\n'; /* where every walk ends */
	e->text[EVENT_START] = (struct str){call->start_digits, call->start_n};
	if (!call->start_n && call->has_start)
		event_set(e, EVENT_START, call->start_ns);
	struct scanned c;
	if (!scan_call(&c, s->known, call->text.p, stop) || !give_call(s, th, &c, e))
		return false;
	threads_leave(&s->parse->threads, th);
	s->parse->accounts.joined++;
	return true;
}

/* "NAME(ARGS) = VALUE", which the thread that reads may have scanned. */
static bool take_call(struct strace *s, struct thread *th, const char *body, const char *end, struct event *e)
{
	const struct scanned *ready = input_prepared(s->parse->in, sizeof *ready);
	struct scanned c;
	if (ready && ready->body == body)
		return ready->info && give_call(s, th, ready, e);
	return scan_call(&c, s->known, body, end) && give_call(s, th, &c, e);
}

/* "31906 ": the number of a thread, left-justified in five columns, or of six digits. Threads of
 * such columns, n bytes with the blank, are remembered as long as no thread goes. */
static inline struct thread *thread_of_column(struct strace *s, const char *p, unsigned n)
{
	uint64_t bytes;
	memcpy(&bytes, p, 8);
	bytes &= (UINT64_C(1) << 8 * n) - 1;
	struct threads *t = &s->parse->threads;
	struct strace_column *column =
	    &s->column[(bytes * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - STRACE_COLUMNS_BITS)];
	if (s->column_removals == t->removals && column->bytes == bytes && column->thread)
		return column->thread;
	int64_t tid = 0;
	const char *end = p + n - 1;
	while (p < end && byte_is_digit(*p))
		tid = tid * 10 + (*p++ - '0');
	for (; p <= end; p++)
		if (*p != ' ')
			return NULL;
	if (s->column_removals != t->removals)
		memset(s->column, 0, sizeof s->column);
	s->column_removals = t->removals;
	struct thread *th = threads_find(t, tid);
	*column = (struct strace_column){bytes, th};
	return th;
}

/* The only thread, or that of the file: the line has no number. */
static struct thread *thread_without_column(const struct strace *s)
{
	struct threads *t = &s->parse->threads;
	if (s->parse->tid_of_file != NO_TID)
		return threads_find(t, s->parse->tid_of_file);
	return t->n == 1 ? t->last : NULL;
}

/* [pid] and clock, the seconds being those of the line before. Returns the thread and sets time and
 * body of the leader; NULL, with nothing changed, if the line begins otherwise. */
static inline struct thread *take_leader(struct strace *s, struct str line,
                                         struct strace_leader *leader)
{
	struct strace_clock *clock = &s->clock;
	unsigned n = clock->prefix_n;
	uint32_t micros;
	if (line.n < SHORTEST || n == 0 || clock->digits_n == 0)
		return NULL;
	bool bare = memcmp(clock->prefix, line.p, 8) == 0;
	unsigned column = byte_is_digit(line.p[5]) ? 7 : 6;
	const char *p = bare ? line.p : line.p + column;
	if ((!bare && memcmp(clock->prefix, p, 8) != 0) ||
	    (n == 10 && memcmp(clock->prefix + 8, p + 8, 2) != 0))
		return NULL;
	p += n;
	if (p[0] != '.' || p[7] != ' ' || p[8] < '<' || p[8] == '[' ||
	    !number_six_digits(p + 1, &micros))
		return NULL;
	int64_t time_ns = clock->prefix_ns + micros * INT64_C(1000);
	int64_t since_last_ns = time_ns - clock->last_ns;
	if (since_last_ns > STRACE_HALF_DAY_NS || since_last_ns < -STRACE_HALF_DAY_NS)
		return NULL; /* another day */
	struct thread *th = bare ? thread_without_column(s) : thread_of_column(s, line.p, column);
	if (!th || !th->seen || th->undecided)
		return NULL;
	leader->has_time = true;
	leader->body = p + 8;
	leader->time_ns = time_ns;
	memcpy(leader->digits, clock->digits, 16);
	memcpy(leader->digits + clock->digits_n, p + 1, 8);
	memcpy(leader->digits + clock->digits_n + 6, "000", 4);
	leader->digits_n = clock->digits_n + 9;
	return th;
}

static bool take_fast(struct strace *s, struct str line)
{
	struct strace_leader leader;
	struct thread *th;
	if (s->slow | s->coloured | s->in_summary | s->parse->in->cut || s->open.lines ||
	    s->n_deferred || !(th = take_leader(s, line, &leader)))
		return false;
	const char *end = line.p + line.n;
	struct event *e = &s->fast;
	bool taken;
	if (end[-1] == '\r' || (th->call.active && *leader.body != '<'))
		return false;
	if (*leader.body == '<') {
		taken = take_second_half(s, th, leader.body, end, e);
	} else if (end[-1] == '>' && end[-2] == '.') {
		taken = take_first_half(s, th, &leader, end);
	} else {
		e->text[EVENT_START] = (struct str){leader.digits, leader.digits_n};
		taken = take_call(s, th, leader.body, end, e);
	}
	if (taken) {
		s->clock.last_ns = leader.time_ns;
		s->parse->threads.last = th;
	}
	return taken;
}

/* For the thread that reads: scans the calls of lines that seem to have a clock and to be whole. */
static void scan_ahead(void *records, const char *data, const uint32_t *newline, size_t lines)
{
	static struct strace_known calls[1 << STRACE_KNOWN_BITS]; /* of that thread */
	struct scanned *c = records;
	if (lines)
		c[0].body = NULL;
	for (size_t i = 1; i < lines; i++) {
		const char *line = data + newline[i - 1] + 1, *end = data + newline[i];
		c[i].body = NULL;
		if (end - line < SHORTEST)
			continue;
		uint64_t dots = scan_16(line, _mm_set1_epi8('.')) | scan_16(line + 16, _mm_set1_epi8('.')) << 16;
		const char *body = line + (dots ? __builtin_ctzll(dots) : 0) + 8;
		if (body[-1] != ' ' || *body <= '<' || *body == '[' || end[-1] == '\r' || end[-2] == '.')
			continue;
		if (!scan_call(&c[i], calls, body, end))
			c[i].info = NULL;
		c[i].body = body;
	}
}

#endif
