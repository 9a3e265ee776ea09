/* Where the arguments of a call end, by the general rules. */
#include "strace.h"
#include "strace_bytes.h"

/* The quote that closes the string which opens at `open`: the first one with an even number of
 * backslashes in front of it. */
const char *strace_string_end(const char *open, const char *end, bool *dirty, bool *escaped)
{
	for (const char *p = open + 1; p < end; p += STRACE_STEP) {
		chunk b = bytes_at(p);
		unsigned odd = bytes_mask(bytes_not_plain(b)),
		         backslashes = bytes_mask(bytes_equal(b, '\\'));
		for (unsigned quotes = bytes_mask(bytes_equal(b, '"')); quotes;
		     quotes &= quotes - 1) {
			const char *quote = p + __builtin_ctz(quotes), *before = quote;
			if (quote >= end)
				break;
			while (before[-1] == '\\') /* the opening quote stops it */
				before--;
			if ((quote - before) % 2)
				continue;
			unsigned inside = (1u << (quote - p)) - 1;
			*dirty |= (odd & inside) != 0;
			*escaped |= (backslashes & inside) != 0;
			return quote;
		}
		if (p + STRACE_STEP > end)
			odd &= (1u << (end - p)) - 1;
		*dirty |= odd != 0;
		*escaped |= backslashes != 0;
	}
	return NULL;
}

/* Comments nest under -X verbose. p is behind the opening one. */
const char *strace_comment_end(const char *p, const char *end, bool *dirty)
{
	int depth = 1;
	for (; p + 1 < end; p++) {
		*dirty |= (signed char)*p < 0x20 || *p == 0x7f;
		if (p[0] == '*' && p[1] == '/') {
			p++;
			if (--depth == 0)
				return p;
		} else if (p[0] == '/' && p[1] == '*') {
			p++;
			depth++;
		}
	}
	return NULL;
}

/* Paths and comms have < and > escaped; what may nest is <char 1:3>; what may look like an end is
 * the arrow between two addresses, which a number or a bracket follows. */
const char *strace_annotation_end(const char *open, const char *end, bool *dirty, bool *escaped)
{
	int depth = 0;
	for (const char *p = open + 1; p < end; p += STRACE_STEP) {
		chunk b = bytes_at(p);
		unsigned odd =
		    bytes_mask(bytes_either(bytes_equal(b, '\\'), bytes_equal(b, '"')));
		unsigned raw = bytes_mask(bytes_not_plain(b));
		unsigned m =
		    bytes_mask(bytes_either(bytes_equal(b, '>'), bytes_equal(b, '<')));
		for (; m; m &= m - 1) {
			const char *at = p + __builtin_ctz(m);
			if (at >= end)
				return NULL;
			if (*at == '<') {
				depth++;
			} else if (at[-1] == '-' && at + 1 < end &&
			           (number_is_digit(at[1]) || at[1] == '[')) {
				continue;
			} else if (depth-- == 0) {
				unsigned inside = (1u << (at - p)) - 1;
				*escaped |= (odd & inside) != 0;
				*dirty |= (raw & inside) != 0;
				return at;
			}
		}
		*escaped |= odd != 0;
		*dirty |= raw != 0;
	}
	return NULL;
}

/* What stands before the < of an annotation: a number in any base, AT_FDCWD, or a comment's end. */
bool strace_is_annotation(const char *lt)
{
	char c = lt[-1], next = lt[1];
	bool number = number_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
	return (number || c == '/' || c == ')') && next != '<' && next != '=';
}

static const char *take_span(struct strace_span *first, const char *open, const char *close,
                             bool escaped)
{
	if (!first->open)
		*first = (struct strace_span){open, close, escaped};
	return close;
}

const char *strace_args_end(const char *open, const char *end, unsigned wanted,
                            struct strace_walk *walk)
{
	int round = 0, other = 0; /* depth of (), depth of [] and {} */
	const char *p = open + 1;
	walk->dirty = false;
	walk->commas = 0;
	walk->string.open = walk->annotation.open = NULL;
next_step:
	while (p < end) {
		chunk b = bytes_at(p), found = bytes_structural(b);
		if (walk->commas < wanted)
			found = bytes_either(found, bytes_separating(b));
		for (unsigned m = bytes_mask(found); m; m &= m - 1) {
			const char *at = p + __builtin_ctz(m), *skip = NULL;
			bool escaped = false;
			if (at >= end)
				return NULL;
			switch (*at) {
			case ',':
				if (round == 0 && other <= 0 && walk->commas < wanted)
					walk->comma[walk->commas++] = at;
				continue;
			case '(':
				round++;
				continue;
			case ')':
				if (round-- == 0)
					return at;
				continue;
			case '[':
			case '{':
				other++;
				continue;
			case ']':
			case '}':
				other--;
				continue;
			case '"':
				skip = strace_string_end(at, end, &walk->dirty, &escaped);
				skip = take_span(&walk->string, at, skip, escaped);
				break;
			case '<':
				if (!strace_is_annotation(at))
					continue;
				skip = strace_annotation_end(at, end, &walk->dirty, &escaped);
				skip = take_span(&walk->annotation, at, skip, escaped);
				break;
			case '*':
				if (at[-1] != '/')
					continue;
				skip = strace_comment_end(at + 1, end, &walk->dirty);
				break;
			default:
				walk->dirty = true;
				continue;
			}
			if (!skip)
				return NULL;
			p = skip + 1;
			goto next_step;
		}
		p += STRACE_STEP;
	}
	return NULL;
}
