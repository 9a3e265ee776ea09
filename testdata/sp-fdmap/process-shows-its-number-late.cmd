sp-parse -q process-shows-its-number-late.trace | sp-fdmap | cut -f 3,4,6,9,13
