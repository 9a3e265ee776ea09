/* options: what the command lines of all filters share, on top of argp: --help and --version fail
 * with exit status 2 when they cannot be written, wrong options exit with 2, the program's name goes
 * to diag; --no-sandbox. And the common end of every filter. */
#ifndef SP_OPTIONS_H
#define SP_OPTIONS_H

#include <argp.h>

/* Parses, and gives the arguments behind the options, which are "[FILE...]" unless argp says what else:
 * a NULL-terminated list, fit for input_open, or NULL when there are none, or the parser takes them. */
char **options_parse(const struct argp *argp, int argc, char **argv, void *input);

/* The same for a program that cannot be confined to its inputs (see sandbox.h): no --no-sandbox. */
char **options_parse_only(const struct argp *argp, int argc, char **argv, void *input);

/* Writes what is left of standard output, checks it, and returns the exit status of the filter. */
int options_finish(void);

#endif
