/* What was open before: ls -l /proc/PID/fd, then a table. */
// seeds: testdata/sp-fdmap/*.ls events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str listing, table;
	fuzz_split(input, &listing, &table);
	fuzz("--proc", fuzz_file("l", listing), fuzz_file("t", table));
}
