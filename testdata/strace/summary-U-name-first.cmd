sp-parse --columns tid,syscall,ret summary-U-name-first.trace
