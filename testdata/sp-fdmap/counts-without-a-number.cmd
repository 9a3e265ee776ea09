sp-parse -q counts-without-a-number.trace | sp-fdmap --counts /dev/fd/3 3>&1 >/dev/null
