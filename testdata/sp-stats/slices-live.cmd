sp-stats --every 1s --live --columns calls,total slices.tsv
