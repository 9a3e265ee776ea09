/* The model of descriptors and processes, for any events. */
// seeds: events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	const char *file = fuzz_file("t", input);
	fuzz(file);
	fuzz("--leaks", "-o", "tsv", file);
	fuzz("--open-at", "end", "-o", "tsv", file);
}
