/* Conditions: the first part is one, the second a table. */
// seeds: conditions events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str condition, table;
	fuzz_split(input, &condition, &table);
	fuzz("--where", fuzz_argument(str_trim(condition)), fuzz_file("t", table));
}
