sp-parse -q --rejects /dev/stdout cut.trace | cat
