sp-parse -q --rejects /dev/stderr digits-glued-to-a-name.trace
