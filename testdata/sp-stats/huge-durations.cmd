sp-stats -o json --columns calls,total,mean,stddev,max,p50 huge-durations.tsv
