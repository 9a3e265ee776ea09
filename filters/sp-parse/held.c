#include "held.h"

void held_keep(struct held *h, const struct event *e, uint64_t line)
{
	size_t total = INPUT_SLACK;
	for (int i = 0; i < EVENT_COLUMNS; i++)
		total += e->text[i].n;
	h->e = *e;
	h->line = line;
	h->text.n = h->stack.n = 0;
	buf_reserve(&h->text, total);
	for (int i = 0; i < EVENT_COLUMNS; i++) {
		h->e.text[i].p = h->text.p + h->text.n;
		buf_add_str(&h->text, e->text[i]);
	}
	h->active = true;
}

struct str held_outermost_first(struct buf *space, struct str frames)
{
	space->n = 0;
	const char *end = frames.p + frames.n;
	while (frames.n) {
		const char *semicolon = memrchr(frames.p, ';', (size_t)(end - frames.p));
		if (space->n)
			buf_add_char(space, ';');
		buf_add_str(space, str_between(semicolon ? semicolon + 1 : frames.p, end));
		if (!semicolon || semicolon == frames.p)
			break;
		end = semicolon;
	}
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

void held_give_out(struct held *h, struct parse *parse)
{
	uint64_t now = parse->in->line;
	h->active = false;
	if (h->stack.n)
		h->e.text[EVENT_STACK] = held_outermost_first(&h->reversed, buf_str(&h->stack));
	parse->in->line = h->line;
	parse_event(parse, &h->e);
	parse->in->line = now;
}

void held_take(struct held *h, struct parse *parse, const struct event *e, bool whole)
{
	held_release(h, parse);
	if (whole)
		parse_event(parse, e);
	else
		held_keep(h, e, parse->in->line);
}

void held_free(struct held *h)
{
	buf_free(&h->text);
	buf_free(&h->stack);
	buf_free(&h->reversed);
}
