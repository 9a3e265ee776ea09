sp-parse -q idle.trace | sp-fdmap | sp-advise --no-default-rules --rules idle.yaml -o tsv | cut -f3,6 | sort
