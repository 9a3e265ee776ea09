/* Rules of advice, in YAML, then events; partials of what they count merge. */
// seeds: rules/*.yaml testdata/sp-advise/*.yaml events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str rules, table;
	fuzz_split(input, &rules, &table);
	const char *own = fuzz_file("r", rules), *in = fuzz_file("t", table);
	fuzz("--no-default-rules", "--rules", own, "--list", "-o", "tsv", in);
	struct fuzz_result whole = fuzz("--no-default-rules", "--rules", own, "-o", "json", in);
	struct fuzz_result partial = fuzz("--no-default-rules", "--rules", own, "--partial", in);
	if (partial.status == 0 && whole.status == 0)
		fuzz_check_same(whole, fuzz("--no-default-rules", "--rules", own, "-o", "json",
					    fuzz_file("p", partial.out)));
}
