# Without sp-fdmap: descriptors are told apart by what opens and closes them, paths come from -y.
sp-parse -q positions.trace | sp-io --sort path -c calls,pattern,reads,writes,seeks,idle_seeks,rereads,overwrites
