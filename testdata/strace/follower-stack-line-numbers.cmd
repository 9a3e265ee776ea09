sp-parse -q --columns line,syscall,ret follower-stack.trace
