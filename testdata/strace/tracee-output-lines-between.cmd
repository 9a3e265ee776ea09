sp-parse -q --rejects /dev/stderr tracee-output-lines-between.trace
