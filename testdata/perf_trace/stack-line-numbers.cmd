sp-parse -q --columns line,syscall,ret stack.trace
