sp-hist --over 500ms --buckets decades times.tsv
