/* sp-report: tables and findings of a trace as one document, Markdown or a page that needs no other
 * file.
 *
 *     $ mkdir /tmp/run; printf 'syscall\tcalls\nread\t3\n' >/tmp/run/syscalls.tsv; sp-report -o md
 * /tmp/run
 */
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

/* A heading has a line or two; the whole command stands below it. */
static void put_name(struct buf *b, struct str name)
{
	enum { MOST = 80 };
	size_t n = name.n < MOST ? name.n : MOST;
	while (n < name.n && n > 0 && (name.p[n] & 0xc0) == 0x80)
		n--;
	buf_add(b, name.p, n);
	buf_add_str(b, n < name.n ? STR(" ...") : STR(""));
}

static void name_it(struct buf *title, struct folder *runs)
{
	/* Two runs of one command are told apart by their traces, or their folders. */
	for (int way = 1;
	     options.dirs == 2 && way < FOLDER_NAMES && str_eq(runs[0].name, runs[1].name); way++)
		for (int i = 0; i < 2; i++)
			folder_name(&runs[i], way);
	if (options.title) {
		buf_add_str(title, str_of(options.title));
		return;
	}
	if (options.dirs == 1)
		buf_add_str(title, STR("System calls of "));
	for (int i = 0; i < options.dirs; i++) {
		buf_add_str(title, i ? STR(" and ") : STR(""));
		put_name(title, runs[i].name);
	}
}

int main(int argc, char **argv)
{
	static struct folder runs[2]; /* they and what is in them stay until the end */
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
	buf_free(&title);
	return options_finish();
}
