sp-parse --columns tid,syscall,ret summary-U.trace
