/* The dialect strace; its short cuts say what the general rules say. */
// seeds: testdata/strace/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	struct fuzz_result fast = fuzz_parse(input, "strace");
	fuzz_check_table(fast.out);
	fuzz_check_same(fast, fuzz("--summary", "json", "-f", "strace", "--with", "line", "--slow",
				   fuzz_file("t", input)));
}
