sp-fdmap -o csv form-of-events.tsv
