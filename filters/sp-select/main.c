/* sp-select: keeps the events that an expression, a set of system calls or a time window names.
 *
 *     $ printf 'dur_ns\tsyscall\n900\tread\n2500000\tfsync\n' | sp-select --where 'dur > 1ms'
 *     dur_ns	syscall
 *     2500000	fsync
 */
#include "event.h"
#include "number.h"
#include "option_value.h"
#include "options.h"
#include "output.h"
#include "select.h"
#include "sysset.h"

struct options {
	char **paths;
	struct sysset *calls;
	struct conditions conditions;
	struct buf pids, tids, comms;
	const char *from, *to;
	uint64_t slowest;	   /* 0: all */
	uint64_t sample, of;	   /* of 0: all */
	const char *sample_column; /* NULL: the whole row */
	bool invert;
};

static struct options options;

/* ---- rows in, rows out ---- */

/* Where the columns are that options need themselves. */
struct columns {
	int syscall, start, dur, sample;
};

typedef unsigned char block __attribute__((vector_size(16)));

static block control_bytes(block b)
{
	return (block)(((b < 0x20) & (b != '\t')) | (b == 0x7f));
}

/* A look at 16 bytes at a time: nearly all are. */
static bool is_plain(struct str line)
{
	block found = {0}, b;
	size_t i = 0;
	for (; i + sizeof b <= line.n; i += sizeof b) {
		memcpy(&b, line.p + i, sizeof b);
		found |= control_bytes(b);
	}
	memset(&b, ' ', sizeof b);
	memcpy(&b, line.p + i, line.n - i);
	found |= control_bytes(b);
	uint64_t halves[2];
	memcpy(halves, &found, sizeof halves);
	return !(halves[0] | halves[1]);
}

static void write_escaped(struct str line)
{
	struct buf text = {0};
	event_escape_row(&text, line);
	buf_add_char(&text, '\n');
	output_str(&output_stdout, buf_str(&text));
	buf_free(&text);
}

static void write_line(struct str line)
{
	if (!is_plain(line)) {
		write_escaped(line);
		return;
	}
	char *p = output_reserve(&output_stdout, line.n + 1);
	memcpy(p, line.p, line.n);
	p[line.n] = '\n';
	output_commit(&output_stdout, p + line.n + 1);
}

static int require(struct tsv *t, const char *column)
{
	int wanted = tsv_want(t, column);
	tsv_require(t, wanted);
	return wanted;
}

/* Returns whether conditions wait for the first start of the trace. */
static bool begin_trace(struct tsv *t, struct columns *c, struct slowest *slowest)
{
	if (options.calls)
		c->syscall = require(t, "syscall");
	if (options.slowest)
		c->dur = require(t, "dur_ns");
	if (options.sample_column)
		c->sample = require(t, options.sample_column);
	bool waiting = conditions_bind(&options.conditions, t);
	if (waiting)
		c->start = require(t, "start_ns");
	if (options.slowest)
		slowest_begin_trace(slowest, t->header);
	else
		write_line(t->header);
	return waiting;
}

static bool is_named(const struct tsv *t, const struct columns *c)
{
	return (!options.calls || sysset_has(options.calls, t->field[c->syscall])) &&
	       conditions_hold(&options.conditions, t->field);
}

/* A hash is evenly spread over 0 .. 2^64 - 1. */
static bool is_sampled(const struct tsv *t, const struct columns *c)
{
	uint64_t hash = str_hash(options.sample_column ? t->field[c->sample] : t->row);
	return (uint64_t)((__uint128_t)hash * options.of >> 64) < options.sample;
}

static void select_events(struct tsv *t)
{
	struct slowest slowest = {.most = options.slowest};
	struct columns columns = {0};
	bool waiting = false;
	enum tsv_what what;
	while ((what = tsv_next(t)) != TSV_END) {
		int64_t ns;
		if (what == TSV_HEADER) {
			waiting = begin_trace(t, &columns, &slowest);
			continue;
		}
		if (waiting && tsv_i64(t, columns.start, &ns)) {
			conditions_begin_trace(&options.conditions, ns);
			waiting = false;
		}
		if (is_named(t, &columns) == options.invert ||
		    (options.of && !is_sampled(t, &columns)))
			continue;
		if (!options.slowest)
			write_line(t->row);
		else if (tsv_i64(t, columns.dur, &ns))
			slowest_offer(&slowest, ns, t);
	}
	if (options.slowest)
		slowest_finish(&slowest, write_line);
}

/* ---- command line ---- */

enum { KEY_WHERE = 256, KEY_FROM, KEY_TO, KEY_PID, KEY_TID, KEY_COMM, KEY_SLOWEST, KEY_SAMPLE };

static const struct argp_option argp_options[] = {
    {"trace", 'e', "SET", 0, "System calls, in the syntax of strace -e trace=", 0},
    {"where", KEY_WHERE, "EXPR", 0, "A condition, like 'dur > 1ms and path =~ \"^/data\"'", 0},
    {"from", KEY_FROM, "TIME", 0, "Starting at this time or later: 12:34:56.5, +10s", 0},
    {"to", KEY_TO, "TIME", 0, "Starting before this time", 0},
    {"pid", KEY_PID, "LIST", 0, "Of these processes", 0},
    {"tid", KEY_TID, "LIST", 0, "Of these threads", 0},
    {"comm", KEY_COMM, "LIST", 0, "Of threads with these names", 0},
    {"failed", 'Z', NULL, 0, "Calls that failed", 0},
    {"invert-match", 'v', NULL, 0, "The events that all this does not name", 0},
    {"sample", KEY_SAMPLE, "K/N[:COLUMN]", 0, "Of these, K of N rows or values of a column", 0},
    {"slowest", KEY_SLOWEST, "N", 0, "Of these, the N that took longest", 0},
    {0},
};

static void set_calls(struct argp_state *state, const char *text)
{
	struct fault fault;
	if (options.calls)
		argp_error(state, "-e is given twice; sets are joined by a comma");
	options.calls = sysset_compile(str_of(text), &fault);
	if (!options.calls)
		fault_die(&fault, str_of(text), "-e");
}

static void set_sample(struct argp_state *state, const char *text)
{
	struct str s = str_of(text);
	bool ok = number_take_u64(&s, &options.sample) && str_starts(s, STR("/"));
	s = str_drop(s, 1);
	ok = ok && number_take_u64(&s, &options.of) && (s.n == 0 || (s.n > 1 && s.p[0] == ':'));
	if (!ok || options.sample == 0 || options.sample > options.of)
		argp_error(state, "--sample is like 1/100 or 1/100:tid, not %s", text);
	options.sample_column = s.n ? s.p + 1 : NULL;
}

static void add_to_list(struct buf *list, const char *more)
{
	if (list->n)
		list->p[list->n - 1] = ',';
	buf_add(list, more, strlen(more) + 1);
}

static void finish_conditions(void)
{
	struct conditions *c = &options.conditions;
	if (options.pids.n)
		conditions_add_numbers(c, "--pid", "pid", options.pids.p);
	if (options.tids.n)
		conditions_add_numbers(c, "--tid", "tid", options.tids.p);
	if (options.comms.n)
		conditions_add_names(c, "--comm", "comm", options.comms.p);
	conditions_add_window(c, options.from, options.to);
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'e':
		set_calls(state, arg);
		return 0;
	case KEY_WHERE:
		conditions_add(&options.conditions, "--where", arg);
		return 0;
	case KEY_FROM:
		options.from = arg;
		return 0;
	case KEY_TO:
		options.to = arg;
		return 0;
	case KEY_PID:
		add_to_list(&options.pids, arg);
		return 0;
	case KEY_TID:
		add_to_list(&options.tids, arg);
		return 0;
	case KEY_COMM:
		add_to_list(&options.comms, arg);
		return 0;
	case 'Z':
		conditions_add(&options.conditions, "--failed", "errno != \"\"");
		return 0;
	case 'v':
		options.invert = true;
		return 0;
	case KEY_SAMPLE:
		set_sample(state, arg);
		return 0;
	case KEY_SLOWEST:
		options.slowest = option_number(state, "--slowest", arg, 1, UINT64_MAX);
		return 0;
	case ARGP_KEY_END:
		finish_conditions();
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .doc = "Keep the events of a table that all given options name.\v"
	   "Reads standard input when no file is given. The manual describes sets and conditions.",
};

int main(int argc, char **argv)
{
	options.paths = options_parse(&argp, argc, argv, NULL);
	struct tsv *t = tsv_open(options.paths);
	input_when_idle(t->in, output_flush_stdout, NULL);
	select_events(t);
	tsv_close(t);
	conditions_close(&options.conditions);
	if (options.calls)
		sysset_report(options.calls, "-e");
	return options_finish();
}
