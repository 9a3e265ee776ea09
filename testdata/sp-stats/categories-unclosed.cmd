sp-stats --by category --categories unclosed.yaml paths.tsv
