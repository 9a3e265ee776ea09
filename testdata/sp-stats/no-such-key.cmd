sp-stats --by comm paths.tsv
