/* The dialect perf-trace. */
// seeds: testdata/perf_trace/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_check_table(fuzz_parse(input, "perf-trace").out);
}
