sp-parse --columns tid,syscall,ret messages.trace
