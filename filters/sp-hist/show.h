/* show: what the parts of sp-hist share: the options, and the ways to show a distribution. */
#ifndef SP_HIST_SHOW_H
#define SP_HIST_SHOW_H

#include "agg.h"
#include "grouping.h"
#include "keys.h"
#include "table.h"

struct options {
	char **paths;
	struct grouping grouping;
	struct keys keys;
	struct buckets buckets;
	const char *bucket_list;
	bool of_bytes, partial, modes, hgrm;
	int64_t over_ns; /* 0: no heat map */
	uint64_t top;
	enum table_format format;
};

/* The histogram of a group that the program is about. */
static inline const struct hist *show_hist(const struct options *o, const struct agg_group *g)
{
	return o->of_bytes ? &g->bytes : &g->dur;
}

/* The groups with values, largest sum first, --top applied; n is how many. The caller frees it. */
struct agg_group **show_order(const struct options *o, const struct agg *agg, size_t *n);

/* Distributions as bars, or as rows of a table. */
void show_bars(const struct options *o, const struct agg *agg);
void show_rows(const struct options *o, const struct agg *agg);

/* Values against time: a text map of each group, or rows of a table. */
void show_heat(const struct options *o, const struct agg *agg);
void show_heat_rows(const struct options *o, const struct agg *agg);

/* The modes of each group as rows of a table. */
void show_modes(const struct options *o, const struct agg *agg);

/* All values as percentiles in HdrHistogram's text form. */
void show_hgrm(const struct options *o, const struct agg *agg);

/* Parts: a group's name for people; "10-50 us", "< 10 us", ">= 10 ms"; the value columns of a table. */
void show_name(struct str key, int parts, struct buf *b);
void show_range(const struct options *o, uint64_t low, bool has_high, uint64_t high, struct buf *b);
void show_bucket(const struct options *o, unsigned bucket, struct buf *b);
size_t show_bucket_width(const struct options *o, unsigned from, unsigned to); /* of the longest */
void show_keys(const struct options *o, struct table *t);
void show_key_cells(const struct options *o, struct table *t, struct str key);

/* The buckets to show, from `from` to before `to`: all of a list; else from the first to the last that
 * is in use, with the empty ones between them. */
void show_used(const struct options *o, const struct agg_group *g, unsigned *from, unsigned *to);

/* Columns of the terminal; 80 where there is none. */
size_t show_width(void);

#endif
