sp-parse -q --columns start_ns,dur_ns,tid,pid,syscall,ret,errno,fd,path,args race-open-that-ends-late.trace | sp-fdmap | cut -f 3,5-9,11-
