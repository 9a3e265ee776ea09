#!/usr/bin/perl
# diff: what sp-diff promises: patterns of writes, gates, all kinds of input, the tests of significance, and how
# alike two texts are.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my ($out, $err, $status);

# Rows of an aligned or TSV table by their first column.
sub rows {
	my ($tsv) = @_;
	my ($header, @lines) = map { [split /\t/, $_, -1] } split /\n/, $tsv;
	my %rows;
	for my $line (@lines) {
		my %row;
		@row{@$header} = @$line;
		$rows{ $line->[0] } = \%row;
	}
	return %rows;
}

# ---- payloads ----

my $header = "tid\tkind\tsyscall\tret\terrno\tfd\tbytes\targs\n";
sub payload { return "1\tcall\twrite\t$_[1]\t\t3\t$_[1]\t(3, $_[0], $_[1])\n" }
write_file("$tmp/a.tsv", $header . payload('"\0\0\0"', 3) . payload('"\0\0\000\61"', 4) . payload('"\x00\x00"...', 4096)
	. payload('0x7ffc12345678', 64) . payload('"\0a"', 2) . payload('""', 0) . payload('"\0\0001"', 3)
	. "1\tcall\twritev\t6\t\t3\t6\t(3, [{iov_base=\"\\0\\0\", iov_len=2}, {iov_base=\"\\0\\0\\0\\0\", iov_len=4}], 2)\n");
($out) = run("sp-diff --patterns -o tsv --show calls /dev/null $tmp/a.tsv");
my %row = rows($out);
is join(' ', map { $row{$_}{b_calls} // 0 } 'writes', 'zero writes', 'zero writes seen in part', 'data writes', 'writes not shown'),
	'8 3 1 4 1', 'zero bytes are told from data';

# ---- gates ----

sub calls {
	my ($name, $n, $us) = @_;
	return write_file("$tmp/$name", "syscall\tdur_ns\terrno\n" . join '', map { "read\t" . 1000 * $us->($_) . "\t\n" } 1 .. $n);
}
my $flat = sub { 10 + $_[0] % 7 };
calls('n100', 1000, $flat);
calls('n112', 1120, $flat);
calls('n108', 1080, $flat);
($out, $err, $status) = run("sp-diff --fail-if 'calls > +10%' $tmp/n100 $tmp/n112");
is $status, 1, '12 % more calls fail';
like $err, qr/gate failed: calls > \+10%: total 1,000 -> 1,120 \(\+12.0 %\)/, 'with the figures';
($out, $err, $status) = run("sp-diff --fail-if 'calls > +10%' $tmp/n100 $tmp/n108");
is "$status$err", 0, '8 % pass, silently';

# A tail whose slowest calls take 25 % longer.
my $tail = sub {
	my ($factor) = @_;
	return sub { my $i = $_[0] * 7919 % 10007; return $i < 9700 ? 10 + $i % 90 : int((1000 + $i % 300) * $factor) };
};
calls('t1', 10000, $tail->(1));
calls('t125', 10000, $tail->(1.25));
($out, $err, $status) = run("sp-diff --fail-if 'p99 > +20%' $tmp/t1 $tmp/t125");
is $status, 1, 'p99 25 % worse over 10,000 calls fails';
like $err, qr/p99 > \+20%: read 1\.\d+ ms -> 1\.\d+ ms \(\+2\d/, 'with the figures';
calls('s1', 20, sub { $_[0] * 10 });
calls('s125', 20, sub { $_[0] * 12.5 });
($out, $err, $status) = run("sp-diff --fail-if 'p99 > +20%' $tmp/s1 $tmp/s125");
is $status, 0, 'the same over 20 calls passes';
like $err, qr/not significant: read 200 us -> 250 us/, 'and is reported as not significant';
($out) = run("sp-diff -o tsv $tmp/s1 $tmp/s125");
is {rows($out)}->{read}{p99_verdict}, '~', 'which the table shows as ~';

# Slow calls that all take the same time, as those do that time out.
calls('same1', 1000, sub { 10 });
calls('same3', 1000, sub { $_[0] > 970 ? 1000 : 10 });
calls('same100', 1200, sub { 20 });
calls('some', 9990, sub { $_[0] > 9980 ? 1000 : 10.123 });
calls('more', 9990, sub { $_[0] > 9900 ? 1000 : 10.123 });
for (['3 % that time out', 'p99 > +20%', 'same1', 'same3', 1], ['all twice as slow', 'p50 > +20%', 'same1', 'same100', 1], ['none any more', 'p99 < -20%', 'same3', 'same1', 1],
	['fewer than would be seen in p99', 'p99 > -1%', 'some', 'more', 0]) {
	my ($name, $gate, $first, $second, $expected) = @$_;
	($out, $err, $status) = run("sp-diff -o tsv --fail-if '$gate' $tmp/$first $tmp/$second");
	is $status, $expected, "$gate: $name" or diag $out, $err;
}
is {rows($out)}->{read}{p99_verdict}, '~', 'where a percentile is the same it is neither slower nor faster';

# What strace prints as 7 and as 8 us may be the same.
for my $us (7 .. 9) {
	calls("us$us", 1000, sub { $us + ($_[0] % 10 > 7) });
}
for ([8, 0, 'one microsecond more passes where there are no parts of it'], [9, 1, 'two fail']) {
	my ($us, $expected, $name) = @$_;
	($out, $err, $status) = run("sp-diff --fail-if 'p50 > +10%' $tmp/us7 $tmp/us$us");
	is $status, $expected, $name or diag $err;
}

write_file("$tmp/good", "syscall\tdur_ns\terrno\nread\t1000\t\n");
write_file("$tmp/bad", "syscall\tdur_ns\terrno\nread\t1000\tEIO\n");
($out, $err, $status) = run("sp-diff --fail-if new-errors $tmp/good $tmp/bad");
is $status, 1, 'new errors fail';
($out, $err, $status) = run("sp-diff --gate $tmp/good $tmp/good");
is $status, 0, 'a run against itself passes the gates for CI' or diag $err;
write_file("$tmp/below-nothing.tsv", "syscall\tcalls\terrors\nread\t-2000\t-20\n");
($out, $err, $status) = run("sp-diff --gate $tmp/below-nothing.tsv $tmp/below-nothing.tsv");
is $status, 0, 'so does a table of numbers below 0' or diag $err;
($out, $err, $status) = run("sp-diff -o tap $tmp/n100 $tmp/n112");
like $out, qr/^TAP version 13\n1\.\.3\nnot ok 1 - calls > \+10%\n# .*\nok 2/, 'TAP';
is $status, 1, 'TAP of a failed gate exits with 1';
for my $bad ('calls', 'calls > ten', 'speed > +10%', 'p99 > 20%') {
	($out, $err, $status) = run("sp-diff --fail-if '$bad' $tmp/good $tmp/bad");
	is $status, 2, "no gate: $bad";
}
($out, $err, $status) = run("sp-diff -o tsv --fail-if 'read: calls > +5%' --fail-if 'each: p50 > 1ms' --fail-if 'calls < -50%' $tmp/n100 $tmp/n112");
is $status, 1, 'a gate of one group';
is(() = $err =~ /gate failed/g, 1, 'and only that one');

($out, $err, $status) = run("sp-diff -o tap --fail-if 'raed: calls > +5%' --fail-if 'each: calls > +50%' $tmp/n100 $tmp/n112");
like $out, qr/^ok 1 - raed: calls > \+5% # SKIP neither run has this group\nok 2 - each: calls > \+50%$/m, 'a gate of no group is none';
like $err, qr/^sp-diff: warning: raed: calls > \+5%: neither run has the group raed;/m, 'and says so';
is $status, 0, 'and passes: another run may have it';
write_file("$tmp/empty", "syscall\tdur_ns\terrno\n");
for my $second ("$tmp/empty", '/dev/null') {
	($out, $err, $status) = run("sp-diff --gate $tmp/n100 $second");
	is $status, 1, 'a second run without a call passes no gate';
	is(() = $err =~ /gate failed: .*: the second run has no calls/g, 3, 'and each says why') or diag $err;
}

write_file("$tmp/untimed", "syscall\tdur_ns\terrno\n" . "read\t\t\n" x 1000);
for my $gate ('time > +10%', 'time > 1h', 'p99 > +20%', 'read: p50 > 1s') {
	($out, $err, $status) = run("sp-diff --fail-if '$gate' $tmp/n100 $tmp/untimed");
	ok $status == 1 && $err =~ /gate failed: \Q$gate\E: the second run has no (time|p\d+)$/m, "without times: $gate" or diag $err;
}
($out, $err, $status) = run("sp-diff -o tap $tmp/untimed $tmp/untimed");
like $out, qr/^ok 2 - p99 > \+20%\n# not checked: neither run has p99$/m, 'where neither has any, a note says so';
# A summary knows how long a single call took, but no percentiles of several.
write_file("$tmp/summary", "% time seconds usecs/call calls errors syscall\n50.00 0.000100 1 100 read\n50.00 0.000001 1 1 getpid\n");
run("sp-parse -q $tmp/summary >$tmp/counts");
for (['n100', 'counts', 1, 'gate failed: p99 > +20%: read has no p99'], ['counts', 'n100', 0, 'p99 > +20%: not checked: read has no p99'],
	['counts', 'counts', 0, 'p99 > +20%: not checked: read has no p99']) {
	my ($first, $second, $expected, $why) = @$_;
	($out, $err, $status) = run("sp-diff --fail-if 'p99 > +20%' $tmp/$first $tmp/$second");
	ok $status == $expected && $err =~ /\Q$why\E$/m, "$first, then $second: $why" or diag $status, $err;
}

($out, $err, $status) = run("sp-diff --gate $tmp/untimed $tmp/n100");
like $err, qr/^sp-diff: p99 > \+20%: not checked: the first run has no p99$/m, 'and where the first has none';
is $status, 0, 'which passes';
($out, $err, $status) = run("sp-diff -o tsv --fail-if 'time > +10%' --fail-if 'read: time < -10%' $tmp/untimed $tmp/n100");
like $err, qr/^sp-diff: time > \+10%: not checked: the first run has no time$/m, 'likewise for sums of time';
is $status, 0, 'and for those of a group' or diag $err;
%row = rows($out);
is "$row{read}{time_diff_ns}$row{read}{time_percent}$row{read}{p99_diff_ns}", '', 'nor is a difference shown to what is not known';
($out, $err, $status) = run("sp-diff --fail-if 'time > +10%' /dev/null $tmp/n100");
is $status, 1, 'a first run without calls took no time, however';

# ---- inputs ----

{
	write_file("$tmp/fds", "syscall\tfd\tdur_ns\nread\t3\t1000\ngetpid\t\t1000\n");
	my ($json) = run("sp-diff -o json --by fd $tmp/fds $tmp/fds");
	like $json, qr/^\{"fd":3,/m, 'numbers are numbers in JSON';
	like $json, qr/^\{"fd":null,/m, 'and what is missing is null';
	unlike $json, qr/"(p_value|effect|p99_p_value)":"/, 'so are results of tests';
}

{
	run("sp-stats --partial $tmp/n100 >$tmp/p100; sp-stats --partial $tmp/n112 >$tmp/p112; sp-stats -o tsv $tmp/n100 >$tmp/f100; sp-stats -o tsv $tmp/n112 >$tmp/f112");
	my ($events) = run("sp-diff -o tsv $tmp/n100 $tmp/n112");
	my ($partials) = run("sp-diff -o tsv $tmp/p100 $tmp/p112");
	is $partials, $events, 'partials compare as their events do';
	write_file("$tmp/sliced", "start_ns\tdur_ns\tsyscall\n" . join '', map { "$_\t10\tread\n" } 0, 60_000_000, 70_000_000);
	run("sp-stats --partial --every 50ms $tmp/sliced >$tmp/slices");
	($out) = run("sp-diff -o json --show calls $tmp/slices $tmp/slices");
	is join(' ', sort $out =~ /"slice_ns":(\S+?),"syscall":"read".*"b_calls":(\d)/mg), '0 1 2 50000000',
	    'slices of partials stay apart, and are numbers';
	($out) = run("sp-diff -o tsv --show calls,time,p99 $tmp/f100 $tmp/f112");
	is {rows($out)}->{read}{calls_percent}, '12.00', 'finished tables can be compared';
	is {rows($out)}->{read}{latency}, '', 'without a test of significance';
	($out, $err, $status) = run("sp-diff --fail-if 'p50 > +1%' <(sp-stats -o tsv $tmp/s1) <(sp-stats -o tsv $tmp/s125)");
	like $err, qr/^sp-diff: p50 > \+1%: not tested, for a finished table has no latencies/m, 'which a gate says';
	($out, $err, $status) = run("sp-diff --by category $tmp/f100 $tmp/f112");
	ok $status == 2 && $err =~ /--by category: \S+ is a finished table/, 'and cannot be grouped anew' or diag $out . $err;
	($out, $err, $status) = run("sp-diff -o tsv --by syscall $tmp/f100 $tmp/f112");
	is $status, 0, 'its own groups may be named' or diag $err;
	for my $options ('', '--top 1', '--by pid', '--by path,syscall', '--every 1ms', '--columns syscall,calls') {
		my $stats = "sp-parse -q $root/testdata/demo/orders.log | sp-stats -o tsv $options";
		run("$stats >$tmp/without; $stats --total >$tmp/with");
		cmp_ok -s "$tmp/with", '>', -s "$tmp/without", "sp-stats --total $options adds rows";
		is +(run("sp-diff -o tsv --total $tmp/with $tmp/with"))[0], (run("sp-diff -o tsv --total $tmp/without $tmp/without"))[0],
		    'which are no groups';
	}
	run("sp-stats -o tsv -c total,calls,p99 $tmp/n100 >$tmp/t100; sp-stats -o tsv -c total,calls,p99 $tmp/n112 >$tmp/t112");
	%row = rows(run("sp-diff -o tsv $tmp/t100 $tmp/t112"));
	is join(' ', sort keys %row) . " $row{read}{calls_percent} $row{read}{status}", 'read 12.00 ', 'a statistic before calls is no key';
	my $as_strace = 'sp-stats -o tsv --total -c time_percent,seconds,usecs_per_call,calls,errors,syscall';
	($out) = run("sp-diff -o tsv --show calls <($as_strace $tmp/n100) <($as_strace $tmp/n112)");
	is $out, "syscall\tstatus\ta_calls\tb_calls\tcalls_diff\tcalls_percent\nread\t\t1000\t1120\t120\t12.00\n", 'and a key behind it is one';
}
($out, $err, $status) = run('sp-diff - -');
is $status, 2, 'standard input is one run, not two' or diag $out . $err;
for my $form (qw(table tsv csv json md)) {
	($out, $err, $status) = run("sp-diff -o $form $tmp/good $tmp/n112");
	is $status, 0, "-o $form";
}
($out) = run("sp-diff -o tsv $tmp/good $tmp/a.tsv");
%row = rows($out);
is "$row{read}{status} $row{write}{status}", 'gone new', 'new and gone';

# ---- the tests of significance ----

# One slow call among five, where otherwise one of a hundred is slow: one run in twenty has that.
calls('rare100', 1000, sub { $_[0] % 100 ? 1 : 9 });
calls('rare5', 5, sub { $_[0] % 5 ? 1 : 9 });
for my $runs ("$tmp/rare100 $tmp/rare5", "$tmp/rare5 $tmp/rare100") {
	($out) = run("sp-diff -o tsv $runs");
	my %rare = rows($out);
	is $rare{read}{latency}, '~', 'one of five calls is no shift';
	cmp_ok $rare{read}{p_value}, '>', 0.05, 'nor near one';
}
# Two of 20 above the p99 of 1.5 million calls: 1 - 0.99**20 - 20 * 0.01 * 0.99**19 or nearly so
write_file("$tmp/many", "syscall\tcalls\terrors\twait_calls\twait_ns\ttimed\ttotal_ns\tsquares_ns\tmin_ns\tmax_ns\tmoves\tsum_bytes\tsquares_bytes"
	. "\tbins_ns\nread\t1500000\t0\t0\t0\t1500000\t0\t0\t100\t120\t0\t0\t0\t100:1485100,120:14900\n");
calls('few', 20, sub { ($_[0] > 18 ? 120 : 100) / 1000 });
($out) = run("sp-diff -o tsv $tmp/many $tmp/few");
cmp_ok abs({rows($out)}->{read}{p99_p_value} - 0.01665), '<', 0.0002, 'the quantile test is exact for few calls beside many';

($out, $err, $status) = run("$root/tests/diff-power 200");
is $status, 0, 'diff-power runs' or diag $err;
for my $line (grep { /^same/ } split /\n/, $out) {
	my @share = $line =~ /([\d.]+)%/g;
	cmp_ok $_, '<=', 4, "no more false alarms than the level allows: $line" for @share;
}
my ($power) = $out =~ /^all 25 % slower\s+1000\s+([\d.]+)%/m;
cmp_ok $power, '>=', 99, 'a quarter slower is found in 1,000 calls';

# ---- similarity ----

sub similarity {
	write_file("$tmp/x", join '', map { "$_\n" } split //, $_[0]);
	write_file("$tmp/y", join '', map { "$_\n" } split //, $_[1]);
	my ($text) = run("sp-diff --similarity -o tsv $tmp/x $tmp/y");
	return join ' ', (split /\t/, (split /\n/, $text)[1])[2, 3];
}
is similarity('abcbdab', 'bdcaba'), '4 0.615385', 'the textbook pair';
is similarity('abc', 'abc'), '3 1.000000', 'the same';
is similarity('abc', 'xyz'), '0 0.000000', 'nothing in common';
is similarity('', ''), '0 1.000000', 'nothing at all';
sub lcs_by_table {
	my ($a, $b) = @_;
	my @row = (0) x (@$b + 1);
	for my $x (@$a) {
		my $corner = 0;
		for my $j (1 .. @$b) {
			my $up = $row[$j];
			$row[$j] = $x eq $b->[$j - 1] ? $corner + 1 : $up > $row[$j - 1] ? $up : $row[$j - 1];
			$corner = $up;
		}
	}
	return $row[-1];
}
srand 1;
my $same = 1;
for (1 .. 20) {
	my @a = map { chr 97 + int rand 5 } 1 .. 50 + int rand 150;
	my @b = map { chr 97 + int rand 5 } 1 .. 50 + int rand 150;
	$same &&= (split ' ', similarity(join('', @a), join('', @b)))[0] == lcs_by_table(\@a, \@b);
}
ok $same, 'random texts: as by the table of all prefixes';

done_testing;
