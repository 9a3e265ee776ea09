sp-parse --columns tid,syscall,ret summary-wall.trace
