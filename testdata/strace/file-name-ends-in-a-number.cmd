sp-parse -q -c pid,tid,syscall run.1
