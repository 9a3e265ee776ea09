sp-parse --summary=json broken-line-of-a-child-of-two-clones.trace 2>&1 >/dev/null | grep -o '"[a-z]*_lines":[0-9]*'
