sp-hist -o table --over 500ms --buckets decades times.tsv
