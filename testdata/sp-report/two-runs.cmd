dir=$(mktemp -d) && trap 'rm -r "$dir"' EXIT
for run in c python; do
	mkdir "$dir/$run"
	sp-parse -q ../compare/copy_$run.strace.gz | sp-fdmap >"$dir/events"
	sp-stats "$dir/events" >"$dir/$run/syscalls.tsv"
	sp-stats --by category "$dir/events" >"$dir/$run/categories.tsv"
	sp-io "$dir/events" >"$dir/$run/files.tsv"
done
sp-report -o md "$dir/c" "$dir/python"
