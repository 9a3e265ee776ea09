sp-stats --by category --categories own.yaml --columns calls paths.tsv
