sp-parse -q --arch aarch64 arch.trace --columns syscall,fd,bytes
