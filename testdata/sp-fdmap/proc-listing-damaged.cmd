sp-fdmap --proc proc-listing-damaged.ls proc-listing-damaged.tsv
