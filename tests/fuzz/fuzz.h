/* fuzz: a whole filter as a function, for libFuzzer. A harness is a file FILTER.WHAT.c that defines
 * fuzz_input(); it is linked with all of that filter, whose main() is called filter_main() here.
 * Every run begins as a new process would: static variables as at program start, all memory of the
 * run before freed, descriptors closed; exit() comes back as a status. Inputs are read through a
 * buffer of some bytes only, so that all ways of refilling it are taken, too.
 *
 * The head of a harness has a line "seeds:", files of testdata/ or other words that
 * scripts/fuzz knows. An input of two parts has a line %% between them. */
#ifndef SP_FUZZ_H
#define SP_FUZZ_H

#include "str.h"

/* What the run printed, and its exit status; valid until eight more runs are done. */
struct fuzz_result {
	int status;
	struct str out, err;
};

/* Defined by the harness: one input, any bytes. */
void fuzz_input(struct str input);

/* Puts text into a file of that name (in a folder of this process) and returns its path. */
const char *fuzz_file(const char *name, struct str text);

/* Runs the filter; the program's own name comes first and is left to the driver:
 * fuzz("-q", fuzz_file("a", input)). What every filter owes is checked: exit status 0, 1 or 2, a
 * message with 2, and no byte on stdout or stderr that could drive a terminal. */
#define fuzz(...) fuzz_run((const char *const[]){__VA_ARGS__, NULL})
struct fuzz_result fuzz_run(const char *const *arguments);

/* The two parts of an input; the second is empty without a line %%. */
void fuzz_split(struct str input, struct str *first, struct str *second);

/* A copy that ends in a NUL byte (and has no other), for an argument; valid like a result. */
const char *fuzz_argument(struct str s);

/* What must hold, or the input is a finding. */
#define fuzz_check(condition) fuzz_check_that((condition), #condition)
void fuzz_check_that(bool holds, const char *what);
void fuzz_check_same(struct fuzz_result a, struct fuzz_result b);

/* Every row has as many fields as the header, and none begins with a quote. */
void fuzz_check_table(struct str table);

#endif
