sp-parse --columns tid,syscall,ret prose-rejected.trace
