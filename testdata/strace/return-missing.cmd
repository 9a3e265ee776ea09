sp-parse -q --rejects /dev/stderr return-missing.trace
