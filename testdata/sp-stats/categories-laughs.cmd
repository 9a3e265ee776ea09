sp-stats --by category --categories laughs.yaml paths.tsv
