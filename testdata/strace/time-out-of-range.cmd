sp-parse -q --columns start_ns,dur_ns time-out-of-range.trace | awk '/-/ { wrong++ } END { print wrong + 0 }'
