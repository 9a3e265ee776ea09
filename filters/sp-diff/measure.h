/* measure: the quantities that are compared (measure.def), and what one run has of them. */
#ifndef SP_MEASURE_H
#define SP_MEASURE_H

#include "hist.h"
#include "str.h"
#include "table.h"

enum measure {
#define MEASURE(id, ...) MEASURE_##id,
#include "measure.def"
#undef MEASURE
	MEASURES
};

extern const struct measure_info {
	struct str name;    /* "calls", "p99" */
	const char *column; /* "calls", "p99_ns" */
	enum table_type type;
} measures[MEASURES];

/* -1: there is none of that name. */
int measure_by_name(struct str name);

struct side {
	bool present;
	bool has[MEASURES];
	int64_t value[MEASURES]; /* at most INT64_MAX */
	const struct hist *dur;  /* NULL: not known, the input was a finished table */
};

/* There are calls, but what they have of this is not known: without durations they took some time all the same. No
 * bytes are none that were moved. */
static inline bool side_lacks(const struct side *s, enum measure m)
{
	return s->present && !s->has[m] && m != MEASURE_BYTES;
}

static inline int64_t side_value(const struct side *s, enum measure m)
{
	return s->present && s->has[m] ? s->value[m] : 0;
}

#endif
