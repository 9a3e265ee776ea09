sp-hist --hgrm --by all reads.tsv
