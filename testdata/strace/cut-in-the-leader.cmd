sp-parse -q --rejects /dev/stderr cut-in-the-leader.trace
