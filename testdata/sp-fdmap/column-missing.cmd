sp-fdmap column-missing.tsv
