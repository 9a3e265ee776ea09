sp-parse -q --columns tid,syscall,ret,errno,fd,path,args race-without-times.trace | sp-fdmap | cut -f 1-6,8-
