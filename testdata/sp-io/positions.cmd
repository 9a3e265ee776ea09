sp-parse -q positions.trace | sp-fdmap | sp-io -o json --sort path
