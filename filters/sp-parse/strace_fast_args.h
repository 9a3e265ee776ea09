/* strace_fast_args: where the arguments of a call end, and the string, annotation and commas on the way
 * there, for the hot path. Two ways: walk_plain takes 64 bytes a step and decides by counts, with few
 * branches that depend on the text; walk_args goes from one byte that matters to the next. */
#ifndef SP_STRACE_FAST_ARGS_H
#define SP_STRACE_FAST_ARGS_H

#include "strace_bytes.h"
#include "strace_state.h"

/* Member by member: `a = b = x` would read b back as one 16-byte word right after its two halves were stored, and
 * the processor would wait for both stores. */
static inline void str_set(struct str *to, const char *p, size_t n)
{
	to->p = p;
	to->n = n;
}

/* Whether c is in s, which is mostly short. */
static inline bool holds(struct str s, char c)
{
	for (const char *p = s.p, *end = s.p + s.n; p < end; p += STRACE_STEP) {
		unsigned found = bytes_mask(bytes_equal(bytes_at(p), c));
		if (found && p + __builtin_ctz(found) < end)
			return true;
	}
	return false;
}

/* Whether it has characters that the columns spell otherwise. */
static inline bool annotation_escaped(struct str annotation)
{
	return holds(annotation, '\\') || holds(annotation, '"');
}

/* The arguments, as far as they matter here. */
struct walk {
	const char *open;
	struct strace_spans spans;
};

static inline void walk_begin(struct walk *w)
{
	w->spans.commas = w->spans.close = 0;
	w->spans.string = w->spans.annotation = (struct strace_span_at){0};
}

static inline uint16_t walk_at(const struct walk *w, const char *p)
{
	return (uint16_t)(p - w->open);
}

static inline struct strace_span_at walk_span(const struct walk *w, const char *start, const char *end,
                                              bool escaped)
{
	return (struct strace_span_at){walk_at(w, start), (uint16_t)(end - start), escaped};
}

static inline struct str walk_text(const struct walk *w, struct strace_span_at span)
{
	return (struct str){w->open + span.at, span.n};
}

/* The bytes that matter, found 64 at a time and taken one by one. */
struct stops {
	const char *block;
	uint64_t left; /* those of the block that are still to come */
	bool separators; /* commas and brackets matter */
};

static inline void look(struct stops *s)
{
	s->left = 0;
	for (int i = 0; i < 64; i += STRACE_STEP) {
		chunk b = bytes_at(s->block + i), found = bytes_structural(b);
		if (s->separators)
			found = bytes_either(found, bytes_separating(b));
		s->left |= (uint64_t)bytes_mask(found) << i;
	}
}

/* There is one at the latest where the line ends: its newline is not plain. */
static inline const char *next_stop(struct stops *s)
{
	while (!s->left) {
		s->block += 64;
		look(s);
	}
	const char *at = s->block + __builtin_ctzll(s->left);
	s->left &= s->left - 1;
	return at;
}

static inline bool is_escaped(const char *quote)
{
	const char *p = quote;
	while (p[-1] == '\\')
		p--;
	return (quote - p) % 2;
}

/* The quote that closes the string before the stops, or NULL. */
static inline const char *string_end(struct stops *s)
{
	for (;;) {
		const char *at = next_stop(s);
		if (*at == '"' && !is_escaped(at))
			return at;
		if (!byte_is_plain(*at))
			return NULL;
	}
}

/* The bracket that closes the annotation before the stops, or NULL. */
static inline const char *annotation_end(struct stops *s)
{
	for (;;) {
		const char *at = next_stop(s);
		if (*at == '>' && !(at[-1] == '-' && (number_is_digit(at[1]) || at[1] == '[')))
			return at;
		if (*at == '<' || !byte_is_plain(*at))
			return NULL;
	}
}

/* The last byte of a comment of words or a date, as 2024-02-29T07:33:09+0000, or NULL. */
static inline const char *comment_end(const char *p)
{
	while (*p == ' ' || (*p >= '+' && *p <= ':' && *p != '/' && *p != ',') || (*p >= 'A' && *p <= 'Z') ||
	       (*p >= 'a' && *p <= 'z'))
		p++;
	return p[0] == '*' && p[1] == '/' ? p + 1 : NULL;
}

/* Finds the `)` that closes w->open, or that the arguments go on behind `unfinished`, a `<`. wanted: how many
 * commas are of interest. False for what only the general rules read. */
static bool walk_args(struct walk *w, unsigned wanted, const char *unfinished)
{
	int round = 0, other = 0;
	struct strace_spans *spans = &w->spans;
	struct stops s = {.block = w->open + 1, .separators = wanted > 0 || unfinished};
	walk_begin(w);
	look(&s);
	for (;;) {
		const char *at = next_stop(&s), *end;
		switch (*at) {
		case ',':
			if (!(round | other) && spans->commas < wanted)
				spans->comma[spans->commas++] = walk_at(w, at);
			break;
		case '"':
			if (!(end = string_end(&s)))
				return false;
			if (spans->string.at)
				break;
			spans->string = walk_span(w, at + 1, end, holds(str_between(at + 1, end), '\\'));
			break;
		case '<':
			if (at == unfinished)
				return !(round | other);
			if ((!number_is_digit(at[-1]) && at[-1] != 'D') || at[1] == '<' || at[1] == '=' ||
			    !(end = annotation_end(&s)))
				return false;
			if (spans->annotation.at)
				break;
			spans->annotation =
			    walk_span(w, at + 1, end, annotation_escaped(str_between(at + 1, end)));
			break;
		case '*': /* a comment, if it is a simple one */
			if (at[-1] != '/')
				break;
			if (!(end = comment_end(at + 1)) || next_stop(&s) != end - 1)
				return false;
			break;
		case ')':
			if (round-- > 0)
				break;
			spans->close = walk_at(w, at);
			return true;
		case '(':
			round++;
			break;
		case '[':
		case '{':
			other++;
			break;
		case ']':
		case '}':
			other--;
			break;
		case '>':
			break;
		default:
			return false;
		}
	}
}

/* ---- 64 bytes a step ---- */

/* 64 bytes, one bit each. */
struct bits {
	uint64_t parens; /* ( ) * */
	uint64_t quotes, backslashes, lt, odd; /* odd: not plain */
};

static inline __attribute__((always_inline)) struct bits bits_64(const char *p)
{
	struct bits bits = {0};
	for (int i = 0; i < 64; i += STRACE_STEP) {
		chunk b = bytes_at(p + i);
		bits.parens |= (uint64_t)bytes_mask(bytes_between(b, '(', '*')) << i;
		bits.odd |= (uint64_t)bytes_mask(bytes_not_plain(b)) << i;
		bits.quotes |= (uint64_t)bytes_mask(bytes_equal(b, '"')) << i;
		bits.backslashes |= (uint64_t)bytes_mask(bytes_equal(b, '\\')) << i;
		bits.lt |= (uint64_t)bytes_mask(bytes_equal(b, '<')) << i;
	}
	return bits;
}

/* The bytes behind an odd number of backslashes. carry: whether the first byte is one; set for the next
 * block. The sum carries each run of backslashes to its end, and whether that is at an even place tells
 * its length, because only runs that begin at odd places were added. */
static inline uint64_t bits_escaped(uint64_t backslashes, uint64_t *carry)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	backslashes &= ~*carry;
	uint64_t behind = backslashes << 1 | *carry;
	uint64_t starts = backslashes & ~even & ~behind, runs;
	*carry = __builtin_add_overflow(starts, backslashes, &runs);
	return (even ^ runs << 1) & behind;
}

/* Each bit: how many bits up to and with it are set, modulo 2. */
static inline uint64_t bits_parity(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	return bits ^ bits << 32;
}

/* The bracket that closes the annotation whose text begins at p, or NULL: the text is no more than
 * plain. */
static inline const char *plain_annotation_end(const char *p)
{
	for (;; p += STRACE_STEP) {
		chunk b = bytes_at(p), angle = bytes_or(b, BYTES(set1_epi8)(2));
		chunk found = bytes_either(bytes_either(bytes_equal(angle, '>'), bytes_not_plain(b)),
					   bytes_either(bytes_equal(b, '"'), bytes_equal(b, '\\')));
		for (unsigned stops = bytes_mask(found); stops; stops &= stops - 1) {
			const char *at = p + __builtin_ctz(stops);
			if (*at != '>')
				return NULL;
			if (at[-1] != '-' || !(number_is_digit(at[1]) || at[1] == '['))
				return at;
		}
	}
}

/* How many digits there are at p, up to 16. */
static inline unsigned count_digits(const char *p)
{
	return (unsigned)__builtin_ctz(~scan_digits_16(p));
}

/* The quote that closes the string whose text begins at p, or NULL: the text is no more than plain. */
static inline const char *plain_string_end(const char *p)
{
	for (;; p += STRACE_STEP) {
		chunk b = bytes_at(p);
		unsigned stops = bytes_mask(bytes_either(
		    bytes_either(bytes_equal(b, '"'), bytes_equal(b, '\\')), bytes_not_plain(b)));
		if (!stops)
			continue;
		p += __builtin_ctz(stops);
		return *p == '"' ? p : NULL;
	}
}

/* The first of parentheses, comments, annotations outside of strings, and what is not plain, p being between two
 * arguments or at their end. */
static inline __attribute__((always_inline)) const char *plain_stop(const char *p)
{
	uint64_t in_string = 0, carry = 0;
	for (;; p += 64) {
		struct bits b = bits_64(p);
		uint64_t quotes = b.quotes & ~bits_escaped(b.backslashes, &carry);
		uint64_t inside = bits_parity(quotes) ^ in_string;
		/* Outside of strings a backslash is no escape, which it was taken for. */
		uint64_t stops = ((b.parens | b.lt | b.backslashes) & ~inside) | b.odd;
		if (!stops) {
			in_string = (uint64_t)((int64_t)inside >> 63);
			continue;
		}
		return p + __builtin_ctzll(stops);
	}
}

/* The same as walk_args for arguments that are plain: a first one that may have an annotation, the path
 * as first or second one (path: which; 0: none), strings, and neither annotations nor parentheses nor
 * comments outside of these. Only the first comma is noted. False for all else. */
static inline __attribute__((always_inline)) bool walk_plain(struct walk *w, unsigned path,
                                                              const char *unfinished)
{
	static const struct str cwd = {"AT_FDCWD", 8};
	const char *p = w->open + 1, *end;
	walk_begin(w);
	p += *p == 'A' && memcmp(p, cwd.p, cwd.n) == 0 ? cwd.n : count_digits(p);
	if (*p == '<') {
		if (p == w->open + 1 || p[1] == '=' || !(end = plain_annotation_end(p + 1)))
			return false;
		w->spans.annotation = walk_span(w, p + 1, end, false);
		p = end + 1;
	}
	if (*p == ',') {
		w->spans.comma[0] = walk_at(w, p);
		w->spans.commas = 1;
	}
	if (path) {
		p = path == 1 ? w->open + 1 : p + 2;
		if (path == 2 && (!w->spans.commas || p[-1] != ' '))
			return false;
	}
	if (path && *p == '"') {
		if (!(end = plain_string_end(p + 1)))
			return false;
		w->spans.string = walk_span(w, p + 1, end, false);
		p = end + 1;
	}
	end = *p == ')' ? p : plain_stop(p);
	w->spans.close = *end == ')' ? walk_at(w, end) : 0;
	return *end == ')' || end == unfinished;
}

#endif
