# Descriptor 3 of process 7 on two hosts, in two traces of each: four descriptors, each read in order.
sp-io -c reads,pattern,sequential_percent,rereads same-pid-elsewhere.tsv; cut -f 1-13 same-pid-elsewhere.tsv | sp-io -c reads,pattern,sequential_percent,rereads
