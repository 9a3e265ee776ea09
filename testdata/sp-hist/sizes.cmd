sp-hist --of bytes -o table reads.tsv
