sp-parse --columns tid,syscall,ret follower-orphan.trace
