sp-parse -q --columns tid,pid,syscall,ret lineage-process-attached-while-a-clone-is-in-flight.trace | { read -r head; echo "$head"; LC_ALL=C sort; }
