sp-parse -q --columns start_ns,tid,pid,syscall lineage-relative-times-two-clones.trace | { read -r head; echo "$head"; sort -n; }
