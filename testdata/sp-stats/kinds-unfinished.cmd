sp-stats --unfinished --columns calls,timed,total,bytes kinds.tsv
