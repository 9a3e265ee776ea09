sp-parse --columns pid,tid,kind,syscall columns-pid.trace | sort | uniq -c
