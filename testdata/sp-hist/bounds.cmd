sp-hist -o table --buckets 1us,10us,50us,100us,1ms,10ms,1s reads.tsv
