sp-stats --by syscall --every 1s -o tsv -c calls slices-of-the-first-of-all-times.tsv
