/* Events and partials of sp-hist. */
// seeds: events partials testdata/sp-hist/*.tsv
#include "partial.h"

void fuzz_input(struct str input)
{
	fuzz_check_partial(input);
}
