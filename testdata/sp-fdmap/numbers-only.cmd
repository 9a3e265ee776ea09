sp-fdmap numbers-only.tsv | cut -f 4,6-
