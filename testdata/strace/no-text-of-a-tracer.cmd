parse() { sp-parse 2>&1 >/dev/null; }
printf 'PERFILE2h\0\0\n' | parse
printf '\027\010Dtracing6\0\0\n' | parse
printf 'PK\003\004\n' | parse
tar -c namespace.trace | parse
printf 'start_ns\tsyscall\n1\tread\n' | parse
echo 'what the program printed' | parse
printf '\377\376c\0l\0\n\0' | parse
