sp-parse -q --rejects /dev/stderr no-name-before-the-bracket.trace
