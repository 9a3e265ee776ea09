sp-parse -q --lenient --columns syscall,ret,errno,fd,bytes,path,note,args prose-lenient.trace
