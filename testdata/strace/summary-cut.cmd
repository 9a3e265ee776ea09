sp-parse --columns tid,syscall,ret summary-cut.trace
