sp-stats --every 1s --columns calls,calls_per_s,time_percent slices.tsv
