/* source: a table of a folder, DIR/NAME.tsv, while it is read. */
#ifndef SP_SOURCE_H
#define SP_SOURCE_H

#include "arena.h"
#include "tsv.h"

struct source {
	struct tsv *t;
	struct buf path; /* NUL-terminated */
	char *paths[2];
};

/* False, and nothing to close, when the folder has no such table. */
bool source_open(struct source *s, const char *dir, const char *name);
void source_close(struct source *s);

#endif
