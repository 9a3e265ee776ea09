sp-stats --by path --columns calls,total key-with-control-bytes.tsv
sp-stats --by path --partial key-with-control-bytes.tsv | sp-stats --by path --columns calls,total
