sp-hist --buckets decades -o md reads.tsv
