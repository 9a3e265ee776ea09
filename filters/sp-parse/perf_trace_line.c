#include "perf_trace.h"

#include "event.h"
#include "number.h"
#include "raw_state.h"

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static bool starts(const char *p, const char *end, struct str prefix)
{
	return str_starts(str_between(p, end), prefix);
}

/* ---- head ---- */

/* %.3f of milliseconds as ns. An event older than the first one wraps around 2^64 ns. */
static const char *take_ms(const char *p, const char *end, int64_t *ns)
{
	struct str s = str_between(p, end);
	uint64_t ms;
	if (!number_take_u64(&s, &ms) || s.n < 4 || s.p[0] != '.' || !number_is_digit(s.p[1]) ||
	    !number_is_digit(s.p[2]) || !number_is_digit(s.p[3]) || ms > UINT64_MAX / 1000000)
		return NULL;
	uint64_t us = (unsigned)((s.p[1] - '0') * 100 + (s.p[2] - '0') * 10 + (s.p[3] - '0'));
	*ns = (int64_t)(ms * 1000000 + us * 1000);
	return s.p + 4;
}

/* "%10.3f " or "         ? " */
static const char *take_time(const char *p, const char *end, struct perf_line *l)
{
	enum { WIDTH = 10 };
	const char *start = p;
	p = skip_blanks(p, end);
	if (p < end && *p == '?')
		p++;
	else if ((p = take_ms(p, end, &l->time_ns)))
		l->has_time = true;
	if (!p || p == end || *p != ' ' || p - start < WIDTH)
		return NULL;
	return p + 1;
}

/* "(%6.3f ms): " or "(         ): " */
static const char *take_duration(const char *p, const char *end, struct perf_line *l)
{
	static const struct str none = {"(         ): ", 13}, unit = {" ms): ", 6};
	if (starts(p, end, none)) {
		l->has_dur_column = true;
		return p + none.n;
	}
	if (p == end || *p != '(')
		return NULL;
	p = take_ms(skip_blanks(p + 1, end), end, &l->dur_ns);
	if (!p || !starts(p, end, unit))
		return NULL;
	l->has_dur_column = true;
	l->has_dur = l->dur_ns >= 0; /* the return was read before the entry */
	return p + unit.n;
}

bool perf_trace_head(struct str line, struct perf_line *l)
{
	const char *end = line.p + line.n;
	*l = (struct perf_line){.tid = NO_TID};
	const char *after_time = take_time(line.p, end, l);
	const char *p = after_time ? after_time : line.p;
	const char *after_duration = take_duration(p, end, l);
	l->body = after_duration ? after_duration : p;
	return after_time || after_duration;
}

const char *perf_trace_glued(struct str line)
{
	static const struct str marks[] = {{" ms): ", 6}, {"(         ): ", 13}};
	const char *end = line.p + line.n;
	for (int i = 0; i < 2; i++) {
		const char *p = str_find(line, marks[i]);
		while (p && p > line.p && *p != '(')
			p--;
		if (!p || p - line.p < 2 || *p != '(')
			continue;
		/* The text may end in blanks or digits of its own: the time is 10 wide, or wider. */
		enum { MOST = 32 };
		for (const char *start = p - line.p > MOST ? p - MOST : line.p; start < p; start++) {
			struct perf_line l;
			if (perf_trace_head(str_between(start, end), &l) && l.has_dur_column)
				return start;
		}
	}
	return NULL;
}

/* ---- comm, tid and what kind of line it is ---- */

static const char *word_end(const char *p, const char *end)
{
	while (p < end && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || number_is_digit(*p) ||
			   *p == '_'))
		p++;
	return p;
}

static const struct str continued = {" ... [continued]: ", 18};

/* What begins at p; sets name, which for other events only says where they begin. */
static bool take_kind(struct perf_line *l, const char *p, const char *end)
{
	l->kind = PERF_CALL;
	if (starts(p, end, continued)) {
		l->kind = PERF_SECOND_HALF;
		p += continued.n;
	}
	const char *stop = word_end(p, end);
	l->name = str_between(p, stop);
	if (stop == p || stop == end)
		return false;
	if (*stop == '(')
		return true;
	if (l->kind == PERF_SECOND_HALF)
		return false;
	l->kind = PERF_OTHER_EVENT;
	if (*stop == ' ')
		return starts(p, end, STR("minfault [")) || starts(p, end, STR("majfault ["));
	while (stop < end && (*stop == ':' || *stop == '-' || word_end(stop, end) > stop))
		stop++;
	return stop < end && *stop == '(';
}

static bool take_tid(struct perf_line *l, const char *p, const char *end)
{
	uint64_t tid;
	struct str rest = str_between(p, end);
	if (!number_take_u64(&rest, &tid) || tid > INT32_MAX || rest.n == 0 || rest.p[0] != ' ')
		return false;
	l->tid = (int64_t)tid;
	return take_kind(l, rest.p + 1, end);
}

/* "%.14s/%d ": the comm may hold anything, so the last slash within reach that a number and the
 * beginning of a call follow is the one. */
static bool take_comm_tid(struct perf_line *l, const char *end)
{
	enum { COMM_MOST = 14 };
	const char *p = l->body;
	ptrdiff_t reach = end - p > COMM_MOST ? COMM_MOST : end - p - 1;
	for (ptrdiff_t i = reach; i >= 0; i--) {
		if (p[i] == '/' && take_tid(l, p + i + 1, end)) {
			l->comm = str_between(p, p + i);
			/* ":1234" is what perf calls a thread 1234 of which it knows no name */
			if (i > 0 && p[0] == ':' && i < 11 && memcmp(p + 1, p + i + 1, (size_t)i - 1) == 0)
				l->comm.n = 0;
			return true;
		}
	}
	return false;
}

static bool take_form(struct perf_line *l, const char *end, enum perf_form form)
{
	l->tid = NO_TID;
	l->comm = (struct str){0};
	switch (form) {
	case PERF_FORM_COMM_TID:
		return take_comm_tid(l, end);
	case PERF_FORM_TID:
		return take_tid(l, l->body, end);
	case PERF_FORM_BARE:
		return take_kind(l, l->body, end);
	default:
		return false;
	}
}

/* ---- values ---- */

/* The text of an error that libc does not know, because the kernel keeps it to itself: glibc's "Unknown error 524",
 * or what perf makes of strerror_r's refusal, "INTERNAL ERROR: strerror_r(512, [buf], 128)=22". */
static struct str unnamed_error(struct str text)
{
	static const struct str prefixes[] = {{"INTERNAL ERROR: strerror_r(", 27},
					      {"Unknown error ", 14}};
	for (int i = 0; i < 2; i++) {
		struct str rest = str_drop(text, prefixes[i].n);
		uint64_t code;
		if (str_starts(text, prefixes[i]) && number_take_u64(&rest, &code) && code < 4096)
			return raw_error(-(int64_t)code);
	}
	return EVENT_LITERAL("unknown");
}

/* "-1 ENOENT (No such file or directory)". No text of an error holds parentheses, other than the one
 * above: what does is a comm or a path that plays an error. */
static bool take_error(struct perf_line *l, struct str v)
{
	const char *end = v.p + v.n, *name = v.p + 3;
	bool unnamed = starts(name, end, STR("(unknown) ("));
	const char *open = unnamed ? name + 9 : word_end(name, end);
	if (open == name || !starts(open, end, STR(" (")) || end[-1] != ')')
		return false;
	struct str text = str_between(open + 2, end - 1);
	if (!unnamed && (str_chr(text, '(') || str_chr(text, ')')))
		return false;
	l->error = unnamed ? unnamed_error(text) : str_between(name, open);
	l->has_ret = !str_starts(l->error, STR("ERESTART"));
	l->ret = -1;
	return true;
}

/* RDONLY|NONBLOCK for fcntl's F_GETFL */
static bool take_flags(struct perf_line *l, struct str v)
{
	if (!(v.p[0] >= 'A' && v.p[0] <= 'Z'))
		return false;
	for (const char *p = v.p; p < v.p + v.n; p++)
		if (*p != '|' && *p != '.' && word_end(p, p + 1) == p)
			return false;
	l->note = v;
	return true;
}

/* All of v is a value. An empty one stands for a pid of which perf knew no thread. */
static bool take_value(struct perf_line *l, struct str v)
{
	l->has_ret = l->exits = false;
	l->error = l->note = (struct str){0};
	v = str_trim(v);
	if (v.n == 0)
		return true;
	if (str_eq(v, STR("?")))
		return l->exits = true;
	if (str_starts(v, STR("-1 ")))
		return take_error(l, v);
	size_t n = v.p[0] == '-';
	while (n < v.n && word_end(v.p + n, v.p + n + 1) > v.p + n)
		n++;
	if (!number_any((struct str){v.p, n}, &l->ret))
		return take_flags(l, v);
	l->has_ret = true;
	struct str rest = str_drop(v, n);
	if (rest.n == 0)
		return true;
	if (l->ret == 0 && str_eq(rest, STR(" (Timeout)"))) {
		l->note = EVENT_LITERAL("Timeout");
		return true;
	}
	/* "5351 (comm)" of a pid, "6</path>" of a descriptor from fcntl */
	return (str_starts(rest, STR(" (")) && str_ends(rest, STR(")"))) ||
	       (rest.p[0] == '<' && str_ends(rest, STR(">")));
}

/* ---- whole bodies ---- */

/* perf fills up with blanks so that `=` comes at column 70 of what it prints after the head; where the
 * arguments reach farther there is one blank. A `) = ` inside a path or comm stands elsewhere. */
static bool is_aligned(const char *start, const char *close, const char *equals)
{
	enum { COLUMN = 70 };
	ptrdiff_t least = close + 2 - start;
	return equals - start == (least > COLUMN ? least : COLUMN);
}

static bool take_return(struct perf_line *l, const char *start, const char *end, bool aligned)
{
	for (const char *close = l->name.p + l->name.n;
	     (close = str_find(str_between(close, end), STR(") "))); close++) {
		const char *equals = skip_blanks(close + 1, end);
		if (equals == end || *equals != '=' || (equals + 1 < end && equals[1] != ' '))
			continue;
		if (aligned && !is_aligned(start, close, equals))
			continue;
		if (take_value(l, str_between(equals + 1, end))) {
			l->args = str_between(l->name.p + l->name.n, close + 1);
			return true;
		}
	}
	return false;
}

/* Blanks up to column 66 and " ...". */
static bool take_first_half(struct perf_line *l, const char *end)
{
	if (l->kind != PERF_CALL || !str_ends(str_between(l->body, end), STR(" ...")))
		return false;
	const char *close = end - 4;
	while (close > l->body && close[-1] == ' ')
		close--;
	if (close[-1] != ')' || close <= l->name.p + l->name.n)
		return false;
	l->kind = PERF_FIRST_HALF;
	l->args = str_between(l->name.p + l->name.n, close);
	return true;
}

bool perf_trace_body(struct perf_line *l, const char *end, enum perf_form *form)
{
	enum perf_form found = *form;
	if (found == PERF_FORM_UNKNOWN || !take_form(l, end, found)) {
		for (found = PERF_FORM_COMM_TID; found <= PERF_FORM_BARE; found++)
			if (found != *form && take_form(l, end, found))
				break;
		if (found > PERF_FORM_BARE)
			return false;
	}
	if (l->kind == PERF_OTHER_EVENT) {
		if (end[-1] != ')')
			return false;
	} else {
		const char *start =
		    l->kind == PERF_SECOND_HALF ? l->name.p - continued.n : l->name.p;
		if (!take_return(l, start, end, true) && !take_first_half(l, end) &&
		    !take_return(l, start, end, false))
			return false;
		/* Of a second half perf prints "())". */
		if (l->kind == PERF_SECOND_HALF)
			l->args = EVENT_LITERAL("()");
	}
	*form = found;
	return true;
}
