/* Any events; normalising twice gives what once gave. */
// seeds: events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct fuzz_result once = fuzz("--no-rules", fuzz_file("t", input));
	fuzz("--no-rules", "--text", fuzz_file("t", input));
	struct fuzz_result twice = fuzz("--no-rules", fuzz_file("o", once.out));
	fuzz_check(once.status || twice.status || once.err.n || twice.err.n || str_eq(once.out, twice.out));
}
