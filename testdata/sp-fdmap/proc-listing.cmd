sp-parse -q --columns tid,syscall,ret,errno,fd,path,args proc-listing.trace | sp-fdmap --proc proc-listing.ls | cut -f 1-6,8-
