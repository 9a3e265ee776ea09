sp-parse -q positions.trace | sp-io --small 65 --by all -c reads,writes,small_percent; sp-parse -q positions.trace | sp-io --sizes --by path --sort path
