sp-parse printed-by-grep.trace 2>&1
