# Times below 0, and sums beyond 2^63: what is sorted by first decides first.
rows() { printf 'syscall\tstart_ns\tdur_ns\n' && printf '%s\n' "$@"; }
rows a$'\t'-50$'\t'1 a$'\t'-50$'\t'1 b$'\t'-60$'\t'1 c$'\t'-40$'\t'1 | sp-stats -o tsv -c calls,first --sort first,calls
long=9223372036854775807
for order in total,-calls -total,calls; do
	rows a$'\t'1$'\t'$long a$'\t'2$'\t'$long b$'\t'1$'\t'$long c$'\t'1$'\t'$long c$'\t'2$'\t'$long c$'\t'3$'\t'$long | sp-stats -o tsv -c total,calls --sort $order
done
