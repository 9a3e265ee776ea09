printf 'comm\n%s\n' x 10 1b 9 100 1a 2 '' | sp-stats --by comm --sort comm -c calls
