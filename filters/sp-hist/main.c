/* sp-hist: the distribution of durations or sizes of each group, as bars, rows or a map over time.
 *
 *     $ printf 'syscall\tdur_ns\nread\t900\nread\t950\nread\t70000\n' | sp-hist --buckets 1us,100us
 *     syscall	low_ns	high_ns	calls	calls_percent	below_percent
 *     read	0	1000	2	66.67	66.67
 *     read	1000	100000	1	33.33	100.00
 *     read	100000		0	0.00	100.00
 */
#include "agg_io.h"
#include "also.h"
#include "option_value.h"
#include "options.h"
#include "show.h"

static struct options options = {
    .top = UINT64_MAX, .bucket_list = "log2", .grouping = {.by = "syscall"}};

/* A table of ranges or slices is made of counts; everything else needs percentiles or modes. */
static bool needs_bins(void)
{
	enum table_format format = table_format_for(&output_stdout, options.format);
	if (options.partial)
		return !options.no_bins;
	return options.modes || options.hgrm || (format == TABLE_ALIGNED && !options.over_ns);
}

static void show(const struct agg *agg)
{
	enum table_format format = table_format_for(&output_stdout, options.format);
	if (options.partial)
		agg_write_partial(agg, &options.keys, &output_stdout);
	else if (options.hgrm)
		show_hgrm(&options, agg);
	else if (options.modes)
		show_modes(&options, agg);
	else if (options.over_ns && format == TABLE_ALIGNED)
		show_heat(&options, agg);
	else if (options.over_ns)
		show_heat_rows(&options, agg);
	else if (format == TABLE_ALIGNED)
		show_bars(&options, agg);
	else
		show_rows(&options, agg);
}

/* ---- command line ---- */

enum { KEY_OF = 256, KEY_BUCKETS, KEY_OVER, KEY_SLICES, KEY_MODES, KEY_HGRM, KEY_PARTIAL, KEY_NO_BINS, KEY_ALSO, KEY_ALSO_SUMS };

static const struct argp_option argp_options[] = {
    {"of", KEY_OF, "WHAT", 0, "What to show: durations (default) or bytes", 0},
    {"buckets", KEY_BUCKETS, "LIST", 0,
     "log2 (default), decades, linear:WIDTH, or bounds such as 10us,100us,1ms", 0},
    {"over", KEY_OVER, "TIME", 0, "A map of the values over time, by slices of this length", 0},
    {"slices", KEY_SLICES, "N", 0, "As --over, with at most N slices, whatever the trace's length", 0},
    {"modes", KEY_MODES, NULL, 0, "Only the modes of each distribution, as a table", 0},
    {"hgrm", KEY_HGRM, NULL, 0, "All values as percentiles, for HdrHistogram's plotters", 0},
    {"top", 'n', "N", 0, "Show only the N groups with the largest sums", 0},
    {"output", 'o', "FORM", 0,
     "table, tsv, csv, json or md (default: table on a terminal, else tsv)", 0},
    {"partial", KEY_PARTIAL, NULL, 0, "Write sums that can be merged by reading them again", 0},
    {"no-bins", KEY_NO_BINS, NULL, 0, "With --partial: the counts of --buckets, and no histograms", 0},
    {"also", KEY_ALSO, "FILE=LIST", 0, "With --partial: another one, --no-bins, by this LIST, in one go", 0},
    {"also-sums", KEY_ALSO_SUMS, "FILE=LIST", 0, "As --also, with counts and sums alone", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options.grouping;
		return 0;
	case KEY_OF:
		options.of_bytes = strcmp(arg, "bytes") == 0;
		if (!options.of_bytes && strcmp(arg, "durations") != 0)
			argp_error(state, "--of is durations or bytes, not %s", arg);
		return 0;
	case KEY_BUCKETS:
		options.bucket_list = arg;
		return 0;
	case KEY_OVER:
		options.over_ns = option_duration(state, "--over", arg);
		return 0;
	case KEY_SLICES:
		options.slices = option_number(state, "--slices", arg, 1, INT32_MAX);
		return 0;
	case KEY_MODES:
		options.modes = true;
		return 0;
	case KEY_HGRM:
		options.hgrm = true;
		return 0;
	case 'n':
		options.top = option_number(state, "--top", arg, 0, UINT64_MAX);
		return 0;
	case 'o':
		options.format = option_form(state, arg);
		return 0;
	case KEY_PARTIAL:
		options.partial = true;
		return 0;
	case KEY_NO_BINS:
		options.no_bins = true;
		return 0;
	case KEY_ALSO:
	case KEY_ALSO_SUMS:
		if (also_is_full())
			argp_error(state, "more than %d times --also", ALSO_MAX);
		if (!also_take(arg, key == KEY_ALSO_SUMS))
			argp_error(state, "--also: not FILE=LIST: %s", arg);
		return 0;
	case ARGP_KEY_END:
		if (!buckets_parse(&options.buckets, str_of(options.bucket_list), options.of_bytes))
			argp_error(
			    state,
			    "--buckets: not log2, decades, linear:WIDTH or ascending bounds: %s",
			    options.bucket_list);
		if (options.slices && options.over_ns)
			argp_error(state, "--slices and --over are two ways to say the same");
		options.over_ns = options.slices ? 1 : options.over_ns;
		if (options.over_ns && (options.modes || options.hgrm))
			argp_error(state, "--over goes with neither --modes nor --hgrm");
		if ((options.no_bins || also_readers()) && !options.partial)
			argp_error(state, "%s goes with --partial", also_readers() ? "--also" : "--no-bins");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &grouping_argp}, {0}};
static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .children = children,
    .doc = "The distribution of durations or sizes of each group.\v"
           "Reads events, and what --partial wrote, from standard input or the files.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse(&argp, argc, argv, NULL);
	struct tsv *t = tsv_open(options.paths);
	bool slices_elsewhere = also_open(&options, t);
	grouping_open(&options.grouping, &options.keys, NULL,
	              options.over_ns && !slices_elsewhere ? "slice_ns" : NULL, options.over_ns);
	if (options.slices)
		grouping_slices(&options.keys, (int64_t)options.slices);
	struct agg agg;
	enum agg_bins shown = options.of_bytes ? AGG_BINS_BYTES : AGG_BINS_DUR;
	agg_open(&agg, needs_bins() ? shown : 0);
	agg.buckets = &options.buckets;
	agg.bucketed = shown;
	struct agg_reader reader = {.t = t,
	                            .agg = &agg,
	                            .keys = &options.keys,
	                            .spans = options.partial,
	                            .also = also_readers()};
	agg_reader_open(&reader);
	agg_reader_run(&reader);
	if (options.slices)
		options.over_ns = options.keys.context.slice_ns;
	show(&agg);
	also_close();
	if (!options.partial && agg_is_unbinned(&agg, shown))
		diag(DIAG_WARNING, "what a summary alone tells has no distribution: left out");
	if (agg_is_untimed(&agg) && !options.of_bytes)
		diag(DIAG_UNTIMED, NULL);
	tsv_close(t);
	agg_close(&agg);
	grouping_close(&options.grouping, &options.keys);
	return options_finish();
}
