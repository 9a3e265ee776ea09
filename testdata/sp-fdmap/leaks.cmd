sp-parse -q leaks.trace | sp-fdmap --leaks -o table
