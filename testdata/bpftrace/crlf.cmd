sed 's/$/\r/' records.trace | sp-parse -q | cmp - records.expected && echo the same
