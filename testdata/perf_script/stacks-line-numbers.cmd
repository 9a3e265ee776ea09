sp-parse -q --columns line,syscall,ret stacks.trace
