sp-parse -q sockets.trace | sp-fdmap | sp-io --sort path -c calls,errors,pattern,reads,read_bytes,writes,connects,failed_connects,connect_ns,max_connect_ns,first_bytes,mean_first_byte_ns
