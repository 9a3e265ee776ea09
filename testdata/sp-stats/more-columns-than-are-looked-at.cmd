sp-stats --by all -c calls,total more-columns-than-are-looked-at.tsv
