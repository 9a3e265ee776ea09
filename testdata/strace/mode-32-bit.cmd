sp-parse --columns tid,syscall,ret mode-32-bit.trace
