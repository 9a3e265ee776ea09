#include "strace_fast.h"

#ifndef __AVX2__
#error "the Makefile compiles *_avx2.c for processors that have it"
#endif

const struct strace_hot_path strace_fast_avx2 = {take_fast, {sizeof(struct scanned), scan_ahead}};
