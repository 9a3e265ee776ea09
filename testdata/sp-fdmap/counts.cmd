sp-parse -q counts.trace | sp-fdmap --counts /dev/fd/3 3>&1 >/dev/null
