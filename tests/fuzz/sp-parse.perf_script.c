/* The dialect perf-script. */
// seeds: testdata/perf_script/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_check_table(fuzz_parse(input, "perf-script").out);
}
