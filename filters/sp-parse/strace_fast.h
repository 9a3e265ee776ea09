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

/* [pid] and clock in front of a body. */
struct leader {
	const char *dot; /* in front of the microseconds */
	int64_t time_ns;
};
enum { MICROS = 8 /* ".123456 " */ };

/* The time as start_ns spells it; there is room for 40 digits. Returns how many there are. */
static inline size_t start_digits(char *to, const struct strace_clock *clock, const struct leader *leader)
{
	memcpy(to, clock->digits, 16);
	memcpy(to + clock->digits_n, leader->dot + 1, 8);
	memcpy(to + clock->digits_n + 6, "000", 4);
	return clock->digits_n + 9;
}

/* Like output_copy, where up to 64 bytes cost no branch that depends on their number. */
static inline void copy_short(char *to, const char *from, size_t n)
{
	memcpy(to, from, 64);
	if (__builtin_expect(n > 64, 0))
		output_copy(to + 64, from + 64, n - 64);
}

/* "NAME(ARGS <unfinished ...>": the thread enters a call. */
static void take_first_half(struct strace *s, struct thread *th, const struct leader *leader,
                            const struct scanned *c)
{
	held_release(&s->held, s->parse);
	struct pending *call = &th->call;
	call->text.n = 0;
	copy_short(buf_reserve(&call->text, c->n + INPUT_SLACK), c->body, c->n);
	call->text.n = c->n;
	call->has_start = true;
	call->start_ns = leader->time_ns;
	call->start_n = start_digits(call->start_digits, &s->clock, leader);
	call->line = s->parse->in->line;
	call->attached = false;
	threads_enter(&s->parse->threads, th, false, false);
	call->half = (struct strace_half){c->info, c->n, c->name_n, c->walk.spans};
	s->entered = th->tid;
	accounts_part(&s->parse->accounts);
}

static void add_span(struct strace_span_at *span, struct strace_span_at second, unsigned by)
{
	if (!span->at && second.at)
		*span = (struct strace_span_at){(uint16_t)(second.at + by), second.n, second.escaped};
}

/* Appends what was found in the second half, whose text has moved `by` bytes to get behind the first. */
static void add_spans(struct strace_spans *spans, const struct strace_spans *second, unsigned by)
{
	spans->close = (uint16_t)(second->close + by);
	for (unsigned i = 0; i < second->commas && spans->commas < STRACE_COMMAS; i++)
		spans->comma[spans->commas++] = (uint16_t)(second->comma[i] + by);
	add_span(&spans->string, second->string, by);
	add_span(&spans->annotation, second->annotation, by);
}

/* "<... NAME resumed>ARGS) = VALUE": the arguments are put together. */
static bool take_second_half(struct strace *s, struct thread *th, const struct scanned *c, struct event *e)
{
	struct pending *call = &th->call;
	const struct strace_half *first = &call->half;
	if (!call->active || first->info != c->info || first->bytes != call->text.n || call->attached ||
	    first->bytes + c->walk.spans.close > STRACE_SHORT)
		return false;
	/* Copied behind the first half, but not counted as part of it: it stays as it is if give_call refuses. */
	copy_short(buf_reserve(&call->text, c->walk.spans.close + INPUT_SLACK), c->walk.open + 1,
	           c->walk.spans.close);
	struct walk w = {call->text.p + first->name_n, first->spans};
	add_spans(&w.spans, &c->walk.spans, first->bytes - first->name_n - 1u);
	e->text[EVENT_START] = (struct str){call->start_digits, call->start_n};
	if (!give_call(s, th, c, call->text.p, &w, e))
		return false;
	threads_leave(&s->parse->threads, th);
	s->parse->accounts.joined++;
	return true;
}

/* Whether this is ".123456 ", and then a call or a half of one. */
static inline bool is_before_call(const char *dot, uint32_t *micros)
{
	return dot[0] == '.' && dot[7] == ' ' && dot[8] >= '<' && dot[8] != '[' &&
	       number_six_digits(dot + 1, micros);
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
	while (p < end && number_is_digit(*p))
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

/* [pid] and clock, the seconds being those of the line before. Returns the thread; NULL, with nothing changed,
 * if the line begins otherwise. ready: what the thread that reads has scanned, or NULL. */
static inline struct thread *take_leader(struct strace *s, struct str line, const struct scanned *ready,
                                         struct leader *leader)
{
	struct strace_clock *clock = &s->clock;
	unsigned n = clock->prefix_n;
	uint32_t micros;
	if (line.n < SHORTEST || n == 0 || clock->digits_n == 0)
		return NULL;
	bool bare = memcmp(clock->prefix, line.p, 8) == 0;
	unsigned column = number_is_digit(line.p[5]) ? 7 : 6;
	const char *p = bare ? line.p : line.p + column;
	if ((!bare && memcmp(clock->prefix, p, 8) != 0) ||
	    (n == 10 && memcmp(clock->prefix + 8, p + 8, 2) != 0))
		return NULL;
	p += n;
	if (ready && ready->body == p + MICROS)
		micros = ready->micros;
	else if (!is_before_call(p, &micros))
		return NULL;
	int64_t time_ns = clock->prefix_ns + micros * INT64_C(1000);
	int64_t since_last_ns = time_ns - clock->last_ns;
	if (since_last_ns > STRACE_HALF_DAY_NS || since_last_ns < -STRACE_HALF_DAY_NS)
		return NULL; /* another day */
	struct thread *th = bare ? thread_without_column(s) : thread_of_column(s, line.p, column);
	if (!th || !th->seen || th->undecided)
		return NULL;
	*leader = (struct leader){p, time_ns};
	return th;
}

static bool take_fast(struct strace *s, struct str line)
{
	const struct scanned *c = input_prepared(s->parse->in, sizeof *c);
	struct leader leader;
	struct thread *th;
	if (s->slow | s->coloured | s->in_summary | s->parse->in->cut || s->open.lines ||
	    s->n_deferred || !(th = take_leader(s, line, c, &leader)))
		return false;
	const char *body = leader.dot + MICROS, *end = line.p + line.n;
	bool resumes = *body == '<';
	if (end[-1] == '\r' || (th->call.active && !resumes))
		return false;
	struct scanned here;
	if (!c || c->body != body) {
		scan_call(&here, s->known, body, end);
		c = &here;
	}
	if (!c->info)
		return false;
	struct event *e = &s->fast;
	if (resumes) {
		if (!take_second_half(s, th, c, e))
			return false;
	} else if (!c->walk.spans.close) {
		take_first_half(s, th, &leader, c);
	} else {
		char start[40];
		e->text[EVENT_START] = (struct str){start, start_digits(start, &s->clock, &leader)};
		if (!give_call(s, th, c, c->body, &c->walk, e))
			return false;
	}
	s->clock.last_ns = leader.time_ns;
	s->parse->threads.last = th;
	return true;
}

/* For the thread that reads: scans the calls of lines that seem to have a clock. */
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
		const char *dot = line + (dots ? __builtin_ctzll(dots) : 0);
		if (is_before_call(dot, &c[i].micros))
			scan_call(&c[i], calls, dot + MICROS, end);
	}
}

#endif
