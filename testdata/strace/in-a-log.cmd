sp-parse in-a-log.trace 2>&1
