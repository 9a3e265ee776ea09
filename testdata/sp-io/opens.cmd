sp-parse -q opens.trace | sp-fdmap | sp-io --sort path -c calls,errors,opens,failed_opens,unused_opens,mmaps,mmap_bytes,reads,writes
