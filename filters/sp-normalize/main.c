/* sp-normalize: gives what differs from run to run (addresses, descriptors, process numbers, times,
 * temporary files) names that do not, and a fixed order, so that two runs can be compared.
 *
 *     $ printf 'tid\tsyscall\tret\targs\n41\tgetpid\t41\t()\n' | sp-normalize --text
 *     === 1
 *     getpid() = PID1
 */
#include "normalizer.h"
#include "option_value.h"
#include "options.h"
#include "rules.h"
#include "tsv.h"

struct options {
	char **paths;
	bool text, loops, no_rules;
	int64_t memory_bytes;
	struct buf keep; /* ids of rules, separated by commas */
};

static struct options options = {.memory_bytes = INT64_C(1) << 30};

static struct normalizer normalizer = {
    .kinds = RESOLVE_ADDRESSES | RESOLVE_DESCRIPTORS | RESOLVE_PIDS,
    .times = true,
};

static void write_event(struct normalizer *z, const struct row *r)
{
	const struct trace *t = &z->trace;
	for (size_t i = 0; i < t->columns; i++) {
		if (i)
			output_char(&output_stdout, '\t');
		output_str(&output_stdout, t->role[i] >= 0 ? z->out.of[t->role[i]] : z->in.all[i]);
	}
	if (t->task_column < 0) {
		output_char(&output_stdout, '\t');
		output_str(&output_stdout, t->task[r->task].label);
	}
	output_char(&output_stdout, '\n');
}

static void write_row(struct normalizer *z, const struct row *r)
{
	normalize_row(z, r);
	enum fold_answer answer = fold_row(z->fold, &z->out);
	if (answer == FOLD_OUT)
		return;
	if (answer == FOLD_BEGINS) {
		struct buf *note = &z->column[EVENT_NOTE];
		buf_add_str(note, note->n ? STR("; startup folded") : STR("startup folded"));
		z->out.of[EVENT_NOTE] = buf_str(note);
	}
	if (options.text)
		text_row(z->text, &z->out);
	else
		write_event(z, r);
}

/* ---- one trace ---- */

/* A task of a table that was normalised before: its label says who its parent is. */
static struct str inherited_command(struct normalizer *z, struct str label)
{
	const char *dot;
	while (label.n && (dot = memrchr(label.p, '.', label.n))) {
		label = str_between(label.p, dot);
		uint32_t parent = trace_task(&z->trace, &z->in, label);
		if (parent != NO_TASK && z->trace.task[parent].command.n)
			return z->trace.task[parent].command;
	}
	return STR("");
}

static void write_trace(struct normalizer *z)
{
	struct trace *t = &z->trace;
	trace_arrange(t);
	if (t->task_column < 0)
		resolve(t, normalizer.kinds);
	names_begin(z->names);
	for (size_t i = 0; i < t->tasks; i++) {
		const struct task *task = &t->task[t->order[i]];
		struct str label = task->label, command = task->command;
		if (task->first_row == NO_ROW)
			continue;
		fold_begin_task(z->fold);
		if (t->task_column >= 0) {
			trace_split(t, trace_row(t, &t->row[task->first_row]), &z->in);
			label = z->in.all[t->task_column];
			command = command.n ? command : inherited_command(z, label);
		}
		if (options.text)
			text_section(z->text, label, command);
		for (uint32_t r = task->first_row; r != NO_ROW; r = t->row[r].next)
			write_row(z, &t->row[r]);
	}
}

static void begin_trace(struct normalizer *z, struct tsv *table)
{
	trace_begin(&z->trace, table->header);
	if (options.text)
		return;
	output_str(&output_stdout, table->header);
	output_str(&output_stdout, z->trace.task_column < 0 ? STR("\ttask\n") : STR("\n"));
}

static void normalize(struct normalizer *z, char *const *paths)
{
	struct tsv *table = tsv_open(paths);
	int syscall = tsv_want(table, "syscall"), args = tsv_want(table, "args");
	enum tsv_what what;
	z->trace.limit = (size_t)options.memory_bytes;
	while ((what = tsv_next(table)) != TSV_END) {
		if (what == TSV_HEADER) {
			tsv_require(table, syscall);
			tsv_require(table, args);
			write_trace(z);
			begin_trace(z, table);
		} else if (!trace_add(&z->trace, table->row)) {
			diag_die(DIAG_USAGE,
			         "a trace must fit in memory to be put in order: %s:%llu needs more than "
			         "--memory %lld",
			         table->in->file, (unsigned long long)table->in->line,
			         (long long)options.memory_bytes);
		}
	}
	write_trace(z);
	trace_free(&z->trace);
	tsv_close(table);
}

/* ---- command line ---- */

enum {
	KEY_TEXT = 256,
	KEY_LOOPS,
	KEY_FOLD,
	KEY_RULE,
	KEY_RULES,
	KEY_NO_RULES,
	KEY_KEEP,
	KEY_MEMORY
};

static const struct argp_option argp_options[] = {
    {"text", KEY_TEXT, NULL, 0, "Lines like strace's, a section for each process and thread", 0},
    {"loops", KEY_LOOPS, NULL, 0, "The same with repeats folded: (lseek, write 4096 zeros) x 353",
     0},
    {"fold", KEY_FOLD, "LIST", 0, "Leave out startup (loader, locale) or scheduling (futex...)", 0},
    {"rule", KEY_RULE, "RULE", 0, "One more rule: s/pattern/replacement/", 0},
    {"rules", KEY_RULES, "FILE", 0, "More rules, before the standard ones", 0},
    {"no-rules", KEY_NO_RULES, NULL, 0, "Without the standard rules", 0},
    {"keep", KEY_KEEP, "LIST", 0,
     "Leave these as they are: addresses, descriptors, pids, times, or rules by their ids",
     0},
    {"memory", KEY_MEMORY, "SIZE", 0, "How much of a trace to hold (1GiB); more is an error", 0},
    {0},
};

static const struct {
	const char *name;
	unsigned kind;
} kinds[] = {
    {"addresses", RESOLVE_ADDRESSES}, {"descriptors", RESOLVE_DESCRIPTORS}, {"pids", RESOLVE_PIDS}};

static void keep(struct str list)
{
	struct str word;
	while (str_cut(&list, ',', &word)) {
		unsigned kind = 0;
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
			if (str_eq(word, str_of(kinds[i].name)))
				kind = kinds[i].kind;
		normalizer.kinds &= ~kind;
		if (str_eq(word, STR("times")))
			normalizer.times = false;
		else if (!kind)
			buf_printf(&options.keep, "%.*s,", (int)word.n, word.p);
	}
}

static void fold(struct argp_state *state, const char *list)
{
	struct str rest = str_of(list), word;
	while (str_cut(&rest, ',', &word))
		if (!fold_ask(normalizer.fold, word))
			argp_error(state, "--fold takes startup and scheduling, not %.*s",
			           (int)word.n, word.p);
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_LOOPS:
		options.loops = true;
		__attribute__((fallthrough));
	case KEY_TEXT:
		options.text = true;
		return 0;
	case KEY_FOLD:
		fold(state, arg);
		return 0;
	case KEY_RULE:
		names_add_substitution(normalizer.names, arg);
		return 0;
	case KEY_RULES:
		names_add_file(normalizer.names, arg);
		fold_add_file(normalizer.fold, arg);
		return 0;
	case KEY_NO_RULES:
		options.no_rules = true;
		return 0;
	case KEY_KEEP:
		keep(str_of(arg));
		return 0;
	case KEY_MEMORY:
		options.memory_bytes = option_size(state, "--memory", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .doc = "Give what differs from run to run stable names and a fixed order, to compare runs.\v"
           "Reads events from standard input when no file is given, and writes events, or text.",
};

static void add_standard_rules(struct normalizer *z)
{
	struct buf path = {0};
	if (!options.no_rules) {
		if (!rules_find("normalize.yaml", &path))
			diag_die(DIAG_RULES,
			         "normalize.yaml is not installed beside the program; --no-rules "
			         "works without");
		names_add_file(z->names, path.p);
		fold_add_file(z->fold, path.p);
	}
	buf_free(&path);
	struct str list = buf_str(&options.keep), id;
	while (list.n && str_cut(&list, ',', &id))
		if (id.n && !names_leave_out(z->names, id))
			diag_die(DIAG_USAGE,
			         "--keep: neither addresses, descriptors, pids, times nor the "
			         "id of a rule: %.*s",
			         (int)id.n, id.p);
}

int main(int argc, char **argv)
{
	struct normalizer *z = &normalizer;
	diag_program(argv[0]);
	z->names = names_new();
	z->fold = fold_new();
	options.paths = options_parse(&argp, argc, argv, NULL);
	add_standard_rules(z);
	z->text = text_new(options.loops);
	normalize(z, options.paths);
	text_close(z->text);
	fold_close(z->fold);
	names_close(z->names);
	for (int c = 0; c < EVENT_COLUMNS; c++)
		buf_free(&z->column[c]);
	buf_free(&options.keep);
	return options_finish();
}
