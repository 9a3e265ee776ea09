sp-parse -q --columns line,syscall,ret stack-in-one-line.trace
