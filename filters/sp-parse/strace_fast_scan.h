/* strace_fast_scan: a call, its arguments, value and time in one walk: what its line says without those
 * before it. For strace_fast.h. */
#ifndef SP_STRACE_FAST_SCAN_H
#define SP_STRACE_FAST_SCAN_H

#include "strace_fast_args.h"

/* The value behind the arguments: digits, address or error; then <path> and the time. */
struct value {
	struct str digits, error, annotation, note;
	int64_t address; /* when there are no digits */
	bool failed;
};

/* Nothing, or " (flags O_RDONLY)": a group without groups and strings inside. */
static inline bool take_note(const char *p, const char *end, struct value *v)
{
	if (p == end)
		return true;
	if (p[0] != ' ' || p[1] != '(')
		return false;
	struct stops stops = {.block = p + 2};
	look(&stops);
	const char *close = next_stop(&stops);
	v->note = str_between(p + 2, close);
	return *close == ')' && close == end - 1;
}

static inline bool take_value(const char *p, const char *end, struct value *v)
{
	str_set(&v->error, EVENT_LITERAL("").p, 0);
	str_set(&v->note, EVENT_LITERAL("").p, 0);
	v->annotation.n = v->digits.n = 0;
	v->failed = false;
	v->address = 0;
	if (*p != ' ')
		return false;
	while (*++p == ' ')
		;
	if (p[0] != '=' || p[1] != ' ')
		return false;
	p += 2;
	const char *start = p;
	if (p[1] == 'x' && *p == '0') {
		while (p < end && *p != ' ')
			p++;
		return number_any(str_between(start, p), &v->address) && take_note(p, end, v);
	}
	v->failed = *p == '-';
	p += v->failed;
	unsigned n = count_digits(p);
	if (n == 0 || (*p == '0' && n > 1))
		return false;
	p += n;
	v->digits = str_between(start, p);
	if (*p == '<' && !v->failed) {
		const char *close = plain_annotation_end(p + 1);
		if (!close)
			return false;
		v->annotation = str_between(p + 1, close);
		p = close + 1;
	}
	if (!v->failed)
		return take_note(p, end, v);
	if (v->digits.n != 2 || start[1] != '1' || p[0] != ' ' || p[1] != 'E' || p[2] < 'A' || p[2] > 'Z')
		return false;
	const char *name = ++p;
	while (*p >= 'A' && *p <= 'Z')
		p++;
	v->error = str_between(name, p);
	if (*p == ' ' && p[1] == '(' && memchr(p, ')', (size_t)(end - p)) == end - 1)
		p = end;
	return p == end && !str_starts(v->error, STR("ERESTART"));
}

/* A call of which nothing depends on what was read before. */
struct scanned {
	const char *body, *end; /* NAME(ARGS) = VALUE */
	const struct syscall_info *info; /* NULL: the general rules have to read it */
	struct walk walk;
	struct value value;
	unsigned dur_n;
	char dur[20]; /* dur_ns, of dur_n digits; more are read */
};

/* " <0.000123>" at the end, of which the digits become those of dur_ns. */
static inline const char *take_duration(const char *end, struct scanned *c)
{
	uint32_t micros;
	c->dur_n = 0;
	if (end[-1] != '>' || end[-8] != '.' || end[-10] != '<' || end[-11] != ' ' ||
	    end[-9] != '0' || !number_six_digits(end - 7, &micros))
		return end;
	uint64_t eight;
	memcpy(&eight, end - 7, 8);
	unsigned zeros = (unsigned)__builtin_ctzll(eight & UINT64_C(0x0f0f0f0f0f0f0f0f)) / 8;
	if (micros) {
		eight >>= zeros * 8;
		memcpy(c->dur, &eight, 8);
		memcpy(c->dur + 6 - zeros, "000", 4);
		c->dur_n = 9 - zeros;
	} else {
		c->dur[0] = '0';
		c->dur_n = 1;
	}
	return end - 11;
}

static inline bool find_args(const struct strace_known *known, struct walk *w)
{
	return (known->plain && walk_plain(w, known->info->path)) || walk_args(w, known->commas);
}

/* What is between the leader and the end of a line, which a newline must follow. False for calls of another
 * kind. */
static bool scan_call(struct scanned *c, struct strace_known *calls, const char *body, const char *end)
{
	unsigned parens = parens_16(body);
	struct walk *w = &c->walk;
	if (!parens || (size_t)(end - body) > UINT32_MAX) /* which commas are counted in */
		return false;
	w->open = body + __builtin_ctz(parens);
	const struct strace_known *known = strace_known(calls, body, (size_t)(w->open - body));
	if (!known || !find_args(known, w) || w->close >= end)
		return false;
	c->body = body;
	c->info = known->info;
	c->end = take_duration(end, c);
	return take_value(w->close + 1, c->end, &c->value);
}

#endif
