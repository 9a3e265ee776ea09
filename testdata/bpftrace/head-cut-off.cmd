tail -c +60 records.trace | sp-parse -c tid,syscall,ret,path
