/* The reader of tables; selecting twice gives what selecting once gave. */
// seeds: events testdata/*/*.tsv
#include "fuzz.h"

void fuzz_input(struct str input)
{
	static const char where[] = "dur > 1 or syscall != \"x\" and not path =~ \"^/[a-z]+\"";
	struct fuzz_result once = fuzz("--where", where, "--failed", fuzz_file("t", input));
	struct fuzz_result twice = fuzz("--where", where, "--failed", fuzz_file("o", once.out));
	fuzz_check(once.status == 2 || str_eq(once.out, twice.out));
}
