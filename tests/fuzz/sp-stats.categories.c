/* Rules of categories, in YAML, then a table. */
// seeds: rules/categories.yaml testdata/sp-stats/*.yaml events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str rules, table;
	fuzz_split(input, &rules, &table);
	fuzz("--by", "category,activity", "--categories", fuzz_file("r", rules), fuzz_file("t", table));
}
