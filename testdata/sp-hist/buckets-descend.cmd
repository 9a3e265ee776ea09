sp-hist --buckets 10us,5us reads.tsv
