sp-parse -q columns-no-thread.trace --rejects /dev/stdout --columns syscall | cat
