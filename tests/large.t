#!/bin/bash
# large: what is so large that threads read and write gives the same bytes as what comes and goes in small
# pieces, on one core; with lines longer than a block, and a last one that is cut. A read that fails in
# the middle is told.
cd "$(dirname "$0")/.." || exit 1
PATH=$PWD/${BUILD:-build}:$PATH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

check() {
	local status=ok name=$1
	shift
	"$@" || status="not ok"
	echo "$status $((++n)) - $name"
}

one_core() { taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "$@"; }

# shellcheck disable=SC2016 # for perl to expand
perl -e 'srand 7;
	sub call { my $n = length $_[0]; print "12:00:01.000001 write(3, \"$_[0]\", $n) = $n <0.000010>\n" }
	for (1 .. 80) { call("x" x rand 400) for 1 .. 1000; call("z" x exp(8 + rand 5.5)) for 1 .. 10 }
	call("w" x 3_000_000);
	print "12:00:02.000000 close(3) = 0 <0.0"' >"$dir/trace"
check "the trace is worth a thread" test "$(stat -c %s "$dir/trace")" -gt $((30 << 20))
one_core sp-parse -q "$dir/trace" >"$dir/small"
sp-parse -q "$dir/trace" | cat >"$dir/large"
check "read and written by threads" cmp "$dir/large" "$dir/small"
check "every line" test "$(wc -l <"$dir/small")" -eq "$(($(wc -l <"$dir/trace") + 2))"
# shellcheck disable=SC2002 # a pipe is what this is about
cat "$dir/trace" | sp-parse -q | cat >"$dir/large"
check "the same from a pipe" cmp "$dir/large" "$dir/small"
one_core sp-fdmap "$dir/small" >"$dir/mapped"
# shellcheck disable=SC2002
cat "$dir/small" | sp-fdmap | cat >"$dir/large"
check "sp-fdmap reads so, too" cmp "$dir/large" "$dir/mapped"
sp-parse -q "$dir/trace" "$dir/trace" | grep -c . >"$dir/two"
check "two of them" test "$(cat "$dir/two")" -eq "$(($(wc -l <"$dir/small") * 2 - 1))"
sp-parse -q "$dir/trace" | head -n 3 >"$dir/head"
check "a reader that goes early" test "${PIPESTATUS[0]}" -eq 141

if strace -o /dev/null true 2>/dev/null; then
	ASAN_OPTIONS=detect_leaks=0 strace -f -o /dev/null -e trace=read -e inject=read:error=EIO:when=90 sp-parse -q "$dir/trace" >"$dir/large" 2>"$dir/err"
	status=$?
	check "a read that fails: status 2" test $status -eq 2
	check "and why" grep -q 'Input/output error' "$dir/err"
else
	echo "ok $((++n)) - a read that fails # SKIP strace may not trace here"
	echo "ok $((++n)) - and why # SKIP strace may not trace here"
fi
echo "1..$n"
