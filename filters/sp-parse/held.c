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

void held_release(struct held *h, struct parse *parse)
{
	uint64_t now = parse->in->line;
	h->active = false;
	parse->in->line = h->line;
	parse_event(parse, &h->e);
	parse->in->line = now;
}

void held_free(struct held *h)
{
	buf_free(&h->text);
	buf_free(&h->stack);
}
