sp-stats --by category --categories alias.yaml paths.tsv
