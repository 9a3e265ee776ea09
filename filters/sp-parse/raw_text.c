/* How perf script and ftrace print entries and returns (the kernel's include/trace/events/syscalls.h
 * and kernel/trace/trace_syscalls.c, tools/lib/traceevent), and perf's stack frames.
 *
 *     sys_enter: NR 0 (3, 7ffc3f07ade8, 340, 0, 0, 0)     sys_exit: NR 0 = 832      numbered
 *     sys_enter_read: fd: 0x00000003, buf: 0x7ffc3f07ade8, count: 0x00000340        named: perf
 *     sys_exit_read: 0x340
 *     sys_read(fd: 3, buf: 0x7ffc3f07ade8, count: 0x340)  sys_read -> 0x340         named: ftrace */
#include "number.h"
#include "raw.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || number_is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z');
}

bool raw_take_hex(struct str *s, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;
	for (unsigned digit; n < s->n && (digit = number_digit(s->p[n])) < 16; n++)
		v = v << 4 | digit;
	if (n == 0 || n > 16)
		return false;
	*value = v;
	*s = str_drop(*s, n);
	return true;
}

static void skip_blanks(struct str *s)
{
	while (s->n && s->p[0] == ' ')
		*s = str_drop(*s, 1);
}

static bool take_signed(struct str *s, int64_t *value)
{
	bool negative = s->n && s->p[0] == '-';
	struct str digits = str_drop(*s, negative);
	uint64_t magnitude;
	if (!number_take_u64(&digits, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
		return false;
	*value = (int64_t)(negative ? 0 - magnitude : magnitude);
	*s = digits;
	return true;
}

/* "(3, 7ffc3f07ade8, 340, 0, 0, 0)" */
static bool take_numbers(struct str *s, struct raw_body *b)
{
	struct str rest = *s;
	if (!str_starts(rest, STR("(")))
		return false;
	for (b->args = 0; b->args < RAW_ARGS; b->args++) {
		if (b->args && !str_starts(rest, STR(", ")))
			break;
		rest = str_drop(rest, b->args ? 2 : 1);
		if (!raw_take_hex(&rest, &b->arg[b->args]))
			return false;
	}
	*s = str_drop(rest, 1);
	return str_starts(rest, STR(")"));
}

/* What perf script -F +ip adds to a line: a blank and an address of 16 places. */
static bool is_inline_frame(struct str s)
{
	size_t i = 1;
	if (s.n < 17 || s.p[0] != ' ' || (s.n > 17 && s.p[17] != ' '))
		return false;
	while (i < 17 && s.p[i] == ' ')
		i++;
	if (i == 17)
		return false;
	while (i < 17 && number_digit(s.p[i]) < 16)
		i++;
	return i == 17;
}

static bool numbered(struct str s, struct raw_body *b)
{
	skip_blanks(&s);
	if (!str_starts(s, STR("NR ")))
		return false;
	s = str_drop(s, 3);
	if (!take_signed(&s, &b->number))
		return false;
	if (b->exits) {
		if (!str_starts(s, STR(" = ")))
			return false;
		s = str_drop(s, 3);
		if (!take_signed(&s, &b->ret))
			return false;
	} else if (!str_starts(s, STR(" "))) {
		return false;
	} else {
		s = str_drop(s, 1);
		if (!take_numbers(&s, b))
			return false;
	}
	b->rest = s;
	return s.n == 0 || is_inline_frame(s);
}

bool raw_bare_body(struct str text, struct raw_body *b)
{
	*b = (struct raw_body){0};
	if (numbered(text, b))
		return true;
	*b = (struct raw_body){.exits = true};
	return numbered(text, b);
}

/* "fd: 0x00000003, buf: 0x7ffc3f07ade8": ends at the end of the line or at an inline frame. */
static bool named_args(struct str s, struct raw_body *b)
{
	const char *from = s.p, *end = s.p + s.n, *p = from;
	bool quoted = false;
	for (; p < end; p++) {
		if (*p == '"')
			quoted = raw_in_quotes(quoted, p, end);
		else if (*p == ' ' && !quoted && is_inline_frame(str_between(p, end)))
			break;
	}
	b->rest = str_between(p, end);
	b->text = str_trim(str_between(from, p));
	return !quoted && (b->text.n == 0 || str_find(b->text, STR(": ")));
}

static bool hex_value(struct str *s, int64_t *value)
{
	size_t n = 0;
	while (n < s->n && s->p[n] != ' ')
		n++;
	struct str digits = {s->p, n};
	*s = str_drop(*s, n);
	return str_starts(digits, STR("0x")) && number_any(digits, value);
}

/* "sys_read(fd: 3)", "sys_read -> 0x340" of ftrace; s begins behind the name. */
static bool named_by_ftrace(struct str s, struct raw_body *b)
{
	b->named = true;
	if (str_starts(s, STR(" -> "))) {
		b->exits = true;
		b->rest = str_drop(s, 4);
		return hex_value(&b->rest, &b->ret) && b->rest.n == 0;
	}
	if (s.n < 2 || s.p[0] != '(' || s.p[s.n - 1] != ')')
		return false;
	b->text = str_between(s.p + 1, s.p + s.n - 1);
	return b->text.n == 0 || str_find(b->text, STR(": "));
}

bool raw_body(struct str text, struct raw_body *b)
{
	struct str s = text;
	*b = (struct raw_body){0};
	if (!str_starts(s, STR("sys_")))
		return false;
	bool enters = str_starts(s, STR("sys_enter"));
	b->exits = str_starts(s, STR("sys_exit"));
	if (enters || b->exits) {
		struct str tail = str_drop(s, enters ? 9 : 8);
		if (str_starts(tail, STR(":")))
			return numbered(str_drop(tail, 1), b);
		size_t n = 1;
		while (n < tail.n && is_name_byte(tail.p[n]))
			n++;
		if (n > 1 && tail.p[0] == '_' && n < tail.n && tail.p[n] == ':') {
			b->named = true;
			b->name = (struct str){tail.p + 1, n - 1};
			tail = str_drop(tail, n + 1);
			if (enters)
				return named_args(tail, b);
			skip_blanks(&tail);
			b->rest = tail;
			return hex_value(&b->rest, &b->ret) &&
			       (b->rest.n == 0 || is_inline_frame(b->rest));
		}
	}
	b->exits = false;
	size_t n = 4;
	while (n < s.n && is_name_byte(s.p[n]))
		n++;
	b->name = (struct str){s.p + 4, n - 4};
	return n > 4 && named_by_ftrace(str_drop(s, n), b);
}

/* ---- perf's frames ---- */

void raw_perf_frame(struct raw *r, struct str s, bool line)
{
	struct str address, symbol = {0}, object = {0};
	s = str_trim(s);
	size_t n = 0;
	while (n < s.n && number_digit(s.p[n]) < 16)
		n++;
	if (n && (n == s.n || s.p[n] == ' ')) {
		address = (struct str){s.p, n};
		s = str_trim(str_drop(s, n));
	} else {
		address = (struct str){s.p, 0};
	}
	if (s.n && s.p[s.n - 1] == ')') {
		/* The object is the last thing in parentheses; "/tmp/x (deleted)" has its own. */
		struct str deleted = STR(" (deleted))");
		const char *end = s.p + s.n - (str_ends(s, deleted) ? deleted.n : 1), *open = end;
		while (open > s.p && !(open[0] == '(' && (open == s.p || open[-1] == ' ')))
			open--;
		if (*open == '(') {
			object = str_between(open + 1, end);
			s = str_trim(str_between(s.p, open));
		}
	}
	symbol = s;
	const char *plus = memrchr(s.p, '+', s.n);
	if (plus && str_starts(str_between(plus, s.p + s.n), STR("+0x")))
		symbol = str_between(s.p, plus);
	if (str_eq(object, STR("[unknown]")) || str_eq(object, STR("inlined")))
		object.n = 0;
	if (str_eq(symbol, STR("[unknown]"))) {
		symbol.n = 0;
		if (object.n == 0) /* no more than a number that differs from run to run */
			address.n = 0;
	}
	raw_frame(r, symbol, object, address, line);
}
