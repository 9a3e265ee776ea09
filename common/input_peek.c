#include <time.h>

#include "input_private.h"

enum { PEEK_MS = 200, PEEK_MOST = 64 * 1024 };

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Of a file, which may come in small pieces when it is compressed, what the buffer holds. */
static bool wants_more(const struct input_private *s)
{
	size_t have = (size_t)(s->in.end - s->in.next);
	return !s->at_end && have < PEEK_MOST && (s->blocks || have < s->cap);
}

static bool comes_until(struct input_private *s, int64_t until_ms)
{
	int64_t left = s->blocks ? until_ms - now_ms() : 0;
	return !s->blocks || (left > 0 && input_fd_has_more(s, (int)left));
}

struct str input_peek(struct input *in)
{
	struct input_private *s = self_of(in);
	while (!memchr(in->next, '\n', (size_t)(in->end - in->next)) && input_read_more(s))
		;
	int64_t until_ms = now_ms() + PEEK_MS;
	while (wants_more(s) && comes_until(s, until_ms) && input_read_more(s))
		;
	input_forget_newlines(in); /* several blocks may be there */
	return str_between(in->next, in->end);
}

bool input_peek_more(struct input *in)
{
	bool more = wants_more(self_of(in)) && input_read_more(self_of(in));
	input_forget_newlines(in);
	return more;
}
