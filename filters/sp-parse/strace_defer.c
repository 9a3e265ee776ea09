/* A child often prints its first lines before its parent's clone() has returned. Where two clones are in
 * flight, one of a thread and one of a process, say, nothing in those lines tells whose child it is:
 * they wait for the clone that names it, which is microseconds away. Bounded; a bound that is hit makes
 * the oldest clone the parent. */
#include <stdlib.h>

#include "strace_state.h"

enum { MAX_BYTES = 1 << 20 };

static void defer_line(struct strace *s, struct strace_deferred *d, struct str line,
		       const struct strace_clock *before)
{
	struct strace_origin origin = {.line = s->parse->in->line, .clock = *before};
	buf_add_str(&d->lines, line);
	buf_add_char(&d->lines, '\n');
	buf_add(&d->origins, &origin, sizeof origin);
}

void strace_defer(struct strace *s, struct thread *th, struct str line,
		  const struct strace_clock *before)
{
	struct strace_deferred *d = s->deferred, *end = s->deferred + s->n_deferred;
	while (d < end && d->tid != th->tid)
		d++;
	if (d == end) {
		s->deferred = xrealloc(s->deferred, s->n_deferred + 1, sizeof *s->deferred);
		d = &s->deferred[s->n_deferred++];
		*d = (struct strace_deferred){.tid = th->tid};
	}
	defer_line(s, d, line, before);
	s->follows = d;
	if (d->lines.n > MAX_BYTES)
		threads_decide(&s->parse->threads, th);
}

void strace_defer_follower(struct strace *s, struct str line)
{
	defer_line(s, s->follows, line, &s->clock);
}

static void take_lines(struct strace *s, const struct strace_deferred *d)
{
	struct str rest = buf_str(&d->lines), line;
	const char *next = d->origins.p;
	struct strace_origin now = {.line = s->parse->in->line, .clock = s->clock}, then;
	while (rest.n && str_cut(&rest, '\n', &line)) {
		memcpy(&then, next, sizeof then);
		next += sizeof then;
		s->parse->in->line = then.line;
		s->clock = then.clock;
		strace_take_whole_line(s, line);
	}
	if (s->open.lines) /* its other half is not among them */
		strace_close_open(s);
	s->parse->in->line = now.line;
	s->clock = now.clock;
}

void strace_take_deferred(struct strace *s, bool at_end)
{
	for (size_t i = 0; i < s->n_deferred;) {
		struct strace_deferred d = s->deferred[i];
		/* A thread that is gone, detached say, has left its lines behind. */
		struct thread *th = threads_find(&s->parse->threads, d.tid);
		if (th && at_end)
			threads_decide(&s->parse->threads, th);
		if (th && th->undecided) {
			i++;
			continue;
		}
		s->deferred[i] = s->deferred[--s->n_deferred];
		s->follows = NULL;
		buf_slack(&d.lines, INPUT_SLACK);
		take_lines(s, &d);
		buf_free(&d.lines);
		buf_free(&d.origins);
	}
	if (s->n_deferred == 0) {
		free(s->deferred);
		s->deferred = NULL;
	}
}
