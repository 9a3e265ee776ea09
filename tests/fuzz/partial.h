/* The law of tables that merge: f(x) is f(f --partial x), also for damaged tables, as long as both
 * steps take them. */
#ifndef SP_FUZZ_PARTIAL_H
#define SP_FUZZ_PARTIAL_H

#include "fuzz.h"

static inline void fuzz_check_partial(struct str input)
{
	const char *by = "syscall,tid";
	struct fuzz_result whole = fuzz("--by", by, "-o", "tsv", fuzz_file("t", input));
	struct fuzz_result partial = fuzz("--by", by, "--partial", fuzz_file("t", input));
	if (partial.status != 0) /* it holds more columns, which may be damaged */
		return;
	struct fuzz_result again = fuzz("--by", by, "-o", "tsv", fuzz_file("p", partial.out));
	fuzz_check(whole.status == 0 && again.status == 0);
	fuzz_check(str_eq(whole.out, again.out));
	struct fuzz_result same = fuzz("--by", by, "--partial", fuzz_file("p", partial.out));
	fuzz_check(str_eq(same.out, partial.out));
}

#endif
