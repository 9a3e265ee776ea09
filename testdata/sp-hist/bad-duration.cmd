sp-hist --by syscall --over 1ms --partial --no-bins bad-duration.tsv | cut -f 1-3,7-9
