/* The dialect bpftrace, whose maps are tables of another kind. */
// seeds: testdata/bpftrace/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_check_table(fuzz_parse(input, "bpftrace").out);
}
