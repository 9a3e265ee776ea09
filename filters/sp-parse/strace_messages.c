#include "strace_messages.h"

#include "event.h"
#include "number.h"
#include "verbatim.h"

/* "Process N attached with 5 threads - interrupt to quit", in every version's wording; s begins at
 * "Process ". */
static bool process_message(struct str s, struct strace_message *m)
{
	static const struct str verbs[] = {
	    {" attached", 9}, {" detached", 9}, {" suspended", 10}, {" resumed", 8}, {0}};
	uint64_t tid;
	if (!str_starts(s, STR("Process ")))
		return false;
	s = str_drop(s, 8);
	if (!number_take_u64(&s, &tid))
		return false;
	for (const struct str *verb = verbs; verb->p; verb++) {
		if (!str_starts(s, *verb))
			continue;
		struct str rest = str_drop(s, verb->n);
		bool threads = str_starts(rest, STR(" with "));
		if (rest.n && !threads && rest.p[0] != ' ')
			return false;
		if (rest.n && !threads && !str_starts(rest, STR(" (")) &&
		    !str_starts(rest, STR(" - interrupt")))
			return false;
		*m = (struct strace_message){.tid = (int64_t)tid,
					     .attached = verb == verbs,
					     .detached = verb == verbs + 1,
					     .with_threads = threads};
		return true;
	}
	return false;
}

static bool is_path_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || number_is_digit(c) ||
	       c == '/' || c == '.' || c == '_' || c == '-';
}

bool strace_message(struct str s, struct strace_message *m)
{
	*m = (struct strace_message){0};
	size_t n = 0;
	while (n < s.n && is_path_byte(s.p[n]))
		n++;
	struct str program = {s.p, n};
	if (str_ends(program, STR("strace")) && str_starts(str_drop(s, n), STR(": "))) {
		process_message(str_drop(s, n + 2), m);
		return true;
	}
	return process_message(s, m);
}

bool strace_cut_message(struct str *s, struct strace_message *m)
{
	static const struct str word = {"Process ", 8};
	const char *at = NULL;
	for (const char *p = s->p; (p = str_find(str_between(p, s->p + s->n), word)); p++)
		at = p;
	if (!at || !process_message(str_between(at, s->p + s->n), m))
		return false;
	if (str_ends(str_between(s->p, at), STR("strace: "))) {
		at -= 8;
		/* argv[0] may be a path: it begins at the first slash of the run. */
		const char *slash = NULL;
		for (const char *p = at; p > s->p && is_path_byte(p[-1]); p--)
			if (p[-1] == '/' && !(p - 1 > s->p && p[-2] == '*')) /* no comment's end */
				slash = p - 1;
		if (slash)
			at = slash;
	}
	*s = str_between(s->p, at);
	return true;
}

void strace_frame(struct buf *stack, struct str s)
{
	if (stack->n)
		buf_add_char(stack, ';');
	const char *end = s.p + s.n;
	const char *address = str_find(s, STR(" [0x"));
	struct str frame = address ? str_between(s.p, address) : s;
	struct str source = {0};
	if (address) {
		const char *close = memchr(address, ']', (size_t)(end - address));
		if (close)
			source = str_trim(str_between(close + 1, end));
	}
	/* /lib/with (paren).so(symbol(int)+0x10): the symbol begins behind the object's name. */
	const char *suffix = str_find(frame, STR(".so(")), *open = str_chr(frame, '(');
	if (suffix)
		open = suffix + 3;
	if (open && str_ends(frame, STR(")"))) {
		struct str object = str_between(frame.p, open);
		struct str symbol = str_between(open + 1, frame.p + frame.n - 1);
		const char *offset = memrchr(symbol.p, '+', symbol.n);
		if (offset)
			symbol = str_between(symbol.p, offset);
		const char *slash = memrchr(object.p, '/', object.n);
		if (slash)
			object = str_between(slash + 1, object.p + object.n);
		if (symbol.n) {
			verbatim_frame(stack, symbol);
		} else {
			buf_add_char(stack, '[');
			verbatim_frame(stack, object);
			if (address) {
				buf_add_char(stack, '+');
				verbatim_frame(stack, str_between(address + 2,
							     memchr(address, ']', (size_t)(end - address))
								 ?: end));
			}
			buf_add_char(stack, ']');
		}
	} else {
		verbatim_frame(stack, frame);
	}
	if (source.n) {
		buf_add_char(stack, '@');
		verbatim_frame(stack, source);
	}
}

size_t strace_strip_colours(char *p, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\033' && i + 1 < n && p[i + 1] == '[') {
			size_t j = i + 2;
			while (j < n && (number_is_digit(p[j]) || p[j] == ';'))
				j++;
			if (j < n && p[j] == 'm') {
				i = j;
				continue;
			}
		}
		p[to++] = p[i];
	}
	return to;
}
