/* sp-parse: normalises the text of a tracer into the event table.
 *
 *     $ echo 'close(3) = -1 EBADF (Bad file descriptor) <0.000004>' | sp-parse -q --columns syscall,dur_ns,errno
 *     syscall	dur_ns	errno
 *     close	4000	EBADF
 */
#include "merge.h"
#include "number.h"
#include "options.h"
#include "parse_call.h"
#include "raw.h"
#include "scan.h"
#include "thread.h"

struct options {
	char **paths;
	const struct dialect *dialect; /* NULL: recognise */
	struct event_layout layout, with; /* `with` is added, wherever it was asked for */
	const char *rejects;
	struct buf host; /* escaped, as files are */
	bool extra; /* host, file or line is wanted */
	bool strict, quiet, json, lenient, merge, slow;
};

static const struct {
	const char *name;
	const struct dialect *dialect;
} dialects[] = {
#define DIALECT(id, name) {name, &dialect_##id},
#include "dialect.def"
#undef DIALECT
};
enum { DIALECTS = sizeof dialects / sizeof *dialects };

static struct options options;

/* ---- events out ---- */

/* The number of the line, of which mostly only the last digit is another one than before. */
static struct str line_digits(struct parse *parse)
{
	struct line_digits *d = &parse->line_digits;
	uint64_t last = parse->in->line - d->line;
	if (last > 9 || !d->n) {
		last = parse->in->line % 10;
		d->line = parse->in->line - last;
		d->n = (size_t)(number_put_u64(d->text, d->line) - d->text);
	}
	d->text[d->n - 1] = (char)('0' + last);
	return (struct str){d->text, d->n};
}

size_t parse_set_extra(struct parse *parse, struct event *e)
{
	e->text[EVENT_HOST] = buf_str(&options.host);
	e->text[EVENT_FILE] = buf_str(&parse->file_escaped);
	e->text[EVENT_LINE] = line_digits(parse);
	return options.host.n + parse->file_escaped.n + e->text[EVENT_LINE].n;
}

void parse_event(struct parse *parse, const struct event *e)
{
	struct accounts *a = &parse->accounts;
	a->events++;
	a->filled[EVENT_START] += event_has(e, EVENT_START);
	a->filled[EVENT_DUR] += event_has(e, EVENT_DUR);
	if (!parse->extra) {
		event_write(&output_stdout, parse->layout, e);
		return;
	}
	struct event full = *e;
	parse_set_extra(parse, &full);
	event_write(&output_stdout, parse->layout, &full);
}

void parse_write_asked(struct parse *parse, struct event *e, struct thread *th, size_t room)
{
	const struct event_layout *layout = parse->layout;
	bool has_ids = event_layout_has(layout, EVENT_PID) || event_layout_has(layout, EVENT_TID);
	if (has_ids) {
		e->text[EVENT_PID] = thread_digits(&th->pid_digits, th->pid);
		e->text[EVENT_TID] = thread_digits(&th->tid_digits, th->tid);
	}
	if (parse->extra)
		room += parse_set_extra(parse, e);
	event_write_call_asked(&output_stdout, layout, e, room);
}

void parse_table(struct parse *parse, struct str table)
{
	output_str(&output_stdout, table);
	event_write_header(&output_stdout, parse->layout);
}

/* ---- files in ---- */

const struct dialect *parse_recognise(const struct parse *parse, bool surely)
{
	for (int i = 0; i < DIALECTS; i++)
		if (dialects[i].dialect->recognise(parse->first))
			return dialects[i].dialect;
	return surely ? NULL : dialects[DIALECTS - 1].dialect;
}

const char *parse_dialect_name(const struct dialect *d)
{
	int i = 0;
	while (dialects[i].dialect != d)
		i++;
	return dialects[i].name;
}

int64_t parse_tid_of_name(const char *file)
{
	static const char *const packed[] = {".gz", ".zst", ".xz", ".bz2", ".lz4"};
	struct str name = str_of(file);
	for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
		if (str_ends(name, str_of(packed[i])))
			name.n -= strlen(packed[i]);
	const char *dot = memrchr(name.p, '.', name.n);
	uint64_t tid;
	if (!dot || !number_u64(str_drop(name, (size_t)(dot + 1 - name.p)), &tid) || tid == 0 ||
	    tid >= 1 << 22)
		return NO_TID;
	return (int64_t)tid;
}

void parse_set_file(struct parse *parse)
{
	parse->tid_of_file = parse_tid_of_name(parse->in->file);
	if (!options.extra)
		return;
	parse->file_escaped.n = 0;
	event_escape(&parse->file_escaped, str_of(parse->in->file));
}

/* The dialect at work, for input that blocks in the middle of it. */
static struct {
	const struct dialect *dialect;
	void *state;
} current;

static void show_what_is_held(void)
{
	if (current.dialect && current.dialect->idle)
		current.dialect->idle(current.state);
	output_flush_stdout();
}

/* Sets parse->log and parse->first; `space` becomes its home where that is needed. */
static void look_at_first(struct parse *parse, struct buf *space)
{
	struct str rest = input_peek(parse->in), line;
	parse->first = rest;
	parse->log = log_shape(rest);
	if (!parse->log)
		return;
	/* Scanners read beyond both ends, as in input.h. */
	space->n = 0;
	buf_slack(space, INPUT_SLACK);
	space->n = INPUT_SLACK;
	while (str_cut(&rest, '\n', &line)) {
		buf_add_str(space, log_strip(line, parse->log));
		buf_add_char(space, '\n');
	}
	buf_slack(space, INPUT_SLACK);
	parse->first = str_drop(buf_str(space), INPUT_SLACK);
}

static void parse_file(struct parse *parse)
{
	struct buf first = {0};
	const struct dialect *d = options.dialect;
	look_at_first(parse, &first);
	while (!d && !(d = parse_recognise(parse, true)) && !options.lenient && input_peek_more(parse->in))
		look_at_first(parse, &first);
	if (!d)
		d = parse_recognise(parse, false);
	parse_set_file(parse);
	current.state = d->open(parse);
	buf_free(&first);
	current.dialect = d;
	accounts_format(&parse->accounts, parse_dialect_name(d));
	struct str line;
	while (input_line(parse->in, &line)) {
		parse->accounts.lines++;
		d->line(current.state, __builtin_expect(parse->log != 0, 0) ? log_strip(line, parse->log) : line);
	}
	current.dialect = NULL;
	d->close(current.state);
	threads_clear(&parse->threads);
}

static void parse_files(struct parse *parse, char *const *paths)
{
	parse->in = input_open(paths);
	input_read_ahead(parse->in);
	input_when_idle(parse->in, output_flush_stdout, show_what_is_held);
	while (input_next_file(parse->in))
		parse_file(parse);
	input_close(parse->in);
}

/* ---- command line ---- */

enum { KEY_WITH = 256, KEY_REJECTS, KEY_STRICT, KEY_NO_THREADS, KEY_NO_AVX2, KEY_SUMMARY, KEY_HOST, KEY_LENIENT,
       KEY_MERGE, KEY_SLOW, KEY_ARCH };

static const struct argp_option argp_options[] = {
    {"format", 'f', "NAME", 0,
     "The dialect, instead of recognising it:"
#define DIALECT(id, name) " " name
#include "dialect.def"
#undef DIALECT
     , 0},
    {"columns", 'c', "LIST", 0, "Write only these columns, in this order", 0},
    {"with", KEY_WITH, "LIST", 0, "Add columns: file, line, host", 0},
    {"host", KEY_HOST, "NAME", 0, "What the host column says", 0},
    {"rejects", KEY_REJECTS, "FILE", 0, "Keep rejected lines as TSV", 0},
    {"strict", KEY_STRICT, NULL, 0, "Exit with 1 when a line was rejected", 0},
    {"no-threads", KEY_NO_THREADS, NULL, 0, "Read and write without threads beside the one that works", 0},
    {"merge", KEY_MERGE, NULL, 0, "The files (or folders of strace -ff files) are one trace", 0},
    {"arch", KEY_ARCH, "NAME", 0, "What call numbers mean: x86_64 (default), i386, aarch64...", 0},
    {"slow", KEY_SLOW, NULL, OPTION_HIDDEN, "No short cuts (for tests)", 0},
    {"no-avx2", KEY_NO_AVX2, NULL, OPTION_HIDDEN, "As on a processor without it (for tests)", 0},
    {"lenient", KEY_LENIENT, NULL, 0, "Find calls inside other text", 0},
    {"quiet", 'q', NULL, 0, "No account of lines, hints and progress on stderr", 0},
    {"summary", KEY_SUMMARY, "FORM", 0, "The account of lines as text (default) or json", 0},
    {0},
};

static const struct dialect *dialect_by_name(struct argp_state *state, const char *name)
{
	for (int i = 0; i < DIALECTS; i++)
		if (strcmp(dialects[i].name, name) == 0)
			return dialects[i].dialect;
	argp_error(state, "--format: not a dialect: %s", name);
	return NULL;
}

static struct event_layout layout_of(struct argp_state *state, const char *option, const char *list)
{
	struct event_layout layout;
	struct str bad;
	if (!event_layout_parse(str_of(list), &layout, &bad))
		argp_error(state, "%s: unknown or repeated column: %.*s", option, (int)bad.n, bad.p);
	return layout;
}

static void add_columns(struct event_layout *to, struct event_layout more)
{
	for (size_t i = 0; i < more.n; i++)
		event_layout_add(to, more.column[i]);
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'f':
		options.dialect = dialect_by_name(state, arg);
		return 0;
	case 'c':
		options.layout = layout_of(state, "--columns", arg);
		return 0;
	case KEY_WITH:
		add_columns(&options.with, layout_of(state, "--with", arg));
		return 0;
	case KEY_HOST:
		options.host.n = 0;
		event_escape(&options.host, str_of(arg));
		event_layout_add(&options.with, EVENT_HOST);
		return 0;
	case KEY_REJECTS:
		options.rejects = arg;
		return 0;
	case KEY_NO_THREADS:
		thread_never();
		return 0;
	case KEY_STRICT:
		options.strict = true;
		return 0;
	case KEY_ARCH:
		if (!raw_set_arch(arg))
			argp_error(state, "--arch: unknown architecture: %s", arg);
		return 0;
	case KEY_SLOW:
		options.slow = true;
		return 0;
	case KEY_NO_AVX2:
		scan_never_avx2 = true;
		return 0;
	case KEY_MERGE:
		options.merge = true;
		return 0;
	case KEY_LENIENT:
		options.lenient = true;
		return 0;
	case 'q':
		options.quiet = true;
		diag_progress_off();
		return 0;
	case KEY_SUMMARY:
		options.json = strcmp(arg, "json") == 0;
		if (!options.json && strcmp(arg, "text") != 0)
			argp_error(state, "--summary is text or json, not %s", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .doc = "Normalise the text of a system call tracer into a table of events (TSV).\v"
	   "Reads standard input when no file is given; .gz .zst .xz .bz2 .lz4 are read in place.",
};

int main(int argc, char **argv)
{
	options.layout = event_layout_standard();
	options.paths = options_parse(&argp, argc, argv, NULL);
	add_columns(&options.layout, options.with);
	if (options.paths && options.paths[0] && options.paths[1] && !options.merge)
		event_layout_add(&options.layout, EVENT_FILE);
	for (size_t i = 0; i < options.layout.n; i++)
		options.extra |= options.layout.column[i] >= EVENT_STANDARD_COLUMNS;

	bool places = event_layout_has(&options.layout, EVENT_FD) || event_layout_has(&options.layout, EVENT_OFFSET) ||
		      event_layout_has(&options.layout, EVENT_PATH);
	struct parse parse = {.lenient = options.lenient,
	                      .layout = &options.layout,
	                      .extra = options.extra,
	                      .slow = options.slow,
	                      .places = places};
	accounts_open(&parse.accounts, options.rejects);
	event_write_header(&output_stdout, &options.layout);
	if (options.merge && options.paths)
		merge_files(&parse, options.paths, options.dialect);
	else
		parse_files(&parse, options.paths);

	if (!options.quiet) {
		accounts_print(&parse.accounts, options.json);
		accounts_hint(&parse.accounts, &options.layout);
	}
	if (options.strict && parse.accounts.rejected)
		diag(DIAG_REJECTED, "%llu", (unsigned long long)parse.accounts.rejected);
	accounts_close(&parse.accounts);
	buf_free(&parse.file_escaped);
	buf_free(&options.host);
	return options_finish();
}
