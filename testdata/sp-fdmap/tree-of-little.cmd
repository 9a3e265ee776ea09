{ cat tree-of-little.tsv; printf 'syscall\tret\targs\tstart_ns\tfile\nfork\t8\t()\t100\tf\n'; } | sp-fdmap --tree /dev/fd/3 3>&1 >/dev/null
