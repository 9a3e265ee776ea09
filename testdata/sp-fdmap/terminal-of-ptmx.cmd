sp-parse -q --columns tid,syscall,ret,errno,fd,path,args terminal-of-ptmx.trace | sp-fdmap | cut -f 1-6,8-
