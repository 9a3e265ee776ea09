sp-stats -o table --every 1s --columns calls,total slices.tsv
