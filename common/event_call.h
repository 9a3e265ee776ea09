/* event_call: writes a call as a row, inline in the hot path of sp-parse, which is compiled twice (scan.h). */
#ifndef SP_EVENT_CALL_H
#define SP_EVENT_CALL_H

#include "event.h"

/* A text and its TAB. Nearly all are short: those take no branch that depends on their length. */
static inline char *put_short(char *p, struct str text)
{
	memcpy(p, text.p, 16);
	if (__builtin_expect(text.n > 16, 0))
		output_copy(p + 16, text.p + 16, text.n - 16);
	p[text.n] = '\t';
	return p + text.n + 1;
}

/* The same for texts that are longer at times: up to `step` bytes without such a branch. */
static inline __attribute__((always_inline)) char *put_long(char *p, struct str text, size_t step)
{
	memcpy(p, text.p, step);
	if (__builtin_expect(text.n > step, 0))
		output_copy(p + step, text.p + step, text.n - step);
	p[text.n] = '\t';
	return p + text.n + 1;
}

/* A call without a stack in a standard layout, at half the cost of event_write. ids stands for pid, tid and
 * kind: "PID\tTID\tcall\t". Here every text must be readable for 32 bytes, ids for 48, the path for 64, the
 * arguments for 128, also empty ones. room: at least the length of all texts together. */
static inline void event_write_call(struct output *out, const struct event_layout *layout, struct str ids,
		      const struct event *e, size_t room)
{
	char *p = output_reserve(out, room + ids.n + EVENT_COLUMNS);
	const struct str *text = e->text;
	p = put_long(p, text[EVENT_START], 32);
	p = put_short(p, text[EVENT_DUR]);
	memcpy(p, ids.p, 48);
	p += ids.n;
	p = put_short(p, text[EVENT_SYSCALL]);
	p = put_short(p, text[EVENT_RET]);
	p = put_short(p, text[EVENT_ERRNO]);
	p = put_short(p, text[EVENT_FD]);
	p = put_short(p, text[EVENT_BYTES]);
	p = put_short(p, text[EVENT_OFFSET]);
	p = put_short(p, text[EVENT_COMM]);
	p = put_long(p, text[EVENT_PATH], 64);
	p = put_short(p, text[EVENT_NOTE]);
	p = put_long(p, text[EVENT_ARGS], 128);
	*p++ = '\t'; /* stack */
	for (size_t i = EVENT_STANDARD_COLUMNS; i < layout->n; i++) {
		struct str more = text[layout->column[i]];
		p = more.n ? output_copy(p, more.p, more.n) : p;
		*p++ = '\t';
	}
	p[-1] = '\n';
	output_commit(out, p);
}

#endif
