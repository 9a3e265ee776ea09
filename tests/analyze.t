#!/usr/bin/perl
# analyze: sp-analyze writes all tables, the same as the filters alone would, from any number and kind of
# traces; and what failed does not look as if it were done.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my $demo = "$root/testdata/demo/orders.log";
my ($out, $err, $status);

sub table {
	my ($dir, $name) = @_;
	return read_file("$dir/$name.tsv");
}

sub summary {
	my ($dir) = @_;
	my %value;
	for (split /\n/, table($dir, 'summary')) {
		my ($name, $text) = split /\t/, $_, 2;
		$value{$name} = defined $value{$name} ? "$value{$name}|$text" : $text;
	}
	return \%value;
}

sub analyze {
	my ($arguments, %with) = @_;
	return run("sp-analyze $arguments", dir => "$tmp", %with);
}

# ---- the tables ----

($out, $err, $status) = analyze($demo);
is $status, 0, 'a trace' or diag $err;
is $out, '', 'nothing on standard output';
my $dir = "$tmp/orders.report";
ok -e "$dir/report.html" && -e "$dir/report.md", 'both reports' if -x "$build/sp-report";
run("sp-parse -q $demo | sp-fdmap >$tmp/events");
my $columns = 'calls,errors,total,time_percent,min,mean,max,p50,p90,p95,p99,bytes';
my %same = (
	syscalls => "sp-stats -c $columns $tmp/events",
	categories => "sp-stats --by category -c $columns $tmp/events",
	activity => "sp-stats --by category,fdtype --set io -c calls,errors,total,wait,active,active_percent,mean,p99,bytes $tmp/events",
	errors => "sp-stats --by syscall,errno -c calls,total,mean,max $tmp/events",
	modes => "sp-hist --modes -n 10 $tmp/events",
	timeline => "sp-stats --slices 400 --by category -c calls,errors,total,wait,bytes $tmp/events",
	fds => "sp-parse -q $demo | sp-fdmap --counts /dev/fd/3 3>&1 >/dev/null",
	threads => "sp-stats --by pid,tid,comm -c calls,errors,total,timed,wait,active,bytes,first,last $tmp/events",
);
for my $name (sort keys %same) {
	my ($expected) = run($same{$name});
	is table($dir, $name), $expected, "$name.tsv is what the filters say";
}
# The seven bars of a report are sums of rows.
my ($bars) = run("sp-hist --buckets 10us,50us,100us,500us,1ms,10ms -n 10 $tmp/events");
my %sum;
for (split /\n/, table($dir, 'hist')) {
	my ($syscall, $low, $high, $calls) = split /\t/;
	next if $low eq 'low_ns';
	my ($bar) = grep { $low >= $_ } 10e6, 1e6, 500e3, 100e3, 50e3, 10e3, 0;
	$sum{"$syscall $bar"} += $calls;
}
my %bar = map { my @f = split /\t/; ("$f[0] $f[1]" => $f[3]) } grep { !/low_ns/ } split /\n/, $bars;
is_deeply \%sum, \%bar, 'hist.tsv adds up to coarser ranges, exactly';

my $s = summary($dir);
is $s->{calls}, 1406, 'calls';
is $s->{errors}, 81, 'errors';
is $s->{command}, 'sh run.sh', 'the command';
is $s->{tracer}, 'strace', 'the tracer';
is $s->{processes}, 4, 'processes';
is $s->{wall_ns}, 27189516175000 - 27189375561000, 'time that passed';
is $s->{timeline_slice_ns}, 1000000, 'width of a slice';
like $s->{lacks}, qr/^No stacks/, 'what it lacks';
is table($dir, 'tree'), "parent\tchild\tcall\tstart_ns\n" . join('', map { "$_\n" }
	"17980\t17981\tvfork\t27189380612000", "17980\t17982\tclone\t27189391688000", "17980\t17983\tclone\t27189391865000"),
	'who started whom';

# ---- other inputs give the same ----

run("gzip -c $demo >$tmp/orders.log.gz; zstd -q -c $demo >$tmp/o.zst");
for my $way ("-o $tmp/way $tmp/orders.log.gz", "-o $tmp/way $tmp/o.zst", "-o $tmp/way/ $demo") {
	($out, $err, $status) = analyze($way);
	is $status, 0, $way or diag $err;
	is table("$tmp/way", $_), table($dir, $_), "$way: $_.tsv" for qw(syscalls files heat);
}
($out, $err, $status) = analyze("-o $tmp/way -", stdin => read_file($demo));
is table("$tmp/way", 'threads'), table($dir, 'threads'), 'from standard input';
($out, $err, $status) = analyze("-o $tmp/two $demo $tmp/orders.log.gz");
is summary("$tmp/two")->{calls}, 2812, 'two traces: both are counted';
is summary("$tmp/two")->{processes}, 8, 'their processes are different ones';
is summary("$tmp/two")->{traces}, "$demo, $tmp/orders.log.gz", 'both are named';

($out, $err, $status) = analyze("-o $tmp/way -", stdin => "PERFILE2\n");
like $err, qr/^sp-parse: hint: this is the data of perf record/, 'what has no calls is told from a trace of none';

my $counts = "$root/testdata/strace/summary-alone.trace";
($out, $err, $status) = analyze("-q -o $tmp/way $counts $demo");
is summary("$tmp/way")->{calls} . " $err", "1406 sp-analyze: $counts shows counts and no calls: left out\n", 'counts are no part of a report of calls';
($out, $err, $status) = analyze("-q -o $tmp/way $counts $counts");
is summary("$tmp/way")->{calls}, 32, 'by themselves they have one';
like summary("$tmp/way")->{lacks}, qr/^The times of strace -c are the kernel's on a CPU, .*\|These are counts/, 'which says what times these are';

# strace -ttt: more nanoseconds than awk can count.
my $epoch = join '', map { sprintf "7 1795268234.%06d read(3, \"x\", 1) = 1 <0.000001>\n", $_ * 3000 } 1 .. 300;
write_file("$tmp/epoch.trace", $epoch);
analyze('epoch.trace');
$s = summary("$tmp/epoch.report");
is $s->{wall_ns}, 299 * 3_000_000 + 1000, 'dates are exact to the nanosecond';
is $s->{timeline_slice_ns}, 10_000_000, 'so are slices';
write_file("$tmp/hour.trace", join '', map { sprintf "%02d:%02d:00.000000 read(3, \"x\", 1) = 1 <0.000001>\n", 10 + $_ / 60, $_ % 60 } 0 .. 60);
analyze('hour.trace');
is summary("$tmp/hour.report")->{timeline_slice_ns}, 60_000_000_000, 'also wide ones';
like $s->{recorded}, qr/^2026-11-21 .* UTC$/, 'the date';

for my $case (['no-times', "7 read(3, \"x\", 1) = 1\n", qr/No durations.*No times/], ['nothing', '', qr/^$/],
	['no-names', "7 10:00:00.000001 getpid() = 7 <0.000002>\n", qr/No file names/],
	['one', "7 10:00:00.000001 close(3) = 0 <0.000002>\n", qr/No names of threads/], ['other-text', "hello\nworld\n", qr/2 lines were not understood/]) {
	my ($name, $text, $lacks) = @$case;
	write_file("$tmp/$name", $text);
	($out, $err, $status) = analyze($name);
	is $status, 0, $name or diag $err;
	like summary("$tmp/$name.report")->{lacks} // '', $lacks, "$name: what it lacks";
}
($out, $err, $status) = analyze("-o $tmp/maps $root/testdata/bpftrace/maps-of-counts.trace");
is $status, 0, 'counts without events' or diag $err;
is summary("$tmp/maps")->{calls}, 5, 'are counted';

# The data of perf record is binary: the report says what makes text of it. A file called - is no standard input.
write_file("$tmp/perf.data", "PERFILE2h\0\0\n");
analyze('perf.data');
like summary("$tmp/perf.data.report")->{lacks}, qr/\|This is the data of perf record; perf script -i FILE writes it as text\.$/, 'perf.data';
write_file("$tmp/-", "7 10:00:00.000001 close(3) = 0 <0.000002>\n");
analyze("-o $tmp/way -", stdin => read_file($demo));
is table("$tmp/way", 'threads'), table($dir, 'threads'), 'standard input, where there is a file called -, too';
unlink "$tmp/-";

# Columns that begin or end elsewhere: names of what is traced do no harm.
write_file("$tmp/it's \"odd\" \$(touch pwned);.log", read_file($demo));
($out, $err, $status) = analyze("\"it's \\\"odd\\\" \\\$(touch pwned);.log\"");
is $status, 0, 'a name with everything in it' or diag $err;
ok -e "$tmp/it's \"odd\" \$(touch pwned);.report/summary.tsv" && !-e "$tmp/pwned", 'is a name';

mkdir "$tmp/a=b";
($out, $err, $status) = analyze("-o a=b/c=d $demo");
ok $status == 0 && table("$tmp/a=b/c=d", 'summary') =~ /^calls\t1406$/m, 'a folder whose name looks like an assignment' or diag $err;
($out, $err, $status) = analyze("-o run=1 --fail-on medium $demo");
ok $status == 1 && $err =~ m{^sp-analyze: findings: 1 medium\nsp-analyze: run=1/report.html: 1406 calls, 1 medium, 3 low$}m, 'which is a gate, too' or diag "status $status: $err";

# Of large traces the rules are dealt out: the findings are the same, in the same order.
{
	my $lines = join '', map { sprintf "%d 10:%02d:%02d.%06d %s\n", 7 + $_ % 3, $_ / 60000, $_ / 1000 % 60, $_ % 1000 * 1000, $_ % 4 == 0
		? "openat(AT_FDCWD, \"/etc/absent" . ($_ % 40) . "\", O_RDONLY) = -1 ENOENT (No such file or directory) <0.009000>" : $_ % 4 == 1
		? "write(1</tmp/log" . ($_ % 8) . ">, \"x\", 1) = 1 <0.020000>" : $_ % 4 == 2 ? "fsync(1</tmp/log" . ($_ % 8) . ">) = 0 <0.140000>"
		: 'futex(0x7f, FUTEX_WAIT, 2, NULL) = -1 EAGAIN (Resource temporarily unavailable) <0.000010>' } 1 .. 40_000;
	write_file("$tmp/small.log", $lines);
	analyze('small.log');
	my $script = read_file("$root/scripts/sp-analyze");
	ok $script =~ s{\Q((size <= 100000000)) || exec {dealt}< <((($(nproc) <= 2)) ||\E}{exec {dealt}< <(}, 'what counts as large';
	mkdir "$tmp/dealing";
	write_file("$tmp/dealing/sp-analyze", $script);
	chmod 0755, "$tmp/dealing/sp-analyze";
	($out, $err, $status) = run("$tmp/dealing/sp-analyze -o dealt small.log", dir => "$tmp");
	is table("$tmp/dealt", 'findings'), table("$tmp/small.report", 'findings'), 'dealt out: the same findings' or diag $err;
	cmp_ok scalar(split /\n/, table("$tmp/dealt", 'findings')), '>', 3, 'of which there are some';
}

# ---- what is not done does not look done ----

sub nothing_left {
	my ($name) = @_;
	my @left = grep { m{/\.sp-analyze} } glob "$tmp/.sp-*";
	is_deeply \@left, [], "$name: nothing is left behind";
}
($out, $err, $status) = analyze('nonesuch');
ok $status == 2 && $err =~ /^sp-analyze: cannot read nonesuch$/m, 'a missing trace' or diag $err;
nothing_left('a missing trace');
mkdir "$tmp/mine";
write_file("$tmp/mine/thesis.txt", 'years of work');
($out, $err, $status) = analyze("-o mine $demo");
ok $status == 2 && $err =~ /mine is there and has not been written by sp-analyze/, 'a folder of somebody else' or diag $err;
is join(' ', glob "$tmp/mine/*"), "$tmp/mine/thesis.txt", 'stays as it is';

# A filter that fails, each in its turn.
for my $broken (qw(sp-parse sp-fdmap sp-hist sp-stats sp-io sp-advise sp-tee sp-report)) {
	next unless -x "$build/$broken";
	mkdir "$tmp/bad-$broken";
	write_file("$tmp/bad-$broken/sp-analyze", read_file("$root/scripts/sp-analyze"));
	write_file("$tmp/bad-$broken/$broken", "#!/bin/sh\ntest \"\$1\" = --version && exit\necho $broken: out of luck >&2\nexit 7\n");
	chmod 0755, glob "$tmp/bad-$broken/*";
	($out, $err, $status) = run("$tmp/bad-$broken/sp-analyze -o never $demo", dir => "$tmp");
	ok $status == 2 && $err =~ /out of luck/ && $err =~ /^sp-analyze: .*(?:failed|out of luck)/m && !-e "$tmp/never",
	    "a broken $broken" or diag "status $status\n$err";
	nothing_left("a broken $broken");
}

# The end of a compressed trace is missing.
write_file("$tmp/cut.gz", substr read_file("$tmp/orders.log.gz"), 0, 9000);
($out, $err, $status) = analyze('cut.gz');
is $status, 2, 'a damaged trace';
like $err, qr/^sp-parse: cut\.gz:\d+: damaged/m, 'is named';
like summary("$tmp/cut.report")->{lacks}, qr/damaged/, 'what could be read is reported, and what happened';

# Ended in the middle, when the trace is being read: everything ends, nothing is left.
for my $signal (qw(INT TERM HUP)) {
	($out, $err, $status) = run("mkfifo $tmp/slow.$signal; (exec 3>$tmp/slow.$signal; head -c 100000 $demo >&3; sleep 20 & echo \$! >$tmp/sleeper; wait) & "
	    . "perl -e 'setpgrp; \$SIG{$signal} = \"DEFAULT\"; exec \@ARGV' sp-analyze -o $tmp/ended $tmp/slow.$signal & pid=\$!; for _ in {1..400}; do pgrep -f '[s]p-parse .*$tmp/slow.$signal' >/dev/null && break; sleep 0.05; done; kill -$signal \$pid; wait \$pid; s=\$?; kill \$(cat $tmp/sleeper); exit \$s");
	ok $status > 128 && !-e "$tmp/ended", "ended by SIG$signal" or diag "status $status\n$err";
	nothing_left("SIG$signal");
	($out) = run("pgrep -f '[s]p-parse .*$tmp/slow.$signal'");
	is $out, '', 'no process either';
}

for my $usage ('', '--top x a', '--fail-on worst a', '--no-such a', '--', "a -- b") {
	($out, $err, $status) = analyze($usage);
	ok $status == 2 && $err ne '' && $out eq '', "wrong usage: $usage" or diag $err;
}

# ---- one file ----

{
	($out, $err, $status) = analyze("-q -o - $demo");
	ok $status == 0 && $err eq '' && $out =~ /fdatasync/, 'Markdown to standard output' or diag $err;
	mkdir "$tmp/threads";
	write_file("$tmp/threads/t.$_", "10:00:00.00000$_ execve(\"/bin/t\", [\"t\", \"$_\"], 0x7ffd /* 9 vars */) = 0 <0.000002>\n") for 7, 8;
	($out, $err, $status) = analyze('-o - --merge --against threads threads');
	ok $status == 0 && $out =~ /^\| command \| t 7 \| t 7 \|$/m, 'folders of a file for each thread, side by side' or diag "$out$err";
	analyze("-o one.html $demo");
	like read_file("$tmp/one.html"), qr/^<!doctype html>/i, 'one HTML file';
	($out, $err, $status) = analyze("-o side.md --against $demo $tmp/orders.log.gz");
	is $status, 0, 'two runs' or diag $err;
	nothing_left('one file');
}

# ---- files are not lost among pipes ----

write_file("$tmp/pipes.log", join '', map { "7 1795268000.00010$_->[0] $_->[1] = 1 <$_->[2]>\n" } [ 1, 'read(3</etc/passwd>, "x", 1)', 0.00001 ],
	[ 2, 'read(4<pipe:[17]>, "x", 1)', 0.5 ], [ 3, 'read(5<socket:[18]>, "x", 1)', 0.25 ]);
(undef, $err, $status) = analyze('-q -o pipes pipes.log');
is $status, 0, 'files, pipes and sockets' or diag $err;
for ([ files => '/etc/passwd' ], [ pipes => 'pipe:[17]' ], [ sockets => 'socket:[18]' ]) {
	my ($name, $path) = @$_;
	is join(' ', map { (split /\t/)[0] } split /\n/, table("$tmp/pipes", $name)), "path $path", "$name.tsv";
}

# ---- what was started, from an execve as tracers write it ----

sub started {
	my ($words) = @_;
	write_file("$tmp/started.log", "7 1795268000.000000 execve(\"/bin/x\", [$words], 0x7ffc /* 9 vars */) = 0 <0.0001>\n7 1795268000.000500 close(3) = 0 <0.0001>\n");
	my (undef, $err, $status) = analyze('-q -o started started.log');
	is $status, 0, 'a trace that begins with a program' or diag $err;
	return summary("$tmp/started")->{command};
}
is started('"make", "-j2"'), 'make -j2', 'the words of a command';
is started('"sh", "-c", "tar czf x.t"...'), 'sh -c tar czf x.t...', 'the last of them cut off';
is started('"sh", "-c", "a"..., "b", ...'), 'sh -c a... b ...', 'and one in the middle';
is started('"sh", "-c", "\\techo \\"hi, [\\"you\\"]\\" \\\\n"'), 'sh -c  echo "hi, ["you"]" \\n', 'escapes of characters to be seen';
is started('"[", "-f", "x", "]"], ["HOME=/root", "A=[\"x\"]"'), '[ -f x ]', 'without the environment that strace -v shows';
like started('"x", "' . 'm' x 300_000 . '", "y"'), qr/^x m{19000,20000}\.\.\.$/, 'a word longer than an argument may be';

# ---- on a terminal ----

SKIP: {
	skip 'script(1) has no terminal to give', 1 if system('script -qec true /dev/null </dev/null >/dev/null 2>&1') != 0;
	# The first half comes at once, the second when somebody has had time to wonder.
	my $rows = read_file($demo) x 40;
	write_file("$tmp/tty.log", $rows);
	mkdir "$tmp/slowly";
	write_file("$tmp/slowly/sp-analyze", read_file("$root/scripts/sp-analyze"));
	write_file("$tmp/slowly/sp-tee", "#!/bin/sh\nsleep 3\nexec $build/sp-tee \"\$@\"\n");
	chmod 0755, glob "$tmp/slowly/*";
	($out) = run("script -qec '$tmp/slowly/sp-analyze -o shown tty.log' /dev/null </dev/null", dir => "$tmp");
	like $out, qr/\rsp-analyze: \d+ % of 7 MB, \d+ MB\/s, \d+ s left .*\r.*: 56240 calls/s, 'progress is shown on a terminal';
}

# ---- live ----

SKIP: {
	my (undef, undef, $can) = run('strace -o /dev/null true');
	skip 'strace may not trace here', 4 if $can;
	($out, $err, $status) = analyze('-b strace -o live -- sh -c "cat /etc/passwd >/dev/null; exit 3"');
	is $status, 0, 'a command' or diag $err;
	is summary("$tmp/live")->{exit_status}, 3, 'its exit status is told';
	ok -s "$tmp/live/trace.log", 'its trace is kept';
	($out, $err, $status) = analyze(q{-q -b strace -o live -- sh -c 'printf "caf\\351\\0 " >&2; env | grep SP_TRACE >&2; exit 3'});
	ok $err =~ /^caf\351\0 \z/m, 'its standard error comes as it is, and at once' or diag $err;
}
# ---- where events go, and an environment with nothing in it ----

run("mkfifo $tmp/fifo");
my ($events) = run("sp-parse -q --with line $demo | sp-fdmap");
($out, $err, $status) = run("timeout 60 cat $tmp/fifo & sp-analyze -q -o $tmp/at.html --events $tmp/fifo $demo; wait");
ok $out eq $events && -p "$tmp/fifo", 'a pipe is written into, and not replaced' or diag $err;
for my $bad ("$tmp/nonesuch/events", $tmp) {
	($out, $err, $status) = run("sp-analyze -q -o $tmp/at --events $bad testdata/nonesuch");
	ok $status == 2 && $err =~ /^sp-analyze: (?:cannot write to \Q$bad\E|\Q$bad\E is a folder)$/, 'where events cannot go is told before any work' or diag $err;
}
($out, $err, $status) = run("cd $tmp && env -i $root/scripts/sp-analyze -q -o bare $demo");
is "$status $err", '0 ', 'without PATH';

# Where bounds were met, by either part of the rules:
for my $part (0, 1) {
	my $work = "$tmp/bounds$part";
	run("mkdir -p $work/tables");
	my %text = (calls => "calls,errors,total_ns\n1,0,1\n", statuses => "0 0 0 0\n", 'parse.err' => qq({"lines":1}\n));
	$text{"findings.$_"} = "severity\trule\tsubject\tcalls\ttotal_ns\tsaves_ns\n" for 0, 1;
	$text{"findings.$_.err"} = $_ == $part ? "sp-advise: warning: small-reads: more than 9 groups; others are left out\n" : '' for 0, 1;
	write_file("$work/$_", $text{$_}) for keys %text;
	($out, $err, $status) = run("sp-analyze-summary $work");
	like $out, qr/^lacks\tA bound of sp-advise was met: small-reads: more than 9 groups\.$/m, "a bound that part $part met" or diag "$status $err";
}

done_testing;
