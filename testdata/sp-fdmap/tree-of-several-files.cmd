sp-parse -q tree.trace vfork-exec.trace | sp-fdmap --tree /dev/fd/3 3>&1 >/dev/null
