/* called: the system call of each row of a table. That of rows whose words are told (ring.h) is looked up once. */
#ifndef SP_CALLED_H
#define SP_CALLED_H

#include "syscall.h"
#include "tsv.h"

/* A zeroed one knows none. */
struct called {
	bool known[RING_WORDS];
	const struct syscall_info *of[RING_WORDS];
};

static inline const struct syscall_info *called_at(struct called *c, const struct tsv *t, int column)
{
	unsigned words = t->fact->words;
	if (words && c->known[words])
		return c->of[words];
	const struct syscall_info *info = syscall_by_field(tsv_at(t, column));
	c->known[words] = true;
	return c->of[words] = info;
}

#endif
