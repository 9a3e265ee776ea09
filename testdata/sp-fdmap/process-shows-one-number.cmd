sp-parse -q process-shows-one-number.trace | sp-fdmap 2>&1 | cut -f 3,4,6,9,13
