sp-parse -q positions.trace | sp-io --by fd
