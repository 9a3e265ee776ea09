/* sp-fdmap: follows descriptors and processes: which file, socket or pipe every call touched.
 *
 *     $ printf 'openat(AT_FDCWD, "/etc/passwd", 0) = 3\nread(3, "", 4096) = 0\n' | sp-parse -q --columns syscall,ret,fd,path,args | sp-fdmap | cut -f 1,4,6,7
 *     syscall	path	fdtype	fdgen
 *     openat	/etc/passwd	file	1
 *     read	/etc/passwd	file	1
 */
#include "before.h"
#include "counts.h"
#include "hold.h"
#include "number.h"
#include "option_value.h"
#include "options.h"
#include "snapshot.h"
#include "thread.h"
#include "tree.h"

static struct options {
	char **paths;
	const char *before; /* --proc */
	const char *counts; /* the table of --counts */
	const char *tree;   /* the table of --tree */
	bool leaks;
	bool open_at, relative; /* --open-at; since the first event */
	int64_t at_ns;
	enum table_format format;
	bool formed; /* it was asked for */
	uint64_t top;
} options;

static struct fdmap map;

/* The trace at hand. */
static struct {
	bool timed, answered; /* --open-at has been */
	int64_t start_ns;
} trace;

static struct snapshot snapshot;

/* ---- rows out ---- */

static void write_nothing(const struct row *row, const struct shown *shown)
{
	(void)row;
	(void)shown;
}

/* ---- rows in ---- */

static void answer_open_at(struct hold *hold)
{
	hold_flush(hold);
	if (options.open_at && !trace.answered && map.tasks.n_scopes)
		snapshot_take(&snapshot, &map.tasks);
	trace.answered = true;
}

/* Times are looked at for the tables only. */
static void look_at_time(struct hold *hold, const struct row *row)
{
	int64_t from;
	if (!row_number(row, COLUMN_START, &from))
		return;
	int64_t until = row_until(row, from);
	if (!trace.timed)
		trace.start_ns = from;
	trace.timed = true;
	if (map.openers)
		openers_time(map.openers, until);
	__int128 since = options.relative ? trace.start_ns : 0;
	if (options.open_at && !trace.answered && until - since > options.at_ns)
		answer_open_at(hold);
}

static void begin_trace(struct tsv *t, struct hold *hold, bool table)
{
	answer_open_at(hold);
	fdmap_reset(&map);
	trace.timed = trace.answered = false;
	row_require(t);
	if (!table)
		row_write_header(t);
}

/* A copy of t->row would be read as one word, and so have to wait until both halves have been stored. */
static inline struct str text_of(const struct tsv *t)
{
	return t->told ? (struct str){t->row.p, t->told[t->in->columns - 1] - 1u} : t->row;
}

static void follow(struct tsv *t, struct hold *hold, bool table)
{
	enum tsv_what what;
	uint32_t has = 0;
	while ((what = tsv_next(t)) != TSV_END) {
		if (what == TSV_HEADER) {
			begin_trace(t, hold, table);
			has = row_columns(t);
			if (map.counts)
				counts_begin(map.counts, has);
			if (map.tree)
				tree_begin(map.tree, has);
			continue;
		}
		struct row row = {.text = text_of(t), .place = t->place, .told = t->told, .columns = t->in->columns,
				  .has = has};
		if (table)
			look_at_time(hold, &row);
		if (!trace.answered)
			hold_row(hold, &row);
	}
	answer_open_at(hold);
}

static void report(void)
{
	if (map.strangers)
		diag(DIAG_NOTE, "processes whose clone() the trace does not show: %llu; what they "
		     "inherited is called ?FD@PID", (unsigned long long)map.strangers);
	if (map.unsent)
		diag(DIAG_NOTE, "messages with descriptors that no row shows being sent: %llu",
		     (unsigned long long)map.unsent);
	if (map.tasks.scope_forgotten)
		diag(DIAG_WARNING, "more than 64 files at a time: the oldest were forgotten");
}

/* ---- command line ---- */

enum { KEY_PROC = 256, KEY_CWD, KEY_LEAKS, KEY_OPEN_AT, KEY_COUNTS, KEY_TREE, KEY_NO_THREADS };

static const struct argp_option argp_options[] = {
    {"proc", KEY_PROC, "FILE", 0, "What was open before the trace: a saved ls -l /proc/PID/fd", 0},
    {"cwd", KEY_CWD, "DIR", 0, "Where the first process was started", 0},
    {"leaks", KEY_LEAKS, NULL, 0, "Print what was opened and never closed, instead of events", 0},
    {"open-at", KEY_OPEN_AT, "TIME", 0,
     "Print what was open then, instead of events: as in start_ns, or +DURATION, or end", 0},
    {"counts", KEY_COUNTS, "FILE", 0, "Write there how many each process has open, over time", 0},
    {"tree", KEY_TREE, "FILE", 0, "Write there which process started which", 0},
    {"output", 'o', "FORM", 0, "The table of --leaks or --open-at as table, tsv, csv, json or md", 0},
    {"top", 'n', "N", 0, "Only the N worst of --leaks", 0},
    {"no-threads", KEY_NO_THREADS, NULL, 0, "Read and write without threads beside the one that works", 0},
    {0},
};

static void take_time(struct argp_state *state, const char *arg)
{
	options.open_at = true;
	options.relative = arg[0] == '+';
	options.at_ns = INT64_MAX;
	if (strcmp(arg, "end") == 0)
		return;
	struct str rest = str_of(arg);
	bool good = options.relative ? number_duration(str_of(arg + 1), &options.at_ns)
		    : str_chr(rest, '.') ? number_take_seconds(&rest, &options.at_ns) && rest.n == 0
					 : number_i64(rest, &options.at_ns);
	if (!good)
		argp_error(state, "--open-at: not a time: %s", arg);
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_PROC:
		options.before = arg;
		return 0;
	case KEY_CWD:
		map.tasks.cwd = arg;
		return 0;
	case KEY_LEAKS:
		options.leaks = true;
		return 0;
	case KEY_OPEN_AT:
		take_time(state, arg);
		return 0;
	case KEY_COUNTS:
		options.counts = arg;
		return 0;
	case KEY_TREE:
		options.tree = arg;
		return 0;
	case KEY_NO_THREADS:
		thread_never();
		return 0;
	case 'o':
		options.formed = true;
		options.format = option_form(state, arg);
		return 0;
	case 'n':
		options.top = option_number(state, "--top", arg, 0, UINT64_MAX);
		return 0;
	case ARGP_KEY_END:
		if (options.leaks && options.open_at)
			argp_error(state, "--leaks and --open-at are two questions");
		if (options.formed && !options.leaks && !options.open_at)
			argp_error(state, "--output is the form of --leaks and --open-at; events are TSV");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .doc = "Follow descriptors and processes: which file, socket or pipe every call touched.\v"
	   "Reads the event table of sp-parse from standard input when no file is given. Fills the "
	   "path column and appends fdtype and fdgen.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse(&argp, argc, argv, NULL);
	bool table = options.leaks || options.open_at;
	struct before *before = options.before ? before_read(options.before) : NULL;
	map.tasks.before = before;
	map.openers = options.leaks ? openers_new() : NULL;
	map.counts = options.counts ? counts_new(options.counts) : NULL;
	map.tree = options.tree ? tree_new(options.tree) : NULL;
	map.timed = table;
	map.emit = table ? write_nothing : row_writer();
	fdmap_init(&map);

	struct tsv *t = tsv_open(options.paths);
	row_want(t, options.leaks);
	input_read_ahead(t->in);
	input_when_idle(t->in, output_flush_stdout, NULL);
	struct hold *hold = hold_new(&map);
	follow(t, hold, table);
	fdmap_reset(&map);
	if (options.leaks)
		openers_print(map.openers, &output_stdout, options.format, options.top);
	if (options.open_at)
		snapshot_print(&snapshot, &output_stdout, options.format);
	report();

	counts_close(map.counts);
	tree_close(map.tree);
	openers_free(map.openers);
	hold_free(hold);
	fdmap_free(&map);
	before_free(before);
	tsv_close(t);
	return options_finish();
}
