/* sp-advise: runs rules over events: findings with evidence, fix and estimated saving.
 *
 *     $ printf 'dur_ns\tkind\tsyscall\tbytes\n9000\tcall\twrite\t1\n' | sp-advise --only tiny-writes
 *     severity	rule	subject	calls	total_ns	evidence	fix	saves_ns	saves_calls	title	where	missed_ns
 */
#include <stdlib.h>

#include "diag.h"
#include "engine.h"
#include "number.h"
#include "option_value.h"
#include "options.h"
#include "partial.h"
#include "show.h"

enum { GROUPS = 512 };

struct options {
	char **paths;
	struct load_options load;
	const char **files; /* of --rules */
	size_t n_files;
	struct show_options show;
	bool list, gate, partial;
	enum severity fail_on;
	const char *explain, *categories, *set;
};

static struct options options = {
    .load = {.groups = GROUPS},
    .show = {.top = UINT64_MAX, .each = UINT64_MAX, .fails = SEVERITY_LOW},
};

/* ---- what was not looked at, or not in full ---- */

/* Names of rules; what comes after too many is a number. */
static void report_rules(const struct engine *e, bool (*chosen)(const struct rule *),
                         const char *what)
{
	enum { NAMED = 12 };
	struct buf names = {0};
	int n = 0;
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		if (r->off || !chosen(r) || ++n > NAMED)
			continue;
		buf_printf(&names, " %.*s", (int)r->id.n, r->id.p);
	}
	if (n > NAMED)
		buf_printf(&names, " and %d more", n - NAMED);
	if (n)
		diag(DIAG_NOTE, "%s:%.*s", what, (int)names.n, names.p);
	buf_free(&names);
}

static bool saw_nothing(const struct rule *r)
{
	return !r->saw;
}

/* "more groups than 1024: the weightiest are kept; what others, or the rest of these, had is at most..." */
static void report_forgotten(const struct engine *e)
{
	struct buf names = {0};
	char ns[NUMBER_HUMAN];
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		uint64_t floor = groups_floor(&r->groups);
		if (floor)
			buf_printf(&names, "%s %.*s %s", names.n ? "," : "", (int)r->id.n, r->id.p,
			           number_human_ns(ns, floor > INT64_MAX ? INT64_MAX : (int64_t)floor));
	}
	if (names.n)
		diag(DIAG_WARNING,
		     "more groups than --groups %zu: the weightiest are kept; by rule, the most that any "
		     "other had (time and 1 us a call):%.*s",
		     options.load.groups, (int)names.n, names.p);
	buf_free(&names);
}

static void report(const struct engine *e)
{
	report_forgotten(e);
	if (e->rows)
		report_rules(e, saw_nothing, "columns are missing (sp-fdmap adds path, fdtype and fdgen) for");
	if (e->totals.calls && e->untimed == e->totals.calls)
		diag(DIAG_UNTIMED, NULL);
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		uint64_t lost = r->lost + (r->pairs && r->pairs->track ? r->pairs->track->lost : 0);
		if (lost)
			diag(DIAG_WARNING, "%.*s: more than %d open at once: %llu were given up",
			     (int)r->id.n, r->id.p, TRACK_MOST, (unsigned long long)lost);
	}
	for (const struct watch *w = e->watches; w; w = w->next)
		if (w->track.lost)
			diag(DIAG_WARNING, "sequences on %.*s: more than %zu under way: %llu were given up",
			     (int)w->on->text.n, w->on->text.p, w->track.sets * TRACK_WAYS,
			     (unsigned long long)w->track.lost);
}

static void judge(const struct findings *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += f->list[i].severity >= options.fail_on;
	if (n)
		diag(DIAG_GATE, "%zu finding%s of severity %s%s", n, n == 1 ? "" : "s",
		     severity_names[options.fail_on],
		     options.fail_on == SEVERITY_CRITICAL ? "" : " or worse");
}

static void read_all(struct engine *e, struct tsv *t)
{
	struct partials partials;
	enum tsv_what what;
	partials_open(&partials, e);
	while ((what = tsv_next(t)) != TSV_END) {
		if (what == TSV_HEADER) {
			partials_end_table(&partials);
			engine_end_trace(e);
			if (!partials_header(&partials))
				engine_header(e);
		} else if (partials.is_partial) {
			partials_row(&partials);
		} else {
			engine_row(e);
		}
	}
	partials_end_table(&partials);
	engine_end_trace(e);
}

static void run(struct engine *e, struct tsv *t)
{
	struct findings findings;
	read_all(e, t);
	report(e);
	if (options.partial) {
		partials_write(e, &output_stdout);
		return;
	}
	findings_make(&findings, e);
	show_findings(&options.show, &findings, e);
	if (options.gate)
		judge(&findings);
	findings_free(&findings);
}

/* ---- command line ---- */

enum {
	KEY_FAIL_ON = 256, KEY_RULES, KEY_NO_DEFAULTS, KEY_LIST, KEY_EXPLAIN, KEY_ONLY, KEY_SKIP,
	KEY_EACH, KEY_GROUPS, KEY_PARTIAL,
	KEY_CATEGORIES, KEY_SET,
};

static const struct argp_option argp_options[] = {
    {"output", 'o', "FORM", 0,
     "text, table, tsv, csv, json, md or tap (default: text on a terminal, else tsv)", 0},
    {"top", 'n', "N", 0, "Show only the first N findings", 0},
    {"each", KEY_EACH, "N", 0, "Show only the first N findings of each rule", 0},
    {"fail-on", KEY_FAIL_ON, "SEVERITY", 0, "Exit with 1 when a finding is as bad as that", 0},
    {"rules", KEY_RULES, "FILE", 0, "Add rules, or change those of the same id", 0},
    {"no-default-rules", KEY_NO_DEFAULTS, NULL, 0, "Only the rules of --rules", 0},
    {"only", KEY_ONLY, "LIST", 0, "Only the rules with these ids", 0},
    {"skip", KEY_SKIP, "LIST", 0, "Not the rules with these ids", 0},
    {"groups", KEY_GROUPS, "N", 0, "Groups that a rule keeps when there are many (default: 512)", 0},
    {"categories", KEY_CATEGORIES, "FILE", 0, "Take the categories of system calls from this file", 0},
    {"set", KEY_SET, "NAME", 0, "The set of categories to take", 0},
    {"partial", KEY_PARTIAL, NULL, 0, "Write counts that can be merged by reading them again", 0},
    {"list", KEY_LIST, NULL, 0, "Print the rules", 0},
    {"explain", KEY_EXPLAIN, "ID", 0, "Print all about one rule", 0},
    {0},
};

static void set_output(struct argp_state *state, const char *form)
{
	if (strcmp(form, "text") == 0)
		options.show.form = SHOW_TEXT;
	else if (strcmp(form, "tap") == 0)
		options.show.form = SHOW_TAP;
	else if (table_format_parse(form, &options.show.format))
		options.show.form = SHOW_TABLE;
	else
		argp_error(state, "--output is text, table, tsv, csv, json, md or tap, not %s", form);
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'o':
		set_output(state, arg);
		return 0;
	case 'n':
		options.show.top = option_number(state, "--top", arg, 1, UINT64_MAX);
		return 0;
	case KEY_EACH:
		options.show.each = option_number(state, "--each", arg, 1, UINT64_MAX);
		return 0;
	case KEY_FAIL_ON:
		if (!severity_parse(str_of(arg), &options.fail_on))
			argp_error(state, "--fail-on is critical, high, medium, low or info, not %s", arg);
		options.gate = true;
		options.show.fails = options.fail_on;
		return 0;
	case KEY_RULES:
		options.files = xrealloc(options.files, options.n_files + 2, sizeof *options.files);
		options.files[options.n_files++] = arg;
		options.files[options.n_files] = NULL;
		return 0;
	case KEY_NO_DEFAULTS:
		options.load.no_defaults = true;
		return 0;
	case KEY_CATEGORIES:
		options.categories = arg;
		return 0;
	case KEY_SET:
		options.set = arg;
		return 0;
	case KEY_PARTIAL:
		options.partial = true;
		return 0;
	case KEY_LIST:
		options.list = true;
		return 0;
	case KEY_EXPLAIN:
		options.explain = arg;
		return 0;
	case KEY_ONLY:
		options.load.only = arg;
		return 0;
	case KEY_SKIP:
		options.load.skip = arg;
		return 0;
	case KEY_GROUPS:
		options.load.groups = option_number(state, "--groups", arg, 1, UINT64_MAX);
		return 0;
	case ARGP_KEY_ARGS:
		options.paths = state->argv + state->next;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .args_doc = "[FILE...]",
    .doc = "Run rules over events: findings with evidence, fix and estimated saving.\v"
           "Reads standard input when no file is given. The manual describes how to write rules.",
};

int main(int argc, char **argv)
{
	static struct engine engine;
	options_parse(&argp, argc, argv, NULL);
	options.load.files = options.files;
	struct tsv *t = tsv_open(options.paths);
	engine_open(&engine, t, &options.load);
	struct categories *categories = categories_load(options.categories, options.set);
	engine.row.categories = categories;
	if (options.list)
		show_rules(options.show.format, &engine);
	else if (options.explain && !show_rule(&engine, options.explain))
		diag_die(DIAG_USAGE, "--explain: no rule is called %s; --list shows all", options.explain);
	else if (!options.explain)
		run(&engine, t);
	engine_close(&engine);
	categories_free(categories);
	tsv_close(t);
	free(options.files);
	return options_finish();
}
