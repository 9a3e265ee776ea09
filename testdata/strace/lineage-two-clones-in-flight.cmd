sp-parse -q --columns tid,pid,syscall,ret lineage-two-clones-in-flight.trace | { read -r head; echo "$head"; LC_ALL=C sort; }
