# More than 32 bits of bytes read again and mapped, at once and in parts.
sp-parse -q large-sums.trace | sp-io -c calls,reads,read_bytes,rereads,reread_bytes,opens,unused_opens,mmaps,mmap_bytes
sp-parse -q large-sums.trace | sp-io --partial | sp-io -c reads,reread_bytes,unused_opens,mmap_bytes
