sp-parse -q --columns tid,syscall,ret,errno,fd,path,args rights-through-a-named-socket.trace | sp-fdmap | cut -f 1-6,8-
