sp-parse --columns tid,syscall,ret summary-U-calls-first.trace
