/* diff: the groups of two runs side by side. */
#ifndef SP_DIFF_H
#define SP_DIFF_H

#include "run.h"
#include "significance.h"

struct pair {
	struct str key; /* as in struct agg_group */
	struct side a, b;
	struct test shift, p50, p99;
};

struct diff {
	struct str *key_name;
	size_t keys;
	struct pair *pair;
	size_t pairs;
	struct pair total;
	bool patterns; /* write patterns: in their own order, and without a total, because they
	                  overlap */
	struct arena memory;
};

/* Borrows from both runs. level: of the tests. */
void diff_make(struct diff *d, const struct run *a, const struct run *b, double level);
void diff_free(struct diff *d);

/* Puts write patterns in their order; the share of all writes or reads that a pattern has in a run.
 */
void patterns_sort(struct diff *d);
bool patterns_share(const struct diff *d, const struct pair *p, bool b, double *percent);

static inline bool pair_has(const struct pair *p, enum measure m)
{
	return (p->a.present && p->a.has[m]) || (p->b.present && p->b.has[m]);
}

#endif
