sp-parse --columns tid,syscall,ret summary-old-no-total-column.trace
