#!/usr/bin/perl
# compare: what sp-normalize, sp-diff and sp-compare promise: the planted pair's numbers, gates, the
# tests of significance, stable names, the same text for two runs, and that normalising twice is
# normalising once.
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

# ---- the planted pair ----

(undef, $err, $status) = run("$root/tests/compare-pair $tmp");
is $status, 0, 'the planted pair is made' or diag $err;
($out, $err, $status) = run("sp-compare $tmp/rust_put.strace $tmp/cpp_put.strace");
is $status, 0, 'sp-compare succeeds' or diag $err;
for my $line (
	'total\s+104\s+1,716\s+1,612\s+1550.00', 'file_ops\s+23\s+58\s+35\s+152.17', 'memory\s+47\s+37\s+-10\s+-21.28',
	'write_ops\s+6\s+396\s+390\s+6500.00', 'read_ops\s+11\s+397\s+386\s+3509.09', 'seek_ops\s+new\s+0\s+779\s+779',
	'other\s+17\s+49\s+32\s+188.24', 'zero writes\s+new\s+0\s+353\s+353\s+0.00\s+89.14',
	'data writes\s+6\s+43\s+37', 'small writes\s+2\s+21',
) {
	like $out, qr/^$line/m, "sp-compare says: $line";
}
like $out, qr/^zero writes seen in part\s+new\s+0\s+353/m, 'and that these zeros are cut';
like $out, qr/^lines_a +lines_b +common +similarity\n +1,718 +106 +80 +0\.087719$/m, 'and how alike they are: 2 * 80 / (1718 + 106)';

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
	($out) = run("sp-diff -o tsv --show calls,time,p99 $tmp/f100 $tmp/f112");
	is {rows($out)}->{read}{calls_percent}, '12.00', 'finished tables can be compared';
	is {rows($out)}->{read}{latency}, '', 'without a test of significance';
	($out, $err, $status) = run("sp-diff --fail-if 'p50 > +1%' <(sp-stats -o tsv $tmp/s1) <(sp-stats -o tsv $tmp/s125)");
	for my $options ('', '--top 1', '--by pid', '--by path,syscall', '--every 1ms', '--columns syscall,calls') {
		my $stats = "sp-parse -q $root/testdata/demo/orders.log | sp-stats -o tsv $options";
		run("$stats >$tmp/without; $stats --total >$tmp/with");
		cmp_ok -s "$tmp/with", '>', -s "$tmp/without", "sp-stats --total $options adds rows";
		is +(run("sp-diff -o tsv --total $tmp/with $tmp/with"))[0], (run("sp-diff -o tsv --total $tmp/without $tmp/without"))[0],
		    'which are no groups';
	}
	write_file("$tmp/own", "comm\tcalls\ttotal_ns\na\t10\t5\ntotal\t90\t7\n");
	like +(run("sp-diff -o tsv $tmp/own $tmp/own"))[0], qr/^total\t\t90\t/m, 'a group that is called total is one';
	like $err, qr/^sp-diff: p50 > \+1%: not tested, for a finished table has no latencies/m, 'which a gate says';
	($out, $err, $status) = run("sp-diff --by category $tmp/f100 $tmp/f112");
	ok $status == 2 && $err =~ /--by category: \S+ is a finished table/, 'and cannot be grouped anew' or diag $out . $err;
	($out, $err, $status) = run("sp-diff -o tsv --by syscall $tmp/f100 $tmp/f112");
	is $status, 0, 'its own groups may be named' or diag $err;
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

# ---- names ----

sub text {
	my ($options, @rows) = @_;
	my $input = "start_ns\tdur_ns\tpid\ttid\tkind\tsyscall\tret\terrno\tfd\tpath\tnote\targs\n" . join '', map { "$_\n" } @rows;
	my ($text, $errors, $exit) = run("sp-normalize --text $options", stdin => $input);
	diag $errors if $exit;
	return $text;
}
sub call { my ($tid, $call, $ret, $args, %with) = @_;
	return join "\t", $with{start} // '', $with{dur} // '', $with{pid} // $tid, $tid, 'call', $call, $ret, $with{errno} // '',
	    $with{fd} // '', $with{path} // '', '', $args }
my $base = 0x7f12 << 32;
is text('', call(5, 'mmap', $base, '(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0)'),
	call(5, 'mprotect', 0, sprintf('(0x%x, 4096, PROT_READ)', $base + 4096)),
	call(5, 'munmap', 0, sprintf('(0x%x, 8192)', $base)),
	call(5, 'mmap', $base, '(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0)')),
	"=== 1\nmmap(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0) = ADDR1\nmprotect(ADDR1+0x1000, 4096, PROT_READ) = 0\n"
	. "munmap(ADDR1, 8192) = 0\nmmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = ADDR2\n",
	'addresses: offsets in a mapping; what is mapped anew is another thing';
is text('', call(5, 'openat', 7, '(AT_FDCWD, "/a", O_RDONLY)', fd => 7), call(5, 'close', 0, '(7)', fd => 7),
	call(5, 'openat', 7, '(AT_FDCWD, "/b", O_RDONLY)', fd => 7), call(5, 'dup2', 1, '(7, 1)', fd => 1), call(5, 'write', 1, '(1, "x", 1)', fd => 1)),
	"=== 1\nopenat(AT_FDCWD, \"/a\", O_RDONLY) = FD3\nclose(FD3) = 0\nopenat(AT_FDCWD, \"/b\", O_RDONLY) = FD4\n"
	. "dup2(FD4, 1) = 1\nwrite(1, \"x\", 1) = 1\n", 'descriptors: a number opened again is another one, 0 to 2 stay';
is text('', call(50, 'fork', 70, '()'), call(70, 'getpid', 70, '()'), call(50, 'fork', 61, '()'), call(61, 'kill', 0, '(50, SIGTERM)'),
	call(50, 'wait4', 61, '(-1, NULL, 0, NULL)')),
	"=== 1\nfork() = PID2\nfork() = PID3\nwait4(-1, NULL, 0, NULL) = PID3\n\n=== 1.1\ngetpid() = PID2\n\n=== 1.2\nkill(PID1, SIGTERM) = 0\n",
	'processes: by lineage';
# A number is opened by one thread before the close by another one returns.
is text('', call(1, 'openat', 4, '("/a")', fd => 4, start => 100, dur => 10), call(2, 'openat', 4, '("/b")', pid => 1, fd => 4, start => 225, dur => 10),
	call(1, 'close', 0, '(4)', fd => 4, start => 220, dur => 30), call(2, 'close', 0, '(4)', pid => 1, fd => 4, start => 300, dur => 5)),
	"=== 1\nopenat(\"/a\") = FD3\nclose(FD3) = 0\n\n=== 2\nopenat(\"/b\") = FD4\nclose(FD4) = 0\n", 'threads: a close is of what was open when it began';
like text('', call(5, 'openat', 3, '(AT_FDCWD, "/tmp/abc.1/x", O_RDONLY)', fd => 3), call(5, 'unlink', 0, '("/home/ann/.cache/0123456789abcdef0123456789abcdef")'),
	call(5, 'openat', 3, '(AT_FDCWD, "/proc/5/maps", O_RDONLY)', fd => 3), call(5, 'connect', 0, '(3, {sin_port=htons(80)}, 16)', fd => 3),
	call(5, 'getsockname', 0, '(3, {sin_port=htons(51234)}, 16)', fd => 3)),
	qr{/tmp/TMP1/x.*/home/USER/\.cache/HASH1.*/proc/PID1/maps.*htons\(80\).*htons\(PORT1\)}s, 'temporary names, users, hashes, processes, ports';
like text('', call(5, 'read', 1024, '(3</proc/5/maps>, "55d8a47ec000-55d8a4800000 r--p 0"..., 1024)', fd => 3),
	call(5, 'read', 3, '(4</proc/5/maps.txt>, "abc", 1024)', fd => 4)), qr{\Q/proc/PID1/maps>, "SYSTEM", 1024) = 1024\E.*"abc"}s,
	'what /proc tells of memory';
like text("--rule 's/rust\\.ms|cpp\\.ms/TABLE.ms/'", call(5, 'unlink', 0, '("rust.ms")')), qr/unlink\("TABLE\.ms"\)/, '--rule';
like text("--rule 's/(a+)(b)/\$2\\1/'", call(5, 'unlink', 0, '("aab")')), qr/unlink\("baa"\)/, '--rule with groups';
($out, $err, $status) = run("sp-normalize --rule 's/a(/b/'");
ok $status == 2 && $err =~ /--rule:1:5.*parenthesis/s, 'a bad --rule is shown with its place' or diag $err;
write_file("$tmp/rules.yaml", "rules:\n  - name: X\n    match: '['\n");
($out, $err, $status) = run("sp-normalize --rules $tmp/rules.yaml");
ok $status == 2 && $err =~ /rules\.yaml:3:5: .*character class/, 'a bad rule in a file too' or diag $err;
write_file("$tmp/rules.yaml", "rules:\n  - id: mine\n    match: 'x(\\d+)'\n    name: X\n");
like text("--rules $tmp/rules.yaml", call(5, 'unlink', 0, '("x12-x7-x12")')), qr/"xX1-xX2-xX1"/, '--rules: the same text the same number';
like text("--keep mine --rules $tmp/rules.yaml", call(5, 'unlink', 0, '("x12")')), qr/"x12"/, '--keep';
($out, $err, $status) = run("sp-normalize --rule 's/(a|aa)+\$/x/' --text", stdin => "tid\tsyscall\targs\n1\tunlink\t(\"" . 'a' x 5000 . "b\")\n");
ok $status == 0 && $err =~ /match limit/, 'a rule that runs away is stopped, and said so';
($out, $err, $status) = run("sp-normalize --memory 1KiB $tmp/a.tsv");
ok $status == 2 && $err =~ /--memory 1024/, 'a trace that does not fit is an error';
like text('--loops', map { (call(5, 'lseek', $_, "(4, $_, SEEK_SET)", fd => 4), call(5, 'write', 2, '(4, "\0\0", 2)', fd => 4)) } 1 .. 353),
	qr/^\(lseek, write zeros\) x 353 on FD3$/m, '--loops';
sub loops_of {
	my ($call, @sizes) = @_;
	my ($text) = run('sp-normalize --loops', stdin => "tid\tsyscall\tret\tfd\tbytes\targs\n"
		. join '', map { "5\t$call\t$_\t1\t$_\t(1, \"a\"..., 4096)\n" } @sizes);
	return $text;
}
is loops_of('write', 8, 54, 8, 8, 8, 79, 4000, 9), "=== 1\n(write 8-4000 data) x 8 on FD1\n", 'another size each time is a loop, too';
unlike loops_of('write', 8, 54, 5, 6, 8, 79, 4000), qr/ x /, 'seven of them are not';
is loops_of('write', (4096) x 5, 100, 7), "=== 1\n(write 4096 data) x 5 on FD1\nwrite(1, \"a\"..., 4096) = 100\nwrite(1, \"a\"..., 4096) = 7\n",
	'most of one size are told apart from the rest';
is loops_of('read', 5, 7, 3, 9, 2, 4, 6, 1, 0), "=== 1\n(read 1-9) x 8 on FD1\nread(1, \"a\"..., 4096) = 0\n", 'the end of a file is no other size';

# The text of perf trace, of perf script and of bpftrace.
like text('', call(5, 'openat', 3, '(dfd: CWD, filename: 0xa821d0b1, flags: RDONLY)', fd => 3), call(5, 'mmap', 140213551161344, '(len: 48699, prot: READ, flags: PRIVATE, fd: 3)', fd => 3),
	call(5, 'access', -1, '(filename: 0xa821d0b1, mode: R)', errno => 'ENOENT')),
	qr/^openat\(dfd: CWD, filename: ADDR(\d+), flags: RDONLY\) = FD3\nmmap\(len: 48699, prot: READ, flags: PRIVATE, fd: FD3\) = ADDR\d+\naccess\(filename: ADDR\1, mode: R\)/m, 'arguments with their names, and halves of pointers';
like text('', call(5, 'openat', 3, '(0xffffff9c, 0x7f85a821d0b1, 0x80000, 0)', fd => 3), call(5, 'read', 832, '(0x3, 0x7ffeb9a72688, 0x340)', fd => 3)),
	qr/^openat\(0xffffff9c, ADDR\d+, 0x80000, 0\) = FD3\nread\(FD3, ADDR\d+, 0x340\) = 832$/m, 'bare numbers';

# ---- laws ----

{
	for my $trace ("$root/testdata/demo/orders.log", "$tmp/rust_put.strace") {
		my ($once) = run("sp-parse -q $trace | sp-normalize");
		my ($twice) = run("sp-parse -q $trace | sp-normalize | sp-normalize");
		ok $once eq $twice, "normalised twice is normalised once: $trace" or diag unified_diff($once, $twice);
		my ($direct) = run("sp-parse -q $trace | sp-normalize --text");
		my ($later) = run("sp-parse -q $trace | sp-normalize | sp-normalize --text");
		ok $direct eq $later, "the text of normalised events is the same: $trace" or diag unified_diff($direct, $later);
		($once) = run("sp-parse -q $trace | sp-normalize --fold startup 2>/dev/null");
		($twice) = run("sp-parse -q $trace | sp-normalize --fold startup | sp-normalize --fold startup 2>/dev/null");
		ok $once eq $twice, "and folded: $trace" or diag unified_diff($once, $twice);
	}
}

# ---- live ----

SKIP: {
	my (undef, undef, $can) = run('strace -o /dev/null true');
	skip 'strace may not trace here', 1 if $can;
	($out, $err, $status) = run("scripts/check-normalize --short");
	is $status, 0, 'two runs of the same program give the same text' or diag $out . $err;
}

# ---- sp-compare on folders ----

run("mkdir -p $tmp/pairs; for n in a b; do cp $tmp/rust_put.strace $tmp/pairs/rust_\$n.strace; cp $tmp/cpp_put.strace $tmp/pairs/cpp_\$n.strace; done; cp $tmp/rust_put.strace $tmp/pairs/rust_c.strace");
($out, $err, $status) = run("sp-compare --pairs 'rust_*.strace' 'cpp_*.strace' -d $tmp/results", dir => "$tmp/pairs");
is $status, 0, 'sp-compare --pairs' or diag $err;
like $out . $err, qr/rust_c\.strace/, 'an unpaired file is named';
ok -s "$tmp/results/$_", "it writes $_" for map { ("$_/summary.txt", "$_/rust.txt", "$_/cpp.txt", "$_/diff", "$_/seek_ops.diff") } qw(a b);
# More loops than a pipe holds.
write_file("$tmp/loops.strace", join '', map { ("lseek(3, $_, SEEK_SET) = $_\n", ("getppid() = $_\n") x 3) } 1 .. 6000);
($out, $err, $status) = run("sp-compare -n 2 $tmp/loops.strace $tmp/cpp_put.strace");
ok $status == 0 && $out =~ /^Loops of loops\n(.* x 3.*\n){2}\n/m, 'sp-compare shows the first of many loops' or diag "exit $status", $out, $err;
# Names with blanks, and a folder whose name looks like an assignment of awk.
run("mkdir -p '$tmp/odd pairs'; cp $tmp/rust_put.strace '$tmp/odd pairs/my rust a.log'; cp $tmp/cpp_put.strace '$tmp/odd pairs/cpp a.log'");
($out, $err, $status) = run("sp-compare --pairs 'my rust *.log' 'cpp *.log' -d a=b", dir => "$tmp/odd pairs");
ok $status == 0 && $err eq '' && $out =~ /^a +[1-9]/m, 'names with blanks are paired' or diag $out . $err;
# The folder may be anybody's.
run("mkdir $tmp/full; touch $tmp/full/.bashrc $tmp/full/.aws $tmp/full/.names");
run("sp-compare -d $tmp/full $tmp/rust_put.strace $tmp/cpp_put.strace");
is join(' ', map { m{([^/]+)$} } glob "$tmp/full/.[a-z]*"), '.aws .bashrc .names', 'hidden files of the folder stay, none is added';
# A run called like the file that the summary goes into, and a folder with a backslash.
my ($alike) = (run("sp-compare -l r,c $tmp/rust_put.strace $tmp/cpp_put.strace"))[0] =~ /^(lines_a.*\n.*)/m;
run("cp $tmp/rust_put.strace $tmp/summary.log");
($out, $err, $status) = run("sp-compare -d '$tmp/back\\tslash' $tmp/summary.log $tmp/cpp_put.strace");
ok $status == 0 && index($out, $alike) >= 0 && -s "$tmp/back\\tslash/summary_.txt", 'a run called summary' or diag "status $status: $err";
# Event tables of any columns, compressed as they are, and through pipes.
my ($summary) = run("sp-compare -l r,c $tmp/rust_put.strace $tmp/cpp_put.strace | sed 1d");
run("sp-parse -q -c syscall,start_ns,dur_ns,pid,tid,kind,ret,errno,fd,bytes,path,args $tmp/rust_put.strace | zstd -q >$tmp/rust_put.tsv.zst");
($out, $err, $status) = run("sp-compare -l r,c $tmp/rust_put.tsv.zst <(cat $tmp/cpp_put.strace) | sed 1d");
ok $out eq $summary && length $out, 'a compressed table and a pipe' or diag unified_diff($summary, $out . $err);
for my $bad ("$tmp/nonesuch $tmp/cpp_put.strace", "-l a/b,c $tmp/rust_put.strace $tmp/cpp_put.strace", "-r 's/(/x/' $tmp/rust_put.strace $tmp/cpp_put.strace", "/dev/null /dev/null") {
	($out, $err, $status) = run("sp-compare $bad");
	ok $status == 2 && $err =~ /^sp-\w+: /m, "sp-compare $bad is refused" or diag $out . $err;
}
done_testing;
