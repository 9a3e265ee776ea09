/* One call as strace prints it: name(args) = value, notes, <time>, by the general rules. */
#include "strace.h"

#include <stdio.h>

#include "number.h"
#include "strace_bytes.h"
#include "syscall.h"

static const char *skip_spaces(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

/* Behind a `)`: blanks, `= ` and something. Returns where the value begins, or NULL. */
static const char *value_after(const char *close, const char *end)
{
	const char *p = skip_spaces(close + 1, end);
	if (p == close + 1 || end - p < 3 || p[0] != '=' || p[1] != ' ')
		return NULL;
	return p + 2;
}

/* For text that breaks the rule (brackets that do not balance in very old traces, output of the
 * tracee inside the line): the last `) = ` that is not inside a string. */
static const char *last_resort(const char *open, const char *end)
{
	const char *found = NULL;
	bool dirty = false, escaped = false;
	for (const char *p = open + 1; p < end; p++) {
		if (*p == '"') {
			const char *close = strace_string_end(p, end, &dirty, &escaped);
			if (!close)
				break;
			p = close;
		} else if (*p == '<' && strace_is_annotation(p)) {
			const char *close = strace_annotation_end(p, end, &dirty, &escaped);
			p = close ? close : p;
		} else if (*p == ')' && value_after(p, end)) {
			found = p;
		}
	}
	return found;
}

static const char *word_end(const char *p, const char *end)
{
	static const bool is_name_byte[256] = {
	    ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['_'] = true};
	while (p < end && is_name_byte[(unsigned char)*p])
		p++;
	return p;
}

/* The six digits at p, not all 0, as nanoseconds: without leading zeros, with three more behind. */
static void put_micros(struct strace_call *call, const char *p)
{
	uint64_t digits;
	memcpy(&digits, p, 8);
	unsigned zeros = (unsigned)__builtin_ctzll(digits & UINT64_C(0x0f0f0f0f0f0f0f0f)) / 8;
	digits >>= zeros * 8;
	memcpy(call->dur_digits, &digits, 8);
	memcpy(call->dur_digits + 6 - zeros, "000", 4);
	call->dur_digits_n = 9 - zeros;
}

/* -T: " <0.000007>" at the very end. Returns where the line ends without it. */
static const char *take_duration(struct strace_call *call, const char *from, const char *end)
{
	if (end == from || end[-1] != '>')
		return end;
	uint32_t micros;
	const char *p = end - 1;
	if (p - from > 10 && p[-7] == '.' && p[-9] == '<' && p[-10] == ' ' && number_is_digit(p[-8]) &&
	    number_six_digits(p - 6, &micros)) { /* 0.000007, most of them */
		call->dur_ns = (p[-8] - '0') * INT64_C(1000000000) + micros * INT64_C(1000);
		call->has_dur = true;
		if (p[-8] == '0' && micros)
			put_micros(call, p - 6);
		return p - 10;
	}
	while (p > from && (number_is_digit(p[-1]) || p[-1] == '.'))
		p--;
	if (p - from < 2 || p[-1] != '<' || p[-2] != ' ')
		return end;
	struct str seconds = str_between(p, end - 1);
	if (!number_take_seconds(&seconds, &call->dur_ns) || seconds.n)
		return end;
	call->has_dur = true;
	return p - 2;
}

static void add_note(struct buf *notes, struct str s)
{
	if (notes->n)
		buf_add(notes, "; ", 2);
	buf_add_str(notes, s);
}

static struct str group(const char *open, const char *close)
{
	return str_between(open + 1, close);
}

/* The groups behind a value: (auxstr), (INJECTED), and the comment N in strace's PID NS. What is
 * not one of these is kept as a note as it stands: it says something. */
/* [unconfined_t]: --secontext names that of a file behind the file. */
static const char *context_end(const char *p, const char *end)
{
	const char *close = *p == '[' ? memchr(p, ']', (size_t)(end - p)) : NULL;
	return close && !memchr(p, ' ', (size_t)(close - p)) ? close : NULL;
}

static void take_notes(struct strace_call *call, const char *p, const char *end, struct buf *notes)
{
	for (p = skip_spaces(p, end); p < end; p = skip_spaces(p, end)) {
		struct strace_walk walk = {0};
		const char *close = NULL;
		if (*p == '(' && (close = strace_args_end(p, end, 0, &walk))) {
			add_note(notes, group(p, close));
		} else if ((close = context_end(p, end))) {
			add_note(notes, str_between(p, close + 1));
		} else if (end - p > 2 && p[0] == '/' && p[1] == '*' &&
		           (close = strace_comment_end(p + 2, end, &walk.dirty))) {
			struct str text = str_trim(str_between(p + 2, close - 1));
			uint64_t outside;
			struct str rest = text;
			if (number_take_u64(&rest, &outside) &&
			    str_eq(rest, STR(" in strace's PID NS")))
				call->pid_outside = (int64_t)outside;
			else
				add_note(notes, text);
		} else {
			add_note(notes, str_between(p, end));
			break;
		}
		p = close + 1;
	}
}

/* ENOENT (No such file or directory): the text says nothing that the name does not. */
static const char *take_error(struct strace_call *call, const char *p, const char *end)
{
	const char *stop = word_end(p, end);
	call->error = str_between(p, stop);
	if (end - stop > 2 && stop[0] == ' ' && stop[1] == '(') {
		struct strace_walk walk;
		const char *close = strace_args_end(stop + 1, end, 0, &walk);
		return close ? close + 1 : end;
	}
	return stop;
}

static bool looks_like_error(const char *p, const char *end)
{
	return end - p > 1 && p[0] == 'E' && p[1] >= 'A' && p[1] <= 'Z';
}

/* "? ", "? ERESTARTSYS (text)", "? <unavailable>" */
static const char *take_question_mark(struct strace_call *call, const char *p, const char *end)
{
	static const struct str unavailable = {" <unavailable>", 14};
	p++;
	if (str_starts(str_between(p, end), unavailable)) {
		call->unavailable = true;
		return p + unavailable.n;
	}
	if (end - p > 2 && looks_like_error(p + 1, end))
		return take_error(call, p + 1, end);
	return p;
}

/* -1, except that a call which will be restarted has not returned a value to anybody, whichever way
 * strace prints that (= ? ERESTARTSYS, or with raw arguments = -1 ERESTARTSYS). */
static void set_failed(struct strace_call *call)
{
	call->has_ret = !str_starts(call->error, STR("ERESTART"));
	call->ret = -1;
	if (!call->has_ret)
		call->ret_digits.n = 0;
}

/* [-]digits, not in octal and not too long: most values. NULL when it is something else. */
static const char *decimal_value(struct strace_call *call, const char *p, const char *end)
{
	const char *from = p;
	bool negative = p < end && *p == '-';
	int64_t value = 0;
	p += negative;
	for (; p < end && number_is_digit(*p) && p < from + 18; p++)
		value = value * 10 + (*p - '0');
	bool octal = p - from > 1 && from[negative] == '0';
	if (p == from + negative || octal || (p < end && *p != ' ' && *p != '<'))
		return NULL;
	call->ret = negative ? -value : value;
	call->ret_digits = str_between(from, p);
	return p;
}

/* strace printed a number because it knew no name: "22". */
static struct str error_name(struct str digits, char space[32])
{
	uint64_t number;
	const char *name = NULL;
	if (number_u64(digits, &number) && number < 4096)
		name = strerrorname_np((int)number);
	if (name) {
		snprintf(space, 32, "%s", name);
		return str_of(space);
	}
	size_t n = 0;
	while (n < digits.n && n < 8 && number_is_digit(digits.p[n]))
		n++;
	snprintf(space, 32, "errno_%.*s", (int)n, digits.p);
	return str_of(space);
}

static bool take_value(struct strace_call *call, const char *p, const char *end, struct buf *notes)
{
	if (p < end && *p == '?') {
		p = take_question_mark(call, p, end);
		take_notes(call, p, end, notes);
		return true;
	}
	if (p < end && *p == '-' && looks_like_error(p + 1, end)) { /* = -ENOENT */
		p = take_error(call, p + 1, end);
		set_failed(call);
		take_notes(call, p, end, notes);
		return true;
	}
	const char *stop = decimal_value(call, p, end);
	if (!stop) {
		stop = word_end(p + (p < end && *p == '-'), end);
		if (!number_any(str_between(p, stop), &call->ret))
			return false;
	}
	call->has_ret = true;
	p = stop;
	if (p < end && *p == '<') {
		call->annotation_escaped = false;
		const char *close = strace_annotation_end(p, end, &call->annotation_escaped,
		                                          &call->annotation_escaped);
		if (!close)
			return false;
		call->annotation = group(p, close);
		p = close + 1;
		if (str_starts(str_between(p, end), STR("(deleted)")))
			p += 9;
	}
	if (p == end)
		return true;
	if (*p != ' ')
		return false;
	if (call->ret == -1 && looks_like_error(p + 1, end)) {
		p = take_error(call, p + 1, end);
		set_failed(call);
	} else if (call->ret == -1 && str_starts(str_between(p, end), STR(" (errno "))) {
		const char *close = memchr(p, ')', (size_t)(end - p));
		if (!close)
			return false;
		call->error = error_name(str_between(p + 8, close), call->error_space);
		p = close + 1;
	}
	take_notes(call, p, end, notes);
	return true;
}

/* How many commas stand in front of the last argument that says something. */
static unsigned commas_wanted(const struct syscall_info *info)
{
	if (!info || info->category == SYSCALL_CATEGORY_PROCESS)
		return STRACE_MAX_ARGS;
	unsigned last = info->fd > info->path ? info->fd : info->path;
	last = info->offset > last ? info->offset : last;
	last = info->dirfd > last ? info->dirfd : last;
	return last > 1 ? last - 1u : 0;
}

/* 4.8 and before put what is a note today in front of the value: sigreturn() (mask [])  = 22191 */
static const char *value_after_note(const char *close, const char *end, struct buf *notes)
{
	struct strace_walk walk;
	const char *open = skip_spaces(close + 1, end);
	const char *last = open < end && *open == '(' ? strace_args_end(open, end, 0, &walk) : NULL;
	const char *value = last ? value_after(last, end) : NULL;
	if (value)
		add_note(notes, group(open, last));
	return value;
}

enum strace_scan strace_scan_call(struct str body, struct strace_call *call, struct buf *notes,
                                  const char **at)
{
	const char *end = body.p + body.n;
	call->has_ret = call->unavailable = call->has_dur = false;
	call->error.n = call->annotation.n = call->note.n = call->ret_digits.n = 0;
	call->dur_digits_n = 0;
	call->pid_outside = 0;
	notes->n = 0;
	/* A name of the table needs no look at its bytes. */
	unsigned m = parens_16(body.p);
	const char *open = body.p + (m ? __builtin_ctz(m) : 0);
	call->info = open < end ? syscall_by_name(str_between(body.p, open)) : NULL;
	if (!call->info)
		open = word_end(body.p, end);
	if (open == body.p && str_starts(body, STR("??"
	                                           "?(")))
		open += 3;
	*at = open;
	if (open == body.p || open == end || *open != '(')
		return STRACE_NO_CALL;
	call->name = str_between(body.p, open);
	if (!call->info)
		call->info = syscall_by_name(call->name);

	const char *close = strace_args_end(open, end, commas_wanted(call->info), &call->walk);
	const char *value = close ? value_after(close, end) : NULL;
	*at = close ? close + 1 : open;
	if (close && !value)
		value = value_after_note(close, end, notes);
	if (!value) {
		const char *rightmost = last_resort(open, end);
		if (!rightmost) {
			call->args = str_between(open, close ? close + 1 : end);
			return close && skip_spaces(close + 1, end) < end ? STRACE_BAD_RETURN
			                                                  : STRACE_OPEN_ARGS;
		}
		close = rightmost;
		value = value_after(close, end);
		call->walk = (struct strace_walk){.dirty = true};
	}
	call->args = str_between(open, close + 1);
	*at = value;
	end = take_duration(call, close, end);
	if (!take_value(call, value, end, notes))
		return STRACE_BAD_RETURN;
	if (notes->n)
		buf_reserve(notes, STRACE_STEP); /* rows are copied in steps of 16 */
	call->note = buf_str(notes);
	return STRACE_CALL;
}
