sp-parse -q --columns tid,syscall,ret,errno,fd,path,args no-file-behind-it.trace | sp-fdmap | cut -f 1-6,8-
