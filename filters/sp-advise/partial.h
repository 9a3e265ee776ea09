/* partial: what an engine has counted as a table that adds up, and back. Rules are evaluated after all
 * parts are read, so that findings of parts are those of the whole. */
#ifndef SP_ADVISE_PARTIAL_H
#define SP_ADVISE_PARTIAL_H

#include "engine.h"

enum partial_column {
#define PARTIAL(id, name) PARTIAL_##id,
#include "partial.def"
#undef PARTIAL
	PARTIAL_COLUMNS
};

struct partials {
	struct engine *e;
	int column[PARTIAL_COLUMNS];
	bool is_partial; /* the table at hand is one */
};

void partials_open(struct partials *p, struct engine *e);

/* A header has been read: whether it is that of a partial. */
bool partials_header(struct partials *p);
void partials_row(struct partials *p);
/* Behind the last row of a table. */
void partials_end_table(struct partials *p);

void partials_write(struct engine *e, struct output *out);

#endif
