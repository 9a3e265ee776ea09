#include "strace_fast.h"

bool strace_fast(struct strace *s, struct str line)
{
	return take_fast(s, line);
}
