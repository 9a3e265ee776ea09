/* Recognising a dialect. */
// seeds: testdata/*/*.trace testdata/fdmap/*.gz testdata/compare/*.gz
#include "parse.h"

void fuzz_input(struct str input)
{
	fuzz_parse(input, NULL);
}
