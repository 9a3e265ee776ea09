/* sp-io: how each file, socket or thread was read and written: pattern, sizes, ratio, latency.
 *
 *     $ printf 'syscall\tfd\tbytes\toffset\tpath\nread\t3\t9\t\t/a\npread64\t3\t9\t9\t/a\n' |
 *           sp-io -c calls,reads,read_bytes,mean_bytes
 *     path	calls	reads	read_bytes	mean_bytes
 *     /a	2	2	18	9
 */
#include "called.h"
#include "io.h"
#include "option_value.h"
#include "options.h"
#include "partial.h"

/* What --by fd stands for: one descriptor from its open to its close. */
#define INCARNATION "pid,fd,fdgen,path"

static const char by_default[] = "path";
static struct options options = {.small_bytes = 4096, .grouping = {.by = by_default}};

static const struct column_values measures = {MEASURES, measure_table, .all = true};

/* ---- the work ---- */

struct reader {
	struct tsv *t;
	struct called called;
	struct iocalls calls;
	struct group_columns columns;
	struct partial partial;
	struct keyed groups;
	bool is_partial, by_descriptor; /* rows of a group are about the same file */
};

static void open_reader(struct reader *r)
{
	static const struct group blank;
	keyed_open(&r->groups, &blank, sizeof blank);
	r->t = tsv_open(options.paths);
	iocalls_open(&r->calls, r->t, sizeof(struct opened_for_io));
	r->columns.start = tsv_want(r->t, "start_ns");
	r->columns.dur = tsv_want(r->t, "dur_ns");
	partial_want(&r->partial, r->t);
	keys_want(&options.keys, r->t);
	static const char *const of_descriptor[] = {"path", "dir",   "ext",   "mount",
	                                            "fd",   "fdgen", "fdtype"};
	for (size_t i = 0; i < sizeof of_descriptor / sizeof *of_descriptor; i++)
		r->by_descriptor |= keys_use(&options.keys, str_of(of_descriptor[i]));
	tsv_by_place(r->t);
}

/* Finds the group of the row at hand in two steps. */
struct search {
	void **recent;
	struct group *found;
	struct keyed_search keyed;
};

static void begin_search(struct reader *r, struct search *s)
{
	*s = (struct search){0};
	if (options.keys.as_they_stand) {
		s->recent = keyed_recent(&r->groups, keys_mark(&options.keys));
		s->found = *s->recent;
		if (s->found && keys_is_key(&options.keys, s->found->key))
			return;
		s->found = NULL;
	}
	keyed_begin(&r->groups, keys_read(&options.keys), &s->keyed);
}

static struct group *end_search(struct reader *r, struct search *s)
{
	if (s->found)
		return s->found;
	struct group *g = keyed_end(&r->groups, &s->keyed);
	if (s->recent)
		*s->recent = g;
	return g;
}

static void take_header(struct reader *r)
{
	iocalls_header(&r->calls);
	r->is_partial = partial_header(&r->partial);
	if (!r->is_partial) {
		tsv_require(r->t, r->calls.syscall);
		tsv_require(r->t, r->calls.fd);
		tsv_require(r->t, r->calls.bytes);
	}
	int fdgen = r->calls.fdgen;
	if (!tsv_has(r->t, fdgen) && keys_use(&options.keys, STR("fdgen")))
		diag_at(DIAG_COLUMN, input_place(r->t->in),
		        "fdgen: descriptors from open to close are told apart by sp-fdmap; run it before");
	keys_header(&options.keys);
}

/* The keys of the row are those of its first descriptor. */
static void take_other(struct reader *r, struct group *g, const struct iocall *other)
{
	if (other->role == IOCALL_NONE)
		return;
	if (r->by_descriptor)
		g = ((struct opened_for_io *)(void *)other->fd->extra)->last;
	if (g)
		group_add_other(g, other);
}

static void take_row(struct reader *r)
{
	if (r->is_partial) {
		struct group g = {0};
		if (partial_row(&r->partial, &g))
			group_merge(keyed_at(&r->groups, keys_read(&options.keys)), &g);
		group_free(&g);
		return;
	}
	struct iocall call;
	struct search search;
	bool early = tsv_at(r->t, r->calls.fd).n > 0;
	if (early)
		begin_search(r, &search);
	iocalls_row(&r->calls, called_at(&r->called, r->t, r->calls.syscall), &call);
	if (call.role == IOCALL_NONE)
		return;
	if (!early)
		begin_search(r, &search);
	struct group *g = end_search(r, &search);
	group_add(g, &r->calls, &r->columns, &call);
	take_other(r, g, &r->calls.other);
}

static void run(struct reader *r)
{
	enum tsv_what what;
	while ((what = tsv_next(r->t)) != TSV_END) {
		if (what == TSV_HEADER)
			take_header(r);
		else
			take_row(r);
	}
}

/* There are calls, and none of them has a duration. */
static bool is_untimed(const struct keyed *groups)
{
	const struct group *g;
	bool calls = false, timed = false;
	for (size_t at = 0; !timed && (g = keyed_next(groups, &at)); at++) {
		calls |= g->calls > 0;
		timed |= g->timed > 0;
	}
	return calls && !timed;
}

/* Groups stay: there may be a million of them, all over memory, and the program ends. */
static void close_reader(struct reader *r)
{
	iocalls_close(&r->calls);
	tsv_close(r->t);
}

/* ---- command line ---- */

enum { KEY_SMALL = 256, KEY_SIZES, KEY_TABLES, KEY_PARTIAL };

static const struct argp_option argp_options[] = {
    {"small", KEY_SMALL, "SIZE", 0, "A request is small below this size (default: 4KiB)", 0},
    {"sizes", KEY_SIZES, NULL, 0, "Instead: how many reads and writes had which size", 0},
    {"tables", KEY_TABLES, "FOLDER", 0, "Instead: files.tsv, sockets.tsv and pipes.tsv in it, of what has a name", 0},
    {"partial", KEY_PARTIAL, NULL, 0, "Write sums that can be merged by reading them again", 0},
    {0},
};

static void take_tables(struct argp_state *state)
{
	if (options.grouping.by != by_default)
		argp_error(state, "--tables are by path and fdtype");
	if (options.sizes || options.partial)
		argp_error(state, "--tables and %s are two things", options.sizes ? "--sizes" : "--partial");
	if (options.columns.format != TABLE_AUTO && options.columns.format != TABLE_TSV)
		argp_error(state, "--tables are tsv");
	if (options.columns.total)
		argp_error(state, "--tables have no total");
	options.columns.format = TABLE_TSV;
	options.grouping.by = "path,fdtype";
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options.grouping;
		state->child_inputs[1] = &options.columns;
		return 0;
	case KEY_SMALL:
		options.small_bytes = option_size(state, "--small", arg);
		return 0;
	case KEY_SIZES:
		options.sizes = true;
		return 0;
	case KEY_TABLES:
		options.tables = arg;
		return 0;
	case KEY_PARTIAL:
		options.partial = true;
		return 0;
	case ARGP_KEY_END:
		if (options.sizes && options.columns.list)
			argp_error(state, "--sizes has columns of its own");
		if (options.tables)
			take_tables(state);
		if (strcmp(options.grouping.by, "fd") == 0)
			options.grouping.by = INCARNATION;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &grouping_argp}, {.argp = &columns_argp}, {0}};
static const struct argp argp = {
    .children = children,
    .options = argp_options,
    .parser = take_option,
    .doc = "How each file, socket or thread was read and written: pattern, sizes, ratio, latency.\v"
           "Reads events, best from sp-fdmap, and what --partial wrote, from standard input or the "
           "files. --by fd is one row for each descriptor from its open to its close.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse(&argp, argc, argv, NULL);
	grouping_open(&options.grouping, &options.keys, NULL, NULL, 0);
	columns_open(&options.columns, &options.keys, &measures);
	if (options.tables)
		tables_open(options.tables);
	static struct reader reader;
	open_reader(&reader);
	run(&reader);
	if (options.partial)
		partial_write(&reader.groups, &options.keys, &output_stdout);
	else if (options.tables)
		show_tables(&options, &reader.groups);
	else if (options.sizes)
		show_sizes(&options, &reader.groups);
	else
		show_groups(&options, &reader.groups);
	if (is_untimed(&reader.groups))
		diag(DIAG_UNTIMED, NULL);
	close_reader(&reader);
	grouping_close(&options.grouping, &options.keys);
	return options_finish();
}
