sp-parse -q positions.trace | sp-fdmap | sp-io --by fd --sort pid,fd,fdgen -c calls,pattern,reads,writes
