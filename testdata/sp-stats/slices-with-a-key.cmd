sp-stats --every 1s --columns syscall,calls slices.tsv
