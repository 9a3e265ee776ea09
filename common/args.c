#include "args.h"

#include <emmintrin.h>

#include "event.h"
#include "number.h"

/* The quote that closes the string opened at p: one with an even number of backslashes in front. */
static const char *string_end(const char *p, const char *end)
{
	const char *start = p + 1;
	for (const char *from = start; from < end;) {
		const char *quote = memchr(from, '"', (size_t)(end - from)), *before = quote;
		if (!quote)
			return end;
		while (before > start && before[-1] == '\\')
			before--;
		if ((quote - before) % 2 == 0)
			return quote;
		from = quote + 1;
	}
	return end;
}

static const char *comment_end(const char *p, const char *end)
{
	const char *stop = str_find(str_between(p, end), STR("*/"));
	return stop ? stop + 1 : end;
}

/* An annotation follows a number or AT_FDCWD. What nests in it is <char 1:3>; the arrow of
 * "a->b" is no end when an address or inode follows. */
static bool opens_annotation(const char *lt, const char *start)
{
	char c = lt > start ? lt[-1] : 0;
	return number_is_digit(c) || (c >= 'a' && c <= 'f') || c == 'D' || c == '/';
}

/* The next < or >, or end. They differ in one bit. */
static const char *angle_from(const char *p, const char *end)
{
	const __m128i either = _mm_set1_epi8('<' | '>'), differs = _mm_set1_epi8('<' ^ '>');
	for (; end - p >= (ptrdiff_t)sizeof either; p += sizeof either) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		int found = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(bytes, differs), either));
		if (found)
			return p + __builtin_ctz((unsigned)found);
	}
	while (p < end && *p != '<' && *p != '>')
		p++;
	return p;
}

static const char *annotation_end(const char *lt, const char *end)
{
	const char *p = lt + 1;
	for (int depth = 0; (p = angle_from(p, end)) < end; p++) {
		bool arrow = p[-1] == '-' && p + 1 < end && (number_is_digit(p[1]) || p[1] == '[');
		if (*p == '<')
			depth++;
		else if (!arrow && depth-- == 0)
			return p;
	}
	return end;
}

/* The bytes that arg_end() has to stop at. */
static const bool stops[256] = {['"'] = true, ['<'] = true, ['/'] = true, ['('] = true,
				[')'] = true, ['['] = true, [']'] = true, ['{'] = true,
				['}'] = true, [','] = true};

/* The comma that ends the argument which begins at p, or end. */
static const char *arg_end(const char *p, const char *end)
{
	const char *start = p;
	int depth = 0;
	for (; p < end; p++) {
		if (!stops[(unsigned char)*p])
			continue;
		switch (*p) {
		case '"':
			p = string_end(p, end);
			break;
		case '<':
			if (opens_annotation(p, start))
				p = annotation_end(p, end);
			break;
		case '/':
			if (p + 1 < end && p[1] == '*')
				p = comment_end(p + 2, end);
			break;
		case ',':
			if (depth <= 0)
				return p;
			break;
		default:
			depth += *p == '(' || *p == '[' || *p == '{' ? 1 : -1;
			break;
		}
	}
	return end;
}

/* The length of a label and the punctuation behind it: "fd: 3" (perf), "fd=3" (strace -N). */
static size_t label(struct str arg, char *punctuation)
{
	size_t n = 0;
	while (n < arg.n && ((arg.p[n] >= 'a' && arg.p[n] <= 'z') || arg.p[n] == '_' ||
			     (n && number_is_digit(arg.p[n]))))
		n++;
	if (n == 0 || n + 1 >= arg.n || (arg.p[n] != ':' && arg.p[n] != '=') ||
	    arg.p[n + 1] == '>')
		return 0;
	*punctuation = arg.p[n];
	return n;
}

void args_begin(struct args *a, struct str text)
{
	char punctuation = 0;
	bool any = text.n > 2 && text.p[0] == '(';
	a->n = 0;
	a->next = any ? text.p + 1 : NULL;
	a->end = text.p + text.n - (any && text.p[text.n - 1] == ')');
	a->labelled = any ? label(str_between(a->next, a->end), &punctuation) && punctuation == ':'
	                  : str_eq(text, STR("()"));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void split(struct args *a, unsigned wanted)
{
	while (a->n < wanted && a->n < ARGS_MOST && a->next) {
		const char *start = a->next + (a->next < a->end && *a->next == ' '); /* mostly all there is to trim */
		const char *stop = arg_end(start, a->end);
		struct str arg = str_between(start, stop);
		if (arg.n && (is_blank(arg.p[0]) || is_blank(arg.p[arg.n - 1])))
			arg = str_trim(arg);
		char punctuation = 0;
		size_t n = label(arg, &punctuation);
		if (n && punctuation == '=')
			arg = str_drop(arg, n + 1);
		a->arg[a->n++] = arg;
		a->next = stop == a->end ? NULL : stop + 1;
	}
}

static struct str nth_word(const char *words, unsigned i)
{
	struct str rest = str_of(words), word = {0};
	for (unsigned n = 0; n < i; n++)
		if (!str_cut(&rest, ' ', &word))
			return (struct str){0};
	return word;
}

struct str args_at(struct args *a, unsigned i, const char *names)
{
	split(a, a->labelled ? ARGS_MOST : i);
	if (!a->labelled)
		return i >= 1 && i <= a->n ? a->arg[i - 1] : (struct str){0};
	struct str name = nth_word(names, i);
	for (unsigned n = 0; n < a->n && name.n; n++) {
		char punctuation;
		if (label(a->arg[n], &punctuation) == name.n && str_starts(a->arg[n], name))
			return str_trim(str_drop(a->arg[n], name.n + 1));
	}
	return STR("0");
}

struct str args_from(const struct args *a, unsigned i)
{
	const char *p = a->labelled ? NULL : a->next;
	for (unsigned n = 1; p && n < i; n++) {
		p = arg_end(p, a->end);
		p = p == a->end ? NULL : p + 1;
	}
	return p ? str_between(p, a->end) : (struct str){0};
}

struct str args_among(const struct args *a, unsigned i, unsigned last)
{
	struct str from = args_from(a, i);
	if (!from.n)
		return from;
	const char *stop = arg_end(from.p, a->end);
	for (; i < last && stop < a->end; i++)
		stop = arg_end(stop + 1, a->end);
	return str_between(from.p, stop);
}

bool args_number(struct str arg, int64_t *value)
{
	if (number_leading(arg, value))
		return true;
	*value = -100;
	return str_starts(arg, STR("AT_FDCWD")) || str_eq(arg, STR("CWD"));
}

bool args_fd(struct str arg, int *fd)
{
	int64_t value;
	if (!args_number(arg, &value))
		return false;
	*fd = (int32_t)value;
	return true;
}

/* Capitals, digits and underscores. */
static const bool of_words[256] = {['0' ... '9'] = true, ['A' ... 'Z'] = true, ['_'] = true};

static bool is_word(char c)
{
	return of_words[(unsigned char)c];
}

/* Whether the name is the word, or ends in it behind an underscore. */
static bool names(struct str name, struct str word)
{
	if (name.n < word.n || name.p[name.n - word.n] != word.p[0] ||
	    name.p[name.n - 1] != word.p[word.n - 1])
		return false;
	return str_ends(name, word) && (name.n == word.n || name.p[name.n - word.n - 1] == '_');
}

struct str args_of_struct(struct str arg)
{
	struct str begin = STR("{flags=");
	return str_starts(arg, begin) ? str_drop(arg, begin.n) : arg;
}

unsigned args_flags(struct str arg, const struct flag *flags, unsigned n)
{
	unsigned found = 0;
	int64_t value;
	arg = args_of_struct(arg);
	if (arg.n && (number_is_digit(arg.p[0]) || arg.p[0] == '-') && args_number(arg, &value))
		for (unsigned i = 0; i < n; i++)
			found |= (unsigned)(((uint64_t)value & flags[i].bits) != 0) << i;
	const char *p = arg.p, *end = arg.p + arg.n;
	while (p < end) {
		const char *start = p;
		while (p < end && is_word(*p))
			p++;
		for (unsigned i = 0; i < n; i++)
			found |= (unsigned)names(str_between(start, p), flags[i].word) << i;
		p++;
	}
	return found;
}

bool args_flag(struct str arg, struct str word, uint64_t bits)
{
	return args_flags(arg, &(struct flag){word, bits}, 1);
}

/* ---- strings ---- */

struct str args_canonical(struct str text, struct buf *space)
{
	if (!str_chr(text, '\\'))
		return text;
	space->n = 0;
	event_respell(space, text);
	return buf_str(space);
}

struct str args_quoted(struct str arg, struct buf *space)
{
	if (arg.n < 2 || arg.p[0] != '"')
		return (struct str){0};
	return args_canonical(str_between(arg.p + 1, string_end(arg.p, arg.p + arg.n)), space);
}

struct str args_annotation(struct str arg)
{
	const char *lt = str_chr(arg, '<');
	if (!lt || !opens_annotation(lt, arg.p) || arg.p[0] == '"')
		return (struct str){0};
	return str_between(lt + 1, annotation_end(lt, arg.p + arg.n));
}

bool args_next_fd(struct str *list, int *fd, struct str *annotation)
{
	const char *end = list->p + list->n, *p = list->p;
	while (p < end && (*p == '[' || *p == ',' || *p == ' '))
		p++;
	struct str arg = str_between(p, arg_end(p, end));
	const char *bracket = p;
	while (bracket < arg.p + arg.n && *bracket != ']' && *bracket != '<')
		bracket++;
	if (bracket < arg.p + arg.n && *bracket == ']')
		arg = str_between(p, bracket);
	if (!args_fd(arg, fd))
		return false;
	*annotation = args_annotation(arg);
	const char *rest = arg.p + arg.n;
	if (annotation->n) {
		rest = annotation->p + annotation->n;
		rest += rest < end; /* a damaged one has no `>` */
	}
	*list = str_between(rest, end);
	if (list->n && list->p[0] == '(') { /* </tmp/x>(deleted) */
		const char *close = str_chr(*list, ')');
		*list = close ? str_between(close + 1, end) : (struct str){0};
	}
	return true;
}
