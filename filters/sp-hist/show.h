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
	bool of_bytes, partial, no_bins, modes, hgrm;
	int64_t over_ns; /* 0: no heat map; with `slices` known at the end */
	uint64_t slices; /* at most so many; 0: over_ns each */
	uint64_t top;
	enum table_format format;
};

/* The histogram of a group that the program is about. */
static inline const struct hist *show_hist(const struct options *o, const struct agg_group *g)
{
	return agg_hist(g, o->of_bytes ? AGG_BINS_BYTES : AGG_BINS_DUR);
}

/* The groups with known values, largest sum first, --top applied; n is how many. The caller frees it. */
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

/* The buckets to show, from `from` to before `to`: all of a list; else from the first to the last
 * in use, with the empty ones between them. Of whole microseconds, 0 stands for all that is shorter
 * than one: then the first bucket is "< 1 us". */
struct span {
	const struct buckets *buckets;
	const struct bucket_counts *counts;
	unsigned from, to;
	bool from_zero;
};
struct span span_of(const struct options *o, const struct agg_group *g);
uint64_t span_count(const struct span *s, const struct bucket_counts *c, unsigned bucket);
void span_name(const struct span *s, unsigned bucket, struct buf *b);    /* "10-50 us" */
size_t span_width(const struct span *s);                                 /* of the longest name */
void span_cells(const struct span *s, unsigned bucket, struct table *t); /* lower and upper bound */

/* Parts: a group's name for people; a number of calls; the columns of a bucket's bounds. */
void show_name(struct str key, int parts, struct buf *b);
void show_calls(uint64_t calls, struct buf *b); /* "1 call", "1,234 calls" */
void show_bound_columns(const struct options *o, struct table *t);

/* Columns of the terminal; 80 where there is none. */
size_t show_width(void);

#endif
