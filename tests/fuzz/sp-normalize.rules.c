/* Rules of names, in YAML, then a table. */
// seeds: rules/normalize.yaml events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str rules, table;
	fuzz_split(input, &rules, &table);
	fuzz("--no-rules", "--rules", fuzz_file("r", rules), "--fold", "startup,scheduling", "--loops",
	     fuzz_file("t", table));
}
