sp-stats --by path,dir,ext --sort path --columns calls paths.tsv
