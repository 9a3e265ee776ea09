/* strace_fast_scan: a call, its arguments, value and time in one walk: what its line says without those
 * before it. For strace_fast.h. */
#ifndef SP_STRACE_FAST_SCAN_H
#define SP_STRACE_FAST_SCAN_H

#include "strace_fast_args.h"

/* What a line says of a call, whatever was read before: "NAME(ARGS) = VALUE", "NAME(ARGS <unfinished ...>" or
 * "<... NAME resumed>ARGS) = VALUE". */
struct scanned {
	const char *body;                /* of that */
	const struct syscall_info *info; /* NULL: the general rules have to read it */
	struct walk walk;
	/* The value behind the arguments: digits, address or error; then <path> or a note. Counted from the
	 * body; of no bytes: there is none. */
	struct scanned_text {
		uint16_t at, n;
	} digits, error, annotation, note;
	int64_t address; /* when there are no digits */
	bool failed;
	uint8_t dur_n;
	uint16_t name_n, n; /* of the body; in front of the marker or the time */
	uint32_t micros;    /* of the clock in front of it, when the thread that reads has scanned it */
	char dur[16];       /* dur_ns, of dur_n digits */
};

static inline struct scanned_text text_of(const struct scanned *c, const char *start, const char *end)
{
	return (struct scanned_text){(uint16_t)(start - c->body), (uint16_t)(end - start)};
}

static inline struct str scanned_str(const struct scanned *c, struct scanned_text text)
{
	return (struct str){c->body + text.at, text.n};
}

/* Nothing, or " (flags O_RDONLY)": a group without groups and strings inside. */
static inline bool take_note(const char *p, const char *end, struct scanned *c)
{
	if (p == end)
		return true;
	if (p[0] != ' ' || p[1] != '(')
		return false;
	struct stops stops = {.block = p + 2};
	look(&stops);
	const char *close = next_stop(&stops);
	c->note = text_of(c, p + 2, close);
	return *close == ')' && close == end - 1;
}

static inline __attribute__((always_inline)) bool take_value(const char *p, const char *end, struct scanned *c)
{
	c->digits = c->error = c->annotation = c->note = (struct scanned_text){0};
	c->failed = false;
	c->address = 0;
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
		return number_any(str_between(start, p), &c->address) && take_note(p, end, c);
	}
	c->failed = *p == '-';
	p += c->failed;
	unsigned n = count_digits(p);
	if (n == 0 || (*p == '0' && n > 1))
		return false;
	p += n;
	c->digits = text_of(c, start, p);
	if (*p == '<' && !c->failed) {
		const char *close = plain_annotation_end(p + 1);
		if (!close)
			return false;
		c->annotation = text_of(c, p + 1, close);
		p = close + 1;
	}
	if (!c->failed)
		return take_note(p, end, c);
	if (c->digits.n != 2 || start[1] != '1' || p[0] != ' ' || p[1] != 'E' || p[2] < 'A' || p[2] > 'Z')
		return false;
	const char *name = ++p;
	while (*p >= 'A' && *p <= 'Z')
		p++;
	c->error = text_of(c, name, p);
	if (*p == ' ' && p[1] == '(' && memchr(p, ')', (size_t)(end - p)) == end - 1)
		p = end;
	return p == end && !str_starts(str_between(name, p), STR("ERESTART"));
}

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
		c->dur_n = (uint8_t)(9 - zeros);
	} else {
		c->dur[0] = '0';
		c->dur_n = 1;
	}
	return end - 11;
}

/* Behind the arguments, at c->walk. */
static inline __attribute__((always_inline)) bool scan_value(struct scanned *c, const char *end)
{
	const char *close = c->walk.open + c->walk.spans.close;
	if (close >= end)
		return false;
	end = take_duration(end, c);
	c->n = (uint16_t)(end - c->body);
	return take_value(close + 1, end, c);
}

/* unfinished: as walk_args has it. */
static inline __attribute__((always_inline)) bool find_args(const struct strace_known *known, struct walk *w,
                                                             const char *unfinished)
{
	return (known->plain && walk_plain(w, known->info->path, unfinished) &&
	        (!unfinished || w->spans.commas >= known->commas)) ||
	       walk_args(w, known->commas, unfinished);
}

/* The same for the arguments of a second half. Where no argument of the call is of interest, only their end is
 * looked for. */
static inline bool find_rest(const struct strace_known *known, struct walk *w)
{
	walk_begin(w);
	const char *end = w->open + 1;
	if (*end != ')' && !known->commas && !known->info->path)
		end = plain_stop(end);
	if (*end != ')')
		return walk_args(w, known->commas, NULL);
	w->spans.close = walk_at(w, end);
	return true;
}

/* "NAME(", for which there is a row. */
static inline const struct strace_known *scan_name(struct scanned *c, struct strace_known *calls)
{
	unsigned parens = parens_16(c->body);
	c->name_n = parens ? (uint16_t)__builtin_ctz(parens) : 0;
	c->walk.open = c->body + c->name_n;
	return parens ? strace_known(calls, c->body, c->name_n) : NULL;
}

static inline bool scan_whole(struct scanned *c, struct strace_known *calls, const char *end)
{
	const struct strace_known *known = scan_name(c, calls);
	if (!known || !find_args(known, &c->walk, NULL))
		return false;
	c->info = known->info;
	return scan_value(c, end);
}

/* Not where `->` stands in front of the marker: the byte behind it would have told whether that ends an annotation. */
static inline bool scan_first_half(struct scanned *c, struct strace_known *calls, const char *end)
{
	static const struct str marker = {" <unfinished ...>", 17};
	const struct strace_known *known = scan_name(c, calls);
	end -= marker.n;
	if (!known || end <= c->walk.open || memcmp(end, marker.p, marker.n) != 0 ||
	    memcmp(end - 2, "->", 2) == 0 || !find_args(known, &c->walk, end + 1))
		return false;
	c->n = (uint16_t)(end - c->body);
	c->info = known->info;
	return !c->walk.spans.close;
}

/* First halves end between two arguments, so ARGS is read as if the `>` of the marker were the parenthesis in front
 * of it. A second half that begins with < or * is left alone: what those mean depends on the byte in front of them,
 * which is in the first half. */
static inline bool scan_second_half(struct scanned *c, struct strace_known *calls, const char *end)
{
	static const struct str begin = {"<... ", 5}, resumed = {" resumed>", 9};
	const char *name = c->body + begin.n;
	unsigned blanks = (unsigned)scan_16(name + 1, _mm_set1_epi8(' '));
	if (memcmp(c->body, begin.p, begin.n) != 0 || !blanks)
		return false;
	c->name_n = (uint16_t)(1 + __builtin_ctz(blanks));
	const struct strace_known *known = strace_known(calls, name, c->name_n);
	c->walk.open = name + c->name_n + resumed.n - 1;
	char first = c->walk.open[1];
	if (!known || memcmp(name + c->name_n, resumed.p, resumed.n) != 0 || first == ' ' || first == '<' ||
	    first == '*' || !find_rest(known, &c->walk))
		return false;
	c->info = known->info;
	return scan_value(c, end);
}

/* What is between the leader and the end of a line, which a newline must follow. */
static void scan_call(struct scanned *c, struct strace_known *calls, const char *body, const char *end)
{
	c->body = body;
	bool scanned = end - body <= STRACE_SHORT &&
		       (*body == '<'     ? scan_second_half(c, calls, end)
			: end[-2] == '.' ? scan_first_half(c, calls, end)
					 : scan_whole(c, calls, end));
	if (!scanned)
		c->info = NULL;
}

#endif
