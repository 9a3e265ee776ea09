sp-parse -q --rejects /dev/stdout output-of-the-program.trace | cat
