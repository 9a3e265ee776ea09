sp-stats --columns calls,p98 paths.tsv
