/* One line of renacer's text, cut into its parts. */
#include "number.h"
#include "renacer.h"
#include "syscall.h"

bool renacer_is_call(struct str name)
{
	uint64_t number;
	return syscall_by_name(name) ||
	       (str_starts(name, STR("syscall_")) && number_u64(str_drop(name, 8), &number));
}

/* ---- values ---- */

static struct str without_blanks(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_drop(s, 1);
	return s;
}

static size_t word_length(struct str s)
{
	size_t n = 0;
	while (n < s.n && (number_is_digit(s.p[n]) || (s.p[n] >= 'a' && s.p[n] <= 'z') ||
			   (s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == '_'))
		n++;
	return n;
}

static bool take_error(struct str *s, struct renacer_call *call)
{
	size_t n = word_length(*s);
	if (n < 2 || s->p[0] != 'E' || !(s->p[1] >= 'A' && s->p[1] <= 'Z'))
		return false;
	call->error = (struct str){s->p, n};
	*s = str_drop(*s, n);
	if (str_starts(*s, STR(" ("))) {
		const char *close = str_chr(*s, ')');
		if (!close)
			return false;
		*s = str_between(close + 1, s->p + s->n);
	}
	return true;
}

static bool take_number(struct str *s, struct renacer_call *call)
{
	bool negative = s->n && s->p[0] == '-';
	struct str rest = str_drop(*s, negative);
	size_t n = word_length(rest);
	if (negative && take_error(&rest, call)) { /* -ENOENT, in the book */
		*s = rest;
		call->ret = -1;
		return call->has_ret = true;
	}
	if (!number_any((struct str){s->p, n + negative}, &call->ret))
		return false;
	call->has_ret = true;
	call->hex = n > 1 && rest.p[0] == '0';
	*s = str_drop(rest, n);
	if (call->ret == -1 && str_starts(*s, STR(" E"))) {
		rest = str_drop(*s, 1);
		if (!take_error(&rest, call))
			return false;
		*s = rest;
	}
	return true;
}

/* "<0.000052>" */
static bool take_duration(struct str *s, struct renacer_call *call)
{
	struct str rest = str_drop(*s, 1);
	if (s->p[0] != '<' || !number_take_seconds(&rest, &call->dur_ns) || rest.n == 0 ||
	    rest.p[0] != '>')
		return false;
	call->has_dur = true;
	*s = str_drop(rest, 1);
	return true;
}

/* "[src/config.rs:42 in load_config]" */
static bool take_source(struct str *s, struct renacer_call *call)
{
	const char *close = s->p[0] == '[' ? str_chr(*s, ']') : NULL;
	if (!close)
		return false;
	struct str inside = str_between(s->p + 1, close);
	const char *in = str_find(inside, STR(" in "));
	call->file = in ? str_between(inside.p, in) : inside;
	call->function = in ? str_between(in + 4, close) : (struct str){0};
	*s = str_between(close + 1, s->p + s->n);
	return str_chr(call->file, ':') != NULL;
}

bool renacer_value(struct str text, struct renacer_call *call)
{
	struct str s = without_blanks(text);
	call->has_ret = call->has_dur = call->never = false;
	call->error = call->stack = (struct str){0};
	if (s.n == 0)
		return false;
	if (s.p[0] == '?') {
		call->never = true;
		s = str_drop(s, 1);
	} else if (!take_number(&s, call)) {
		return false;
	}
	while (s.n) {
		if (s.p[0] != ' ')
			return false;
		s = without_blanks(s);
		if (str_starts(s, STR("> "))) {
			call->stack = str_trim(str_drop(s, 2));
			return true;
		}
		if (s.n && !take_duration(&s, call) && !take_source(&s, call))
			return false;
	}
	return true;
}

/* ---- calls ---- */

static size_t name_length(struct str s)
{
	size_t n = 0;
	while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || number_is_digit(s.p[n]) ||
			   s.p[n] == '_'))
		n++;
	return n;
}

bool renacer_begins_call(struct str s, struct str *name)
{
	*name = (struct str){s.p, name_length(s)};
	return name->n && name->n < s.n && s.p[name->n] == '(' && renacer_is_call(*name);
}

static bool is_hex(struct str s)
{
	int64_t value;
	return str_starts(s, STR("0x")) && number_any(s, &value);
}

bool renacer_is_raw(struct str args)
{
	struct str inside = {args.p + 1, args.n - 2};
	const char *first = str_chr(inside, ','), *end = inside.p + inside.n;
	const char *last = inside.n ? memrchr(inside.p, ',', inside.n) : NULL;
	if (!first || first == last || end - last < 3)
		return false;
	struct str middle = str_trim(str_between(first + 1, last));
	return is_hex(str_between(inside.p, first)) && is_hex(str_between(last + 2, end)) &&
	       (is_hex(middle) || (middle.n >= 2 && middle.p[0] == '"' && str_ends(middle, STR("\""))));
}

/* 12:34:56 is none. */
static bool is_file(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z')
			return !str_chr(s, '<');
	return false;
}

/* Where the line is not known there is a `?`. */
const char *renacer_skip_source(struct str line, struct renacer_call *call)
{
	struct str name;
	const char *end = line.p + line.n, *blank = str_chr(line, ' ');
	if (renacer_begins_call(line, &name) || !blank)
		return line.p;
	struct str file = str_between(line.p, blank);
	const char *colon = file.n ? memrchr(file.p, ':', file.n) : NULL;
	if (!colon || colon + 1 == blank || !is_file(str_between(file.p, colon)))
		return line.p;
	struct str number = str_between(colon + 1, blank);
	uint64_t value;
	if (!str_eq(number, STR("?")) && !number_u64(number, &value))
		return line.p;
	for (const char *p = blank; p && p < end; p = memchr(p + 1, ' ', (size_t)(end - p - 1))) {
		if (!renacer_begins_call(str_between(p + 1, end), &name))
			continue;
		call->file = file;
		call->function = p > blank ? str_between(blank + 1, p) : (struct str){0};
		return p + 1;
	}
	return line.p;
}

enum renacer_found renacer_take(const char *p, const char *end, struct renacer_call *call,
				const char **next)
{
	struct str name;
	if (!renacer_begins_call(str_between(p, end), &call->name))
		return RENACER_NOTHING;
	const char *open = p + call->name.n, *entry = NULL;
	for (const char *close = open; (close = memchr(close, ')', (size_t)(end - close))); close++) {
		const char *equals = close + 1;
		while (equals < end && *equals == ' ')
			equals++;
		if (equals == close + 1 || equals == end || *equals != '=')
			continue;
		const char *value = equals + 1 < end && equals[1] == ' ' ? equals + 2 : equals + 1;
		struct str rest = str_between(value, end);
		*next = value;
		bool whole = renacer_value(rest, call);
		if (whole || rest.n == 0 || renacer_begins_call(rest, &name)) {
			call->args = str_between(open, close + 1);
			call->raw = renacer_is_raw(call->args);
			return whole ? RENACER_WHOLE : RENACER_ENTRY;
		}
		if (!entry)
			entry = close;
	}
	if (!entry)
		return RENACER_CUT;
	/* What the traced program writes comes between call and result. */
	call->args = str_between(open, entry + 1);
	call->raw = renacer_is_raw(call->args);
	*next = end;
	return call->raw ? RENACER_ENTRY : RENACER_NOTHING;
}
