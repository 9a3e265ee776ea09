sp-parse --columns tid,syscall,ret summary-C.trace
