set -e
work=$(mktemp -d)
sp-parse -q ../strace/summary-alone.trace >"$work/a.tsv"
sp-parse -q ../strace/summary-alone-in-other-columns.trace >"$work/b.tsv"
printf 'syscall\tdur_ns\nread\t7000\ngetpid\t3\n' >"$work/c.tsv"
for part in a b c; do
	sp-stats --partial "$work/$part.tsv" >"$work/$part.partial"
done
columns=calls,errors,total,min,mean,max,stddev,p50,p99
sp-stats -c $columns "$work"/{a,b,c}.tsv
sp-stats -c $columns "$work"/{c,a,b}.partial | cmp - <(sp-stats -c $columns "$work"/{a,b,c}.tsv)
rm -r "$work"
