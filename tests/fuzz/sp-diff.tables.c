/* Two tables; a table does not differ from itself, unless it has no calls, which passes no gate. */
// seeds: pairs events partials
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str a, b;
	fuzz_split(input, &a, &b);
	fuzz("--gate", "--patterns", fuzz_file("a", a), fuzz_file("b", b));
	fuzz("--similarity", fuzz_file("a", a), fuzz_file("b", b));
	struct fuzz_result same = fuzz("--gate", fuzz_file("a", a), fuzz_file("b", a));
	fuzz_check(same.status != 1 || str_find(same.err, STR("the second run has no calls")));
}
