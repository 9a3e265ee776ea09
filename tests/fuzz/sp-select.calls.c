/* Sets of system calls and windows of time: "SET;FROM;TO;PIDS", then a table. */
// seeds: sets events
#include "fuzz.h"

void fuzz_input(struct str input)
{
	struct str words, table, word[4] = {0};
	fuzz_split(input, &words, &table);
	for (int i = 0; i < 4; i++)
		str_cut(&words, i < 3 ? ';' : '\n', &word[i]);
	if (!word[3].p)
		return;
	fuzz("-e", fuzz_argument(word[0]), "--from", fuzz_argument(word[1]), "--to",
	     fuzz_argument(word[2]), "--pid", fuzz_argument(word[3]), fuzz_file("t", table));
}
