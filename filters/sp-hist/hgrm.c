#include <math.h>
#include <stdlib.h>

#include "show.h"

enum { TICKS = 5 }; /* lines per half of what is left, HdrHistogram's default */

/* Microseconds with three decimals: plotters want small numbers, and no nanosecond is lost. */
static double shown(const struct options *o, double value)
{
	return o->of_bytes ? value : value / 1000;
}

static void put_line(const struct options *o, uint64_t value, double share, uint64_t below)
{
	output_printf(&output_stdout, "%12.3f %2.12f %10llu", shown(o, (double)value), share,
	              (unsigned long long)below);
	if (share < 1)
		output_printf(&output_stdout, " %14.2f\n", 1 / (1 - share));
	else
		output_char(&output_stdout, '\n');
}

/* A line each time the share of values so far passes the next tick: five to the median, five from
 * there to 75 %, five to 87.5 % and so on. */
static void put_percentiles(const struct options *o, const struct hist *h)
{
	uint64_t below = 0, count;
	const double last_tick = 1 - 0x1p-48; /* next to 1, doubles are too far from each other for finer ones */
	double tick = 0;
	for (unsigned bin = 0; hist_next(h, &bin, &count); bin++) {
		below += count;
		uint64_t value = hist_bin_low(bin) + hist_bin_width(bin) - 1;
		value = value > h->max ? h->max : value;
		while (below < h->count && tick < last_tick && (double)below / (double)h->count >= tick) {
			put_line(o, value, tick, below);
			tick += 1 / (TICKS * pow(2, floor(log2(1 / (1 - tick))) + 1));
		}
	}
	if (h->count)
		put_line(o, h->max, 1, h->count);
}

void show_hgrm(const struct options *o, const struct agg *agg)
{
	struct agg_group total = agg_group_empty();
	struct agg_group **groups = agg_sorted(agg);
	for (size_t i = 0; i < agg->groups.records; i++)
		if (hist_is_binned(show_hist(o, groups[i])))
			agg_merge(&total, groups[i]);
	const struct hist *h = show_hist(o, &total);
	output_printf(&output_stdout, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
	              "TotalCount", "1/(1-Percentile)");
	put_percentiles(o, h);
	output_printf(&output_stdout,
	              "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n"
	              "#[Max     = %12.3f, Total count    = %12llu]\n"
	              "#[Buckets = %12d, SubBuckets     = %12d]\n",
	              shown(o, (double)hist_mean(h)), shown(o, (double)hist_stddev(h)),
	              shown(o, (double)(h->count ? h->max : 0)), (unsigned long long)h->count,
	              HIST_OCTAVES, HIST_SUB);
	agg_group_free(&total);
	free(groups);
}
