#include <time.h>

#include "input_private.h"

enum { PEEK_MS = 200, PEEK_MOST = 64 * 1024 };

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wants_more(const struct input_private *s)
{
	return s->blocks && !s->at_end && s->in.end - s->in.next < PEEK_MOST;
}

struct str input_peek(struct input *in)
{
	struct input_private *s = self_of(in);
	while (!memchr(in->next, '\n', (size_t)(in->end - in->next)) && input_read_more(s))
		;
	int64_t until = now_ms() + PEEK_MS, left;
	while (wants_more(s) && (left = until - now_ms()) > 0 && input_fd_has_more(s, (int)left) && input_read_more(s))
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
