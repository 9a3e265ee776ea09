sp-parse -q damaged.trace --rejects /dev/stdout --columns syscall,ret | cat
