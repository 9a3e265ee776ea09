# What a child copies before its fork is seen to have returned shares the parent's position.
sp-parse -q child-copies-first.trace | sp-fdmap | sp-io -c pattern,reads,seeks,idle_seeks
