#!/bin/bash
# fast: the hot path of sp-parse (filters/sp-parse/strace_fast.h) reads every line as the general rules
# do, with AVX2 and without it. Every strace trace in testdata, and a live one where strace may trace, goes through both.
cd "$(dirname "$0")/.." || exit 1
PATH=$PWD/${BUILD:-build}:$PATH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

same() {
	local name=$1 status=ok
	shift
	sp-parse -q --format strace "$@" >"$dir/fast" 2>/dev/null
	sp-parse -q --format strace --no-avx2 "$@" >"$dir/any" 2>/dev/null
	sp-parse -q --format strace --slow "$@" >"$dir/slow" 2>/dev/null
	cmp -s "$dir/fast" "$dir/slow" && cmp -s "$dir/any" "$dir/slow" && [ -s "$dir/fast" ] || status="not ok"
	echo "$status - $name"
}

# Twice in a row, so that each line also comes when its seconds, thread and syscall are known.
for trace in testdata/strace/*.trace testdata/demo/*.log; do
	{ cat "$trace" && [ -n "$(tail -c 1 "$trace")" ] && echo; cat "$trace"; } >"$dir/twice.trace"
	same "${trace#testdata/}" "$dir/twice.trace"
	for columns in dur_ns,kind,syscall,errno,bytes args,tid,path,stack,pid,comm,line; do
		same "${trace#testdata/}: $columns" --columns "$columns" "$dir/twice.trace"
	done
done
count=$((3 * $(ls testdata/strace/*.trace testdata/demo/*.log | wc -l)))

# Each call, cut in two behind every byte of its arguments, with a line of another thread between the halves.
# shellcheck disable=SC2016 # for perl to expand
LC_ALL=C perl -ne '
	next unless /^(?:\[pid +\d+\] |\d+ +)?(?:[\d:.]+ )?(\w+)(\(.*\)) += (.*)$/ && !$seen{"$1$2"}++ && length $2 <= 250;
	my ($name, $args, $value) = ($1, $2, $3);
	$value .= " <0.000042>" unless $value =~ /<[\d.]+>$/;
	sub line { printf "%d  12:00:00.%06d %s\n", shift, $n++, shift }
	for my $cut (1 .. length $args) {
		line(1001, $name . substr($args, 0, $cut) . " <unfinished ...>");
		line(1002, "getpid() = 1002 <0.000003>");
		line(1001, "<... $name resumed>" . substr($args, $cut) . " = $value");
	}' testdata/strace/*.trace testdata/demo/*.log >"$dir/cut.trace"
same "calls cut anywhere" "$dir/cut.trace"
count=$((count + 1))

# Large enough for the thread that reads, which scans ahead. In pieces, so that lines meet the ends of its
# blocks everywhere.
for i in $(seq 1 40); do
	head -c $((i * 77)) testdata/demo/orders.log && echo
	cat testdata/strace/*.trace testdata/demo/orders.log
done >"$dir/pieces.trace"
for ((size = 0; size < 40000000; size += $(stat -c %s "$dir/pieces.trace"))); do cat "$dir/pieces.trace"; done >"$dir/large.trace"
for option in --quiet --no-avx2; do
	count=$((count + 1))
	sp-parse -q --format strace $option "$dir/large.trace" 2>/dev/null | sha256sum >"$dir/fast"
	sp-parse -q --format strace --no-threads "$dir/large.trace" 2>/dev/null | sha256sum >"$dir/slow"
	cmp -s "$dir/fast" "$dir/slow" && echo "ok - large, $option" || echo "not ok - large, $option"
done

for options in "-tt -T -y" "-ttt -T" "-ttt -T -yy -Y" "-T" "-tt -X verbose" "-r"; do
	count=$((count + 1))
	# shellcheck disable=SC2086 # a list of options
	if strace -f $options -o "$dir/live.trace" sh -c 'ls -R /etc; git --version; sort </etc/passwd | head' >"$dir/out" 2>&1; then
		same "live: strace -f $options" "$dir/live.trace"
	else
		echo "ok - live: strace -f $options # SKIP strace may not trace here"
	fi
done
echo "1..$count"
