/* sp-diff: what changed between two runs: calls, errors, bytes, time and latency of each group,
 * whether the change is more than chance, and whether it passes a gate.
 *
 *     $ printf 'syscall\tcalls\nread\t112\n' | sp-diff --show calls <(printf 'syscall\tcalls\nread\t100\n')
 *     syscall	status	a_calls	b_calls	calls_diff	calls_percent
 *     read		100	112	12	12.00
 */
#include <stdlib.h>

#include "gates.h"
#include "option_value.h"
#include "options.h"
#include "show.h"
#include "similarity.h"

enum { GATES_MOST = 64 };

struct options {
	const char *path[2];
	struct grouping grouping;
	struct show show;
	struct gate gate[GATES_MOST];
	size_t gates;
	double level;
	bool patterns, similarity, tap, default_gates;
};

static struct options options = {
    .level = 0.01,
    .show = {.label = {{"a", 1}, {"b", 1}}, .top = UINT64_MAX, .sort = -1},
};

/* ---- the work ---- */

static void check_gates(const struct diff *d)
{
	for (size_t i = 0; i < options.gates; i++) {
		struct gate *g = &options.gate[i];
		gate_check(g, d);
		if (g->failed)
			diag(DIAG_GATE, "%.*s: %.*s", (int)g->text.n, g->text.p, (int)g->why.n,
			     g->why.p);
		if (!g->found)
			diag(DIAG_WARNING, "%.*s: neither run has the group %.*s; groups are what the keys say, separated by commas",
			     (int)g->text.n, g->text.p, (int)g->subject.n, g->subject.p);
		if (g->aside.n)
			diag(DIAG_NOTE, "%.*s: %s: %.*s", (int)g->text.n, g->text.p,
			     gate_doubt(g), (int)g->aside.n, g->aside.p);
		if (g->unchecked.n)
			diag(DIAG_NOTE, "%.*s: not checked: %.*s", (int)g->text.n, g->text.p,
			     (int)g->unchecked.n, g->unchecked.p);
	}
}

/* The groups of a finished table are what they are. */
static void check_by(const struct run *r, const char *by)
{
	struct str rest = r->key_names, asked = str_of(strcmp(by, "all") == 0 ? "" : by), x, y;
	bool same = true, more;
	do {
		more = str_cut(&rest, '\t', &x);
		same = same && more == str_cut(&asked, ',', &y) && (!more || str_eq(x, str_trim(y)));
	} while (more && same);
	if (!same)
		diag_die(DIAG_USAGE,
		         "--by %s: %s is a finished table; events and what sp-stats --partial "
		         "wrote can be grouped anew",
		         by, r->path);
}

/* --by, or what the first run was grouped by. */
static void read_runs(struct run *a, struct run *b)
{
	if (options.patterns) {
		run_read_patterns(a, options.path[0]);
		run_read_patterns(b, options.path[1]);
		return;
	}
	struct buf by = {0};
	run_read(a, &options.grouping, options.path[0]);
	if (options.grouping.by && a->finished)
		check_by(a, options.grouping.by);
	if (!options.grouping.by && a->rows) {
		for (size_t i = 0; i < a->key_names.n; i++)
			buf_add_char(&by, a->key_names.p[i] == '\t' ? ',' : a->key_names.p[i]);
		buf_add_char(&by, '\0');
		options.grouping.by = by.n > 1 ? by.p : "all";
	}
	run_read(b, &options.grouping, options.path[1]);
	if (a->rows && b->rows && !str_eq(a->key_names, b->key_names))
		diag_die(DIAG_USAGE, "the runs are not grouped alike: %.*s and %.*s",
		         (int)a->key_names.n, a->key_names.p, (int)b->key_names.n, b->key_names.p);
	buf_free(&by);
}

static void compare(void)
{
	struct run a = {0}, b = {.last = true};
	struct diff d = {.patterns = options.patterns};
	read_runs(&a, &b);
	diff_make(&d, &a, &b, options.level);
	check_gates(&d);
	if (options.tap)
		show_tap(options.gate, options.gates, &output_stdout);
	else
		show_diff(&options.show, &d, &output_stdout);
	for (size_t i = 0; i < options.gates; i++)
		gate_free(&options.gate[i]);
	diff_free(&d);
	run_free(&a);
	run_free(&b);
}

/* ---- command line ---- */

enum {
	KEY_FAIL_IF = 256,
	KEY_GATE,
	KEY_LEVEL,
	KEY_LABELS,
	KEY_SHOW,
	KEY_PATTERNS,
	KEY_SIMILARITY,
	KEY_TOTAL
};

static const struct argp_option argp_options[] = {
    {"fail-if", KEY_FAIL_IF, "GATE", 0,
     "Exit with 1 if so: 'calls > +10%', 'p99 > +20%', new-errors", 0},
    {"gate", KEY_GATE, NULL, 0, "The gates for CI: these three", 0},
    {"level", KEY_LEVEL, "P", 0, "Significance level for all groups together (0.01)", 0},
    {"labels", KEY_LABELS, "A,B", 0, "What the two runs are called", 0},
    {"show", KEY_SHOW, "LIST", 0, "Of calls, errors, bytes, time, p50, p99", 0},
    {"sort", 's', "NAME", 0, "By the change of calls, time...; or key", 0},
    {"top", 'n', "N", 0, "Show only the first N rows", 0},
    {"total", KEY_TOTAL, NULL, 0, "The total row in tsv, csv and json too", 0},
    {"patterns", KEY_PATTERNS, NULL, 0, "Compare how events write: zeros or data, small or large",
     0},
    {"similarity", KEY_SIMILARITY, NULL, 0, "How alike two normalised texts are, 0 to 1", 0},
    {"output", 'o', "FORM", 0, "table, tsv, csv, json, md, or tap for the gates", 0},
    {0},
};

static void add_gate(struct argp_state *state, const char *text)
{
	if (options.gates == GATES_MOST)
		argp_error(state, "more than %d gates", GATES_MOST);
	const char *wrong = gate_parse(&options.gate[options.gates++], text);
	if (wrong)
		argp_error(state, "--fail-if '%s': %s", text, wrong);
}

static void take_labels(struct argp_state *state, const char *list)
{
	struct str rest = str_of(list), *label = options.show.label;
	if (!str_cut(&rest, ',', &label[0]) || !str_cut(&rest, ',', &label[1]) || rest.p ||
	    !label[0].n || !label[1].n || str_eq(label[0], label[1]))
		argp_error(state, "--labels takes two different names, such as before,after");
}

static void take_measures(struct argp_state *state, const char *list)
{
	struct str rest = str_of(list), name;
	options.show.measures = 0;
	while (str_cut(&rest, ',', &name)) {
		int m = measure_by_name(name);
		if (m < 0)
			argp_error(state,
			           "--show takes calls, errors, bytes, time, p50, p99, not %.*s",
			           (int)name.n, name.p);
		options.show.measures |= 1u << m;
	}
}

static void take_level(struct argp_state *state, const char *text)
{
	char *end;
	options.level = strtod(text, &end);
	if (*end || end == text || !(options.level > 0 && options.level < 1))
		argp_error(state, "--level is a probability, such as 0.01, not %s", text);
}

static void take_sort(struct argp_state *state, const char *name)
{
	options.show.sort = strcmp(name, "key") == 0 ? -2 : measure_by_name(str_of(name));
	if (options.show.sort == -1)
		argp_error(state, "--sort takes key, calls, errors, bytes, time, p50, p99, not %s",
		           name);
}

static void take_paths(struct argp_state *state, char **paths)
{
	options.path[0] = paths[0];
	options.path[1] = paths[0] && paths[1] ? paths[1] : "-";
	if (paths[0] && paths[1] && paths[2])
		argp_error(state, "two runs can be compared, not more");
	if (paths[0] && strcmp(paths[0], "-") == 0 && strcmp(options.path[1], "-") == 0)
		argp_error(state, "only one of two runs can come from standard input");
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options.grouping;
		return 0;
	case KEY_FAIL_IF:
		add_gate(state, arg);
		return 0;
	case KEY_GATE:
		options.default_gates = true;
		return 0;
	case KEY_LEVEL:
		take_level(state, arg);
		return 0;
	case KEY_LABELS:
		take_labels(state, arg);
		return 0;
	case KEY_SHOW:
		take_measures(state, arg);
		return 0;
	case KEY_PATTERNS:
		options.patterns = true;
		return 0;
	case KEY_SIMILARITY:
		options.similarity = true;
		return 0;
	case KEY_TOTAL:
		options.show.total = true;
		return 0;
	case 's':
		take_sort(state, arg);
		return 0;
	case 'n':
		options.show.top = option_number(state, "--top", arg, 0, UINT64_MAX);
		return 0;
	case 'o':
		options.tap = strcmp(arg, "tap") == 0;
		if (!options.tap && !table_format_parse(arg, &options.show.format))
			argp_error(state, "--output is table, tsv, csv, json, md or tap, not %s",
			           arg);
		return 0;
	case ARGP_KEY_ARGS:
		take_paths(state, state->argv + state->next);
		return 0;
	case ARGP_KEY_END:
		if (!options.path[0])
			argp_error(
			    state,
			    "two runs are needed: A B, or A and the other one on standard input");
		if (options.default_gates || (options.tap && !options.gates)) {
			add_gate(state, "calls > +10%");
			add_gate(state, "p99 > +20%");
			add_gate(state, "new-errors");
		}
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &grouping_argp}, {0}};
static const struct argp argp = {
    .children = children,
    .options = argp_options,
    .parser = take_option,
    .args_doc = "A [B]",
    .doc =
        "What changed between two runs, whether it is more than chance, and whether it may pass.\v"
        "Reads partials of sp-stats, events, or (without tests of significance) a finished table of "
        "sp-stats. Without B, B is standard input.",
};

int main(int argc, char **argv)
{
	options_parse(&argp, argc, argv, NULL);
	if (options.similarity)
		similarity_show(options.path[0], options.path[1], options.show.format);
	else
		compare();
	return options_finish();
}
