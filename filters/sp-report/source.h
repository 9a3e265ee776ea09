/* source: a table of a folder, DIR/NAME.tsv, while it is read. */
#ifndef SP_SOURCE_H
#define SP_SOURCE_H

#include "arena.h"
#include "finished.h"

struct source {
	struct tsv *t;
	struct finished rows; /* of t */
	struct buf path;      /* NUL-terminated */
	char *paths[2];
};

/* False, and nothing to close, when the folder has no such table. */
bool source_open(struct source *s, const char *dir, const char *name);
/* As tsv_next(), without the rows of totals (finished.h). */
enum tsv_what source_next(struct source *s);
void source_close(struct source *s);

#endif
