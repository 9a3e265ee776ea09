sp-stats --by category --categories misspelt.yaml paths.tsv
