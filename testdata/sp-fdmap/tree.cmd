sp-parse -q tree.trace | sp-fdmap --tree /dev/fd/3 3>&1 >/dev/null
