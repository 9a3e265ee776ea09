sp-parse -q columns-no-values.trace --rejects /dev/stdout --columns syscall | cat
