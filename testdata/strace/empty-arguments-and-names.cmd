sp-parse -q --rejects /dev/null empty-arguments-and-names.trace
