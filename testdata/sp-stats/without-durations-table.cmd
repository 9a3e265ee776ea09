sp-stats -o table without-durations.tsv
