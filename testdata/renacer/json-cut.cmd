sp-parse -q --rejects /dev/stdout json-cut.trace | cat
