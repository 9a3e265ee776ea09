sp-parse -q by-access.trace | sp-fdmap | sp-advise --no-default-rules --rules by-access.yaml -o tsv | cut -f3,6 | sort
