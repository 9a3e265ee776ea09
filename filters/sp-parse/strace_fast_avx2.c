/* Once more, for processors with AVX2: the Makefile compiles files of this name so. */
#include "strace_fast.h"

const struct strace_hot_path strace_fast_avx2 = {take_fast, {sizeof(struct scanned), scan_ahead}};
