sp-parse rejects.trace --columns line,syscall --rejects /dev/stdout | cat
