/* Two files of one trace, as strace -ff writes them. */
// seeds: pairs testdata/strace/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	struct str first, second;
	fuzz_split(input, &first, &second);
	struct fuzz_result r = fuzz("--summary", "json", "--merge", "--with", "file,line",
				    fuzz_file("t.7", first), fuzz_file("t.8", second));
	fuzz_check_accounts(r);
	fuzz_check_table(r.out);
}
