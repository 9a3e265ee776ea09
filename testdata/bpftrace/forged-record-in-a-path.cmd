sp-parse -q forged-record-in-a-path.trace --rejects /dev/stdout | cat
