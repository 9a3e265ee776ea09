#include "verbatim.h"

#include "event.h"
#include "input.h"

static bool is_plain(struct str s)
{
	static const bool odd[256] = {
	    [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x7f ... 0xff] = true};
	for (size_t i = 0; i < s.n; i++)
		if (odd[(unsigned char)s.p[i]])
			return false;
	return true;
}

struct str verbatim_text(struct buf *space, struct str s)
{
	if (is_plain(s))
		return s;
	space->n = 0;
	const char *end = s.p + s.n;
	for (const char *p = s.p; p < end;) {
		const char *quote = memchr(p, '"', (size_t)(end - p));
		event_escape(space, str_between(p, quote ? quote : end));
		if (quote)
			buf_add_char(space, '"');
		p = quote ? quote + 1 : end;
	}
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

struct str verbatim_name(struct buf *space, struct str s)
{
	if (is_plain(s))
		return s;
	space->n = 0;
	event_escape(space, s);
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

void verbatim_frame(struct buf *stack, struct str name)
{
	size_t from = stack->n;
	event_escape(stack, name);
	for (size_t i = from; i < stack->n; i++)
		if (stack->p[i] == ';')
			stack->p[i] = ',';
}
