# Both sides of splice, sendfile and copy_file_range, by path; and of all together.
for by in path all; do sp-parse -q copies.trace | sp-fdmap | sp-io --by $by --sort reads,writes -c calls,pattern,reads,read_bytes,writes,write_bytes,rereads,overwrites; done
