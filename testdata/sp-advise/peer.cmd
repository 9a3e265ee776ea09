sp-parse -q peer.trace | sp-fdmap | sp-advise --no-default-rules --rules peer.yaml -o tsv | cut -f3,6 | sort
