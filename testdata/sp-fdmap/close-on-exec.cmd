sp-parse -q close-on-exec.trace | sp-fdmap --open-at end -o tsv | cut -f 2,5,7
