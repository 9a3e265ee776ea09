/* facts: summary.tsv, the names and values that describe the whole trace. A name may come several
 * times (lacks, traces). */
#ifndef SP_FACTS_H
#define SP_FACTS_H

#include "arena.h"
#include "str.h"

struct fact {
	struct str name, value;
};

struct facts {
	bool present;
	struct arena arena;
	struct fact *fact;
	size_t n, room;
};

/* Reads DIR/summary.tsv, if there is one. */
void facts_load(struct facts *f, const char *dir);

/* The first of that name; empty when there is none. */
struct str facts_get(const struct facts *f, const char *name);

/* The same as a number; false when there is none. */
bool facts_number(const struct facts *f, const char *name, int64_t *n);

#endif
