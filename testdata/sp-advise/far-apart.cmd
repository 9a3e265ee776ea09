sp-advise --no-default-rules --rules far-apart.yaml -o tsv far-apart.tsv | cut -f3,4
