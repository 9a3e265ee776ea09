sp-parse -q text-of-other-scripts.trace --rejects /dev/stdout --columns syscall | cat
