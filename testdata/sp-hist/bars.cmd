sp-hist -o table reads.tsv
