/* What sp-parse owes for any text: a table, and an account in which every line has its place. */
#ifndef SP_FUZZ_PARSE_H
#define SP_FUZZ_PARSE_H

#include <stdio.h>

#include "fuzz.h"

static inline void fuzz_check_accounts(struct fuzz_result r)
{
	unsigned long long lines = 0, ends = 0, parts = 0, skipped = 0, rejected = 0;
	const char *account = str_find(r.err, STR("{\"lines\":"));
	fuzz_check(account && sscanf(account,
				     "{\"lines\":%llu,\"event_lines\":%llu,\"part_lines\":%llu,"
				     "\"skipped_lines\":%llu,\"rejected_lines\":%llu",
				     &lines, &ends, &parts, &skipped, &rejected) == 5);
	fuzz_check(lines == ends + parts + skipped + rejected);
}

/* One dialect, or NULL for whatever it is recognised as. */
static inline struct fuzz_result fuzz_parse(struct str text, const char *dialect)
{
	struct fuzz_result r =
	    dialect ? fuzz("--summary", "json", "-f", dialect, "--with", "line", fuzz_file("t", text))
		    : fuzz("--summary", "json", "--with", "line", fuzz_file("t", text));
	fuzz_check_accounts(r);
	return r;
}

#endif
