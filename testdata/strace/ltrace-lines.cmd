sp-parse -q --rejects /dev/stderr ltrace-lines.trace
