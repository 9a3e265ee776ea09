sp-parse --columns tid,syscall,ret summary-two-tables.trace
