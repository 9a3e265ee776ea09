#include "strace_fast.h"

#ifndef __AVX2__
#error "the Makefile compiles *_avx2.c for processors that have it"
#endif

bool strace_fast_avx2(struct strace *s, struct str line)
{
	return take_fast(s, line);
}
