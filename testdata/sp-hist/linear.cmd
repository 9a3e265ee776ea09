sp-hist --buckets linear:5us --by syscall reads.tsv | head -12
