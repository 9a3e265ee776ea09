sp-parse -q positions.trace | sp-io --partial | sed 's/:1,/:7,/' | sp-io -c calls
