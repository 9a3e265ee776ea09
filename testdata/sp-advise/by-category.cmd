sp-advise --no-default-rules --rules by-category.yaml -o tsv by-category.tsv | cut -f3,6 | sort
