sp-parse -c start_ns,dur_ns,tid,syscall,ret,args --rejects /dev/stderr split-without-a-leader.trace 2>&1
