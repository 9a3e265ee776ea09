/* sp-stats: counts, errors, bytes, time and percentiles of the calls of each group.
 *
 *     $ printf 'syscall\tdur_ns\terrno\nread\t10\t\nread\t30\tEIO\n' | sp-stats --columns calls,errors,mean
 *     syscall	calls	errors	mean_ns
 *     read	2	1	20
 */
#include <unistd.h>

#include "agg_io.h"
#include "grouping.h"
#include "option_value.h"
#include "options.h"
#include "stats.h"

static struct options options = {.grouping = {.by = "syscall"}};

/* ---- columns ---- */

static const struct column_values stats = {STAT_COUNT, stat_table, .all = false};

/* Whether one of these is shown or sorted by. */
static bool asks_for(bool (*is_one)(enum stat stat))
{
	const struct columns *c = &options.columns;
	for (int i = 0; i < c->n; i++)
		if (c->column[i].key < 0 && is_one((enum stat)c->column[i].value))
			return true;
	for (int i = 0; i < c->sorts; i++)
		if (c->sort[i].key < 0 && is_one((enum stat)c->sort[i].value))
			return true;
	return false;
}

static bool is_of_span(enum stat stat)
{
	return stat == STAT_WALL || stat == STAT_WALL_PERCENT || stat == STAT_CALLS_PER_S ||
	       stat == STAT_FIRST || stat == STAT_LAST;
}

static bool is_percentile(enum stat stat)
{
	return stat >= STAT_P50 && stat <= STAT_P999;
}

/* Bins are for percentiles; without them a group takes a tenth of the memory. By system call they cost
 * nothing. */
static enum agg_bins needed_bins(void)
{
	bool by_syscall = strcmp(options.grouping.by, "syscall") == 0;
	return options.partial || by_syscall || asks_for(is_percentile) ? AGG_BINS_DUR : 0;
}

/* ---- the work ---- */

/* Each slice is shown when the first call of a later one returns. What is reported after that comes
 * as a further table of its slice. */
static void run_live(struct agg_reader *r, struct table *t)
{
	enum tsv_what what;
	int64_t current = INT64_MIN, slice;
	enum table_format format = table_format_for(&output_stdout, options.columns.format);
	if (format == TABLE_TSV || format == TABLE_CSV)
		table_flush(t); /* the header, so that the next program knows what comes */
	output_flush_stdout();
	while ((what = tsv_next(r->t)) != TSV_END) {
		bool over = what == TSV_HEADER;
		if (what == TSV_ROW && keys_slice(r->keys, 0, &slice) && slice > current) {
			over = current != INT64_MIN;
			current = slice;
		}
		if (over) {
			agg_reader_flush(r);
			show_groups(t, &options, r->agg);
			agg_clear(r->agg);
			output_flush_stdout();
		}
		if (what == TSV_ROW) {
			agg_reader_row(r);
			continue;
		}
		current = INT64_MIN;
		agg_reader_header(r);
	}
	agg_reader_flush(r);
	show_groups(t, &options, r->agg);
	table_finish(t);
}

/* People need no columns that are empty throughout; programs get the same ones always. */
static void drop_times(void)
{
	int kept = 0;
	for (int i = 0; i < options.columns.n; i++) {
		const struct column *c = &options.columns.column[i];
		if (c->key >= 0 ||
		    (stat_table[c->value].type != TABLE_NS && c->value != STAT_TIME_PERCENT))
			options.columns.column[kept++] = *c;
	}
	options.columns.n = kept;
}

static void run(struct agg_reader *r)
{
	enum table_format format = table_format_for(&output_stdout, options.columns.format);
	agg_reader_run(r);
	if (options.slices)
		options.every_ns = r->keys->context.slice_ns;
	if (agg_is_untimed(r->agg) && !options.columns.list &&
	    (format == TABLE_ALIGNED || format == TABLE_MD))
		drop_times();
	if (options.partial) {
		agg_write_partial(r->agg, r->keys, &output_stdout);
	} else if (options.ratio) {
		show_ratio(&options, r->agg, &output_stdout);
	} else {
		struct table *t = columns_table(&options.columns, &output_stdout);
		show_groups(t, &options, r->agg);
		table_finish(t);
	}
}

/* ---- command line ---- */

enum { KEY_EVERY = 256, KEY_SLICES, KEY_LIVE, KEY_RATIO, KEY_PARTIAL, KEY_UNFINISHED };

static const struct argp_option argp_options[] = {
    {"every", KEY_EVERY, "TIME", 0, "A table for each slice of time, such as 1s", 0},
    {"slices", KEY_SLICES, "N", 0, "As --every, with at most N slices, whatever the trace's length", 0},
    {"live", KEY_LIVE, NULL, 0, "With --every: show each slice as soon as it is over", 0},
    {"ratio", KEY_RATIO, "LIST", 0,
     "Only the ratio of the calls of these groups, such as read,write", 0},
    {"unfinished", KEY_UNFINISHED, NULL, 0, "Count calls that never returned, too", 0},
    {"partial", KEY_PARTIAL, NULL, 0, "Write sums that can be merged by reading them again", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options.grouping;
		state->child_inputs[1] = &options.columns;
		return 0;
	case KEY_EVERY:
		options.every_ns = option_duration(state, "--every", arg);
		return 0;
	case KEY_SLICES:
		options.slices = option_number(state, "--slices", arg, 1, INT32_MAX);
		return 0;
	case KEY_LIVE:
		options.live = true;
		return 0;
	case KEY_RATIO:
		options.ratio = arg;
		return 0;
	case KEY_UNFINISHED:
		options.unfinished = true;
		return 0;
	case KEY_PARTIAL:
		options.partial = true;
		return 0;
	case ARGP_KEY_END:
		if (options.slices && (options.every_ns || options.live))
			argp_error(state, "--slices goes with neither --every nor --live");
		options.every_ns = options.slices ? 1 : options.every_ns;
		if (options.live && (!options.every_ns || options.partial || options.ratio))
			argp_error(state,
			           "--live goes with --every, not with --partial or --ratio");
		if (options.ratio && (options.every_ns || strchr(options.grouping.by, ',')))
			argp_error(state, "--ratio goes with one key");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &grouping_argp}, {.argp = &columns_argp}, {0}};
static const struct argp argp = {
    .children = children,
    .options = argp_options,
    .parser = take_option,
    .doc = "Counts, errors, bytes, time and percentiles of the calls of each group.\v"
           "Reads events, and what --partial wrote, from standard input or the files.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse(&argp, argc, argv, NULL);
	grouping_open(&options.grouping, &options.keys, options.every_ns ? "slice_ns" : NULL, NULL,
	              options.every_ns);
	if (options.slices)
		grouping_slices(&options.keys, (int64_t)options.slices);
	columns_open(&options.columns, &options.keys, &stats);

	struct agg agg;
	agg_open(&agg, needed_bins());
	struct agg_reader reader = {.t = tsv_open(options.paths),
	                            .agg = &agg,
	                            .keys = &options.keys,
	                            .unfinished = options.unfinished,
	                            .spans = options.partial || asks_for(is_of_span)};
	agg_reader_open(&reader);
	input_when_idle(reader.t->in, output_flush_stdout, NULL);
	if (options.live || (options.every_ns && !options.slices && !options.partial && isatty(STDOUT_FILENO)))
		run_live(&reader, columns_table(&options.columns, &output_stdout));
	else
		run(&reader);
	if (agg_is_untimed(&agg))
		diag(DIAG_UNTIMED, NULL);
	tsv_close(reader.t);
	agg_close(&agg);
	grouping_close(&options.grouping, &options.keys);
	return options_finish();
}
