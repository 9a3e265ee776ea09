sp-parse -q --columns tid,syscall,ret,errno,fd,path,args rights-before-accept.trace | sp-fdmap | cut -f 1-6,8-
