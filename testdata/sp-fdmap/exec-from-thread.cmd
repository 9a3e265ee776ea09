sp-parse -q --columns tid,syscall,ret,errno,fd,path,args exec-from-thread.trace | sp-fdmap | cut -f 1-6,8-
