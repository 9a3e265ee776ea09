#include "strace_fast.h"

const struct strace_hot_path strace_fast_any = {take_fast, {sizeof(struct scanned), scan_ahead}};
