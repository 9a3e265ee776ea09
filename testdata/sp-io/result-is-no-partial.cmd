sp-parse -q positions.trace | sp-io | sp-io
