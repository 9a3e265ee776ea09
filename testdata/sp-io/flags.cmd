# O_APPEND, O_DSYNC, F_DUPFD and F_SETFL, as words and as numbers
sp-parse -q flags.trace | sp-fdmap 2>/dev/null | sp-io --by fd --sort fd -c fd,fdgen,calls,pattern,sequential_percent,reads,writes,sync_writes,seeks,syncs,mmap_bytes
