/* normalizer: what main.c and row.c share. */
#ifndef SP_NORMALIZER_H
#define SP_NORMALIZER_H

#include "fold.h"
#include "names.h"
#include "resolve.h"
#include "text.h"

struct normalizer {
	struct trace trace;
	struct names *names;
	struct fold *fold;
	struct text *text;
	unsigned kinds;        /* RESOLVE_... to do */
	bool times;            /* to be left out */
	struct fields in, out; /* the row at hand, as it came and as it goes */
	struct buf column[EVENT_COLUMNS];
};

/* Fills in z->in and z->out. */
void normalize_row(struct normalizer *z, const struct row *r);

#endif
