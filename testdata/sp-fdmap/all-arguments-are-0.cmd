sp-parse -q all-arguments-are-0.trace | sp-fdmap | cut -f 6-9,15,17,18
