sp-hist --modes -o json reads.tsv
