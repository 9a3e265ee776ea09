sp-stats --by bytes -o json sizes-as-keys.tsv; sp-stats --by bytes --columns calls,bytes sizes-as-keys.tsv
