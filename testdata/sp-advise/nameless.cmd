sp-advise --no-default-rules --rules nameless.yaml -o tsv nameless.tsv | cut -f3,6 | sort
