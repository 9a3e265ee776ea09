/* sp-report: tables and findings of a trace as one document, Markdown or a page that needs no other
 * file.
 *
 *     $ mkdir /tmp/run; printf 'syscall\tcalls\nread\t3\n' >/tmp/run/syscalls.tsv; sp-report -o md
 * /tmp/run
 */
#include "diag.h"
#include "folder.h"
#include "html.h"
#include "md.h"
#include "options.h"
#include "sandbox.h"

static struct options {
	bool markdown;
	const char *title;
	const char *dir[2];
	int dirs;
} options;

static const struct argp_option argp_options[] = {
    {"output", 'o', "FORM", 0, "html or md (default: html)", 0},
    {"title", 't', "TEXT", 0, "The heading (default: the command that was traced)", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'o':
		options.markdown = strcmp(arg, "md") == 0;
		if (!options.markdown && strcmp(arg, "html") != 0)
			argp_error(state, "--output is html or md, not %s", arg);
		return 0;
	case 't':
		options.title = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (options.dirs == 2)
			argp_error(state, "one folder, or two to compare");
		options.dir[options.dirs++] = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which folder of tables?");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = take_option,
    .args_doc = "FOLDER [FOLDER]",
    .doc = "A report of the tables in a folder, or of two runs side by side.\v"
           "sp-analyze fills such a folder from a trace.",
};

static void name_it(struct buf *title, struct folder *runs)
{
	/* Two runs of one command are told apart by their traces, or their folders. */
	for (int way = 1;
	     options.dirs == 2 && way < FOLDER_NAMES && str_eq(runs[0].name, runs[1].name); way++)
		for (int i = 0; i < 2; i++)
			folder_name(&runs[i], way);
	if (options.title)
		buf_add_str(title, str_of(options.title));
	else if (options.dirs == 2)
		buf_printf(title, "%.*s and %.*s", (int)runs[0].name.n, runs[0].name.p,
		           (int)runs[1].name.n, runs[1].name.p);
	else
		buf_printf(title, "System calls of %.*s", (int)runs[0].name.n, runs[0].name.p);
}

int main(int argc, char **argv)
{
	static struct folder runs[2];
	struct buf title = {0};
	options_parse(&argp, argc, argv, NULL);
	for (int i = 0; i < options.dirs; i++)
		folder_load(&runs[i], options.dir[i]);
	(void)sandbox_enter();
	name_it(&title, runs);
	if (options.markdown)
		md_page(runs, options.dirs, buf_str(&title));
	else
		html_page(runs, options.dirs, buf_str(&title));
	for (int i = 0; i < options.dirs; i++)
		folder_free(&runs[i]);
	buf_free(&title);
	return options_finish();
}
