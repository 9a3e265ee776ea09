sp-parse -q --columns tid,syscall,ret,errno,fd,path,args one-process-without-pids.trace | sp-fdmap | cut -f 1-6,8-
