/* Events and partials of sp-stats. */
// seeds: events partials testdata/sp-stats/*.tsv
#include "partial.h"

void fuzz_input(struct str input)
{
	fuzz_check_partial(input);
}
