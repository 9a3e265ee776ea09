sp-parse -q --columns syscall,path,bytes positions.trace | sp-io
