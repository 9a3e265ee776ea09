# A file that is sent onto itself has one position, which moves once.
sp-parse -q onto-itself.trace | sp-fdmap | sp-io -c pattern,reads,writes,rereads,overwrites,seeks,idle_seeks
