sp-parse -q positions.trace | sp-io -c calls,p98_read
