/* snapshot: what is open at one moment of a trace: the table of --open-at. */
#ifndef SP_FDMAP_SNAPSHOT_H
#define SP_FDMAP_SNAPSHOT_H

#include "table.h"
#include "tasks.h"

struct snapshot {
	struct arena text;
	struct open_row *row;
	size_t n, cap;
	bool files; /* some have a file column */
	const struct task *task; /* at hand */
	struct str file;
};

/* Adds what is open now. */
void snapshot_take(struct snapshot *s, struct tasks *tasks);

/* Prints by pid and number, and empties it. */
void snapshot_print(struct snapshot *s, struct output *out, enum table_format format);

#endif
