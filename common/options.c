#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "output.h"

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

void options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	diag_program(argv[0]);
	argp_err_exit_status = 2;
	atexit(check_stdio);
	argp_parse(argp, argc, argv, 0, NULL, input);
}

int options_finish(void)
{
	output_close(&output_stdout);
	return diag_status();
}
