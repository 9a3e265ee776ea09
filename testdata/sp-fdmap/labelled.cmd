sp-fdmap labelled.tsv | cut -f 4,6-
