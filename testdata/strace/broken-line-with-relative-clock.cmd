sp-parse -q --columns start_ns,syscall,ret broken-line-with-relative-clock.trace
