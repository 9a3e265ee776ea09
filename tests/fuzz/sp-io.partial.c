/* Events, before and behind sp-fdmap, and partials of sp-io. */
// seeds: io events testdata/sp-io/*.tsv
#include "partial.h"

void fuzz_input(struct str input)
{
	fuzz("--by", "path,fdgen", "--sizes", "-o", "json", fuzz_file("t", input));
	fuzz_check_partial(input);
}
