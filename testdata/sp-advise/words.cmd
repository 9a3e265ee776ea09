# What strace, perf trace and tracers of plain numbers print becomes one spelling.
sp-advise --no-default-rules --rules words.yaml -o tsv words.tsv | cut -f3,6 | sort
