sp-parse -q --columns tid,syscall,ret,errno,fd,path,args pid-namespace.trace | sp-fdmap | cut -f 1-6,8-
