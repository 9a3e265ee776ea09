/* The dialect renacer. */
// seeds: testdata/renacer/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_check_table(fuzz_parse(input, "renacer").out);
}
