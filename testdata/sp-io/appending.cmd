# An append at an offset leaves the position where it is; one seek of four is not idle: to an end that nobody knew.
sp-parse -q appending.trace | sp-fdmap | sp-io --sort path -c pattern,writes,overwrites,seeks,idle_seeks
