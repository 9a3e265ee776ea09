#include "options.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "interrupt.h"
#include "output.h"
#include "sandbox.h"

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "%s %s\n", diag_program_name(), SP_VERSION);
}

void (*argp_program_version_hook)(FILE *, struct argp_state *) = print_version;

/* argp writes --help and --version through stdio and does not look whether that worked. */
static void check_stdio(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	fprintf(stderr, "%s: cannot write: standard output: %s\n", diag_program_name(),
		strerror(errno));
	_exit(2);
}

enum { KEY_NO_SANDBOX = 0x7fff, KEY_RING_IN = 0x7ffe, KEY_RING_OUT = 0x7ffd, KEY_RING_NEXT = 0x7ffc, CHILDREN = 4 };

static char **paths;

static error_t take_common(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_NO_SANDBOX:
		sandbox_off();
		return 0;
	case KEY_RING_IN:
		input_through_ring(arg);
		return 0;
	case KEY_RING_OUT:
	case KEY_RING_NEXT:
		output_through_ring(&output_stdout, arg, key == KEY_RING_NEXT ? RING_FOR_NEXT : RING_FOR_ALL);
		return 0;
	case ARGP_KEY_ARGS:
		paths = state->argv + state->next;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option common_options[] = {
    {"no-sandbox", KEY_NO_SANDBOX, NULL, 0, "Keep all rights after the inputs are open", -1},
    {"ring-in", KEY_RING_IN, "FILE", OPTION_HIDDEN, NULL, -1}, /* sp-tee(1) */
    {"ring-out", KEY_RING_OUT, "FILE", OPTION_HIDDEN, NULL, -1},
    {"ring-next", KEY_RING_NEXT, "FILE", OPTION_HIDDEN, NULL, -1},
    {0},
};
static const struct argp common = {.options = common_options, .parser = take_common};
static const struct argp only_paths = {.parser = take_common};

/* Where one of the first three descriptors is closed, no file may get its number, or what is meant for
 * standard output ends up in it. What is there instead can be neither read nor written, as before. */
static void keep_standard_numbers(void)
{
	int fd;
	while ((fd = open("/dev/null", O_PATH)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd >= 0)
		close(fd);
}

static char **parse(const struct argp *argp, const struct argp *last, int argc, char **argv, void *input)
{
	struct argp all = *argp;
	struct argp_child children[CHILDREN + 2] = {{0}};
	size_t n = 0;
	for (; argp->children && argp->children[n].argp; n++) {
		assert(n < CHILDREN);
		children[n] = argp->children[n];
	}
	children[n].argp = last;
	all.children = children;
	if (!all.args_doc)
		all.args_doc = "[FILE...]";
	keep_standard_numbers();
	diag_program(argv[0]);
	argp_err_exit_status = 2;
	atexit(check_stdio);
	argp_parse(&all, argc, argv, 0, NULL, input);
	return paths;
}

char **options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	sandbox_arguments(argv + argc);
	return parse(argp, &common, argc, argv, input);
}

char **options_parse_only(const struct argp *argp, int argc, char **argv, void *input)
{
	return parse(argp, &only_paths, argc, argv, input);
}

int options_finish(void)
{
	output_close(&output_stdout);
	interrupt_end();
	return diag_status();
}
