/* parse_call: a call goes out, on the hot path. */
#ifndef SP_PARSE_CALL_H
#define SP_PARSE_CALL_H

#include "event_call.h"
#include "parse.h"

/* Sets what only --with and --columns ask for. Returns the length of these texts. */
size_t parse_set_extra(struct parse *parse, struct event *e);
/* Where not all of the standard columns are asked for. */
void parse_write_asked(struct parse *parse, struct event *e, struct thread *th, size_t room);

/* The same as parse_event for a call of th without a stack, whose pid and tid need not be set. Its texts are
 * `room` bytes together at most, and readable as far as event_write_call says. */
static inline void parse_call(struct parse *parse, struct event *e, struct thread *th, size_t room)
{
	struct accounts *a = &parse->accounts;
	a->events++;
	a->filled[EVENT_START] += event_has(e, EVENT_START);
	a->filled[EVENT_DUR] += event_has(e, EVENT_DUR);
	if (__builtin_expect(!parse->layout->standard, 0)) {
		parse_write_asked(parse, e, th, room);
		return;
	}
	if (__builtin_expect(parse->extra, 0))
		room += parse_set_extra(parse, e);
	event_write_call(&output_stdout, parse->layout, thread_ids(th), e, room);
}

#endif
