/* The dialect ftrace. */
// seeds: testdata/ftrace/*.trace
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_check_table(fuzz_parse(input, "ftrace").out);
}
