#include "past.h"

#include <stdlib.h>

#include "arena.h"

/* Calls that overlap a close are few at a time: at most one for each thread that waits. */
enum { REMEMBERED = 64 };

struct past {
	struct closed {
		int fd;
		bool pending;
		struct descriptor d;
		struct span closed;
	} entry[REMEMBERED];
	unsigned next;
};

struct past *past_new(void)
{
	return xcalloc(1, sizeof(struct past));
}

void past_free(struct past *p)
{
	for (int i = 0; p && i < REMEMBERED; i++)
		file_put(p->entry[i].d.file);
	free(p);
}

void past_add(struct past *p, int fd, const struct descriptor *d, struct span closed, bool pending)
{
	struct closed *e = &p->entry[p->next++ % REMEMBERED];
	file_put(e->d.file);
	*e = (struct closed){.fd = fd, .pending = pending, .d = *d, .closed = closed};
	e->d.opener = NULL;
	file_get(e->d.file);
}

static struct closed *newest(struct past *p, unsigned age)
{
	struct closed *e = &p->entry[(p->next - 1 - age) % REMEMBERED];
	return e->d.file ? e : NULL;
}

struct descriptor *past_at(struct past *p, int fd, struct span call)
{
	struct closed *e;
	for (unsigned age = 0; age < REMEMBERED && (e = newest(p, age)); age++) {
		if (e->fd != fd || call.from == TIME_UNKNOWN)
			continue;
		bool was_open = e->d.made.until == TIME_UNKNOWN || e->d.made.until <= call.from;
		bool still_open = e->pending || (e->closed.until != TIME_UNKNOWN &&
						 e->closed.until > call.from);
		if (was_open && still_open)
			return &e->d;
	}
	return NULL;
}

struct descriptor *past_pending(struct past *p, int fd)
{
	struct closed *e;
	for (unsigned age = 0; age < REMEMBERED && (e = newest(p, age)); age++)
		if (e->fd == fd && e->pending)
			return &e->d;
	return NULL;
}

void past_closed(struct past *p, const struct descriptor *pending, struct span call)
{
	for (int i = 0; i < REMEMBERED; i++)
		if (&p->entry[i].d == pending) {
			p->entry[i].pending = false;
			p->entry[i].closed = call;
		}
}
