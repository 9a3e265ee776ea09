sp-parse -q process-shows-one-number.trace | sp-fdmap | cut -f 3,4,6,9,13
