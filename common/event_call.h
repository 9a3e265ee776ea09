/* event_call: writes a call as a row, inline in the hot path of sp-parse, which is compiled twice (scan.h). */
#ifndef SP_EVENT_CALL_H
#define SP_EVENT_CALL_H

#include <immintrin.h>

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

/* Where TABs are among the first 16 bytes. */
static inline unsigned first_tabs(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
}

/* The row at p; where its columns end goes to `end`, unless that is NULL: the PID of these ids is short then. Returns
 * the end of the row. */
static inline __attribute__((always_inline)) char *put_call(char *p, const struct event_layout *layout, struct str ids,
							    const struct event *e, uint16_t *end)
{
	const char *start = p;
	const struct str *text = e->text;
#define TELL(at) \
	if (end)  \
	*end++ = (uint16_t)((at) - start)
	p = put_long(p, text[EVENT_START], 32);
	TELL(p);
	p = put_short(p, text[EVENT_DUR]);
	TELL(p);
	memcpy(p, ids.p, 48);
	if (end) {
		TELL(p + __builtin_ctz(first_tabs(ids.p)) + 1);
		TELL(p + ids.n - sizeof "call");
	}
	p += ids.n;
	TELL(p);
#define PUT(column, put, ...) \
	p = put(p, text[EVENT_##column], ##__VA_ARGS__); \
	TELL(p)
	PUT(SYSCALL, put_short);
	PUT(RET, put_short);
	PUT(ERRNO, put_short);
	PUT(FD, put_short);
	PUT(BYTES, put_short);
	PUT(OFFSET, put_short);
	PUT(COMM, put_short);
	PUT(PATH, put_long, 64);
	PUT(NOTE, put_short);
	PUT(ARGS, put_long, 128);
#undef PUT
	*p++ = '\t'; /* stack */
	TELL(p);
	for (size_t i = EVENT_STANDARD_COLUMNS; i < layout->n; i++) {
		struct str more = text[layout->column[i]];
		p = more.n ? output_copy(p, more.p, more.n) : p;
		*p++ = '\t';
		TELL(p);
	}
#undef TELL
	p[-1] = '\n';
	return p;
}

/* A call without a stack in a standard layout, at half the cost of event_write. ids stands for pid, tid and
 * kind: "PID\tTID\tcall\t". Here every text must be readable for 32 bytes, ids for 48, the path for 64, the
 * arguments for 128, also empty ones. room: at least the length of all texts together. */
static inline void event_write_call(struct output *out, const struct event_layout *layout, struct str ids,
				    const struct event *e, size_t room)
{
	char *start = output_reserve(out, room + ids.n + EVENT_COLUMNS), *p;
	uint16_t *end = output_ends(out, layout->n, 0);
	if (__builtin_expect(end && first_tabs(ids.p), 0)) {
		p = put_call(start, layout, ids, e, end);
		if (p - start <= UINT16_MAX)
			ring_told(out->rows, layout->n, (size_t)(p - start));
	} else {
		p = put_call(start, layout, ids, e, NULL);
	}
	output_commit(out, p);
}

#endif
