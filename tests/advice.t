#!/usr/bin/perl
# advice: the rules that are shipped. For each one, testdata/GROUP/ID.fires is a scenario (Scenario.pm)
# in which it must speak, ID.near and ID.near2 are ones that look alike and in which it must not.
# Programs in good health get no advice of weight; a database server with the figures of an earlier
# tool's report gets the two findings that are in it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use Scenario;
use Sp;
use Test::More;

my $shipped = "--rules security";

# A table of findings as rows by column.
sub findings {
	my ($text) = @_;
	my ($header, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, $text;
	return map { my $row = $_; +{ map { $header->[$_] => $row->[$_] } 0 .. $#$header } } @rows;
}

sub advise {
	my ($trace, $rules) = @_;
	my ($out, $err, $status) = run("sp-parse -q $trace | sp-fdmap 2>/dev/null | sp-advise $rules -o tsv");
	is $status, 0, "sp-advise $rules reads " . basename $trace or diag $err;
	unlike $err, qr/columns are missing/, 'and knows all columns';
	return findings($out);
}

# ---- each rule ----

for my $group (qw(advice security)) {
	my @ids = read_file("$root/rules/$group.yaml") =~ /^  - id: (\S+)/mg;
	cmp_ok scalar @ids, '>=', { advice => 30, security => 10 }->{$group}, "$group.yaml has " . @ids . ' rules';
	my %known = map { $_ => 1 } @ids;
	for my $id (@ids) {
		ok -e "$root/testdata/$group/$id.fires" && -e "$root/testdata/$group/$id.near", "$id has both kinds of cases";
	}
	for my $file (sort grep { -f } glob "$root/testdata/$group/*") {
		my ($id, $kind) = basename($file) =~ /^([a-z0-9-]+)\.(fires|near)\d?$/;
		ok $id && $known{$id}, "$group/" . basename($file) . ' is about a rule' or next;
		write_file("$tmp/trace", scenario(read_file($file)));
		my ($out, $err, $status) = run("sp-parse -q $tmp/trace | sp-fdmap | sp-advise --no-default-rules --rules rules/$group.yaml --only $id -o tsv");
		my @findings = findings($out);
		my $right = $status == 0 && ($kind eq 'fires' ? @findings > 0 : @findings == 0);
		ok $right, "$group/$id.$kind" or diag $out, $err;
		next unless $kind eq 'fires' && @findings;
		my $f = $findings[0];
		unlike "$f->{evidence} $f->{fix} $f->{subject}", qr/[{}]|\bnan\b|\binf\b/i, "$id: all values are filled in";
		like $f->{evidence}, qr/\d/, "$id: the evidence has a number";
		cmp_ok $f->{saves_ns} || 0, '<=', $f->{total_ns} || 0, "$id: no more is saved than was spent";
	}
}

# ---- healthy programs ----

# strace -f -ttt -T -y of: ls -l of a folder of 40 files, git status there, tar -cf of it,
# python3 -c 'print("hello")', sqlite3 with 300 inserts in one transaction.
for my $trace (sort glob "$root/testdata/advice/healthy/*.gz") {
	is_deeply [ map { "$_->{severity} $_->{rule}: $_->{evidence}" } grep { $_->{severity} =~ /critical|high|medium/ } advise($trace, $shipped) ],
	    [], basename($trace) . ' needs no advice';
}

SKIP: {
	skip 'strace cannot trace here', 1 if (run('strace -o /dev/null true'))[2];
	my $inserts = join '', map { "insert into t values($_);" } 1 .. 100;
	write_file("$tmp/sql", "create table t(x); begin; $inserts commit;\n");
	my %live = (
		ls => 'ls -l /usr/bin',
		git => 'git -C . status',
		tar => "tar -C $root -cf $tmp/tar filters common",
		python3 => q(python3 -c 'print("hello")'),
		sqlite3 => qq(sqlite3 $tmp/db '.read $tmp/sql'),
	);
	for my $program (sort keys %live) {
		SKIP: {
			skip "$program is not installed", 1 unless have($program);
			my (undef, $err, $status) = run("strace -f -ttt -T -y -o $tmp/live.trace $live{$program}", dir => $root);
			skip "$program: $err", 1 if $status;
			is_deeply [ map { "$_->{severity} $_->{rule}: $_->{evidence}" }
			    grep { $_->{severity} =~ /critical|high/ } advise("$tmp/live.trace", "--no-default-rules --rules $root/rules/advice.yaml") ],
			    [], "$live{$program} needs no advice of weight";
		}
	}
}

# ---- a profiler's report on a database server: process 12345, 60 s, 1,247,891 calls ----

# n calls of one kind, `slow` of them with durations of their own (a list of pairs of count and ns), the rest
# sharing what is left of the total; the starts are spread over the minute.
my $second = 1_000_000_000;
open my $planted, '>', "$tmp/server" or die "server: $!\n";
print $planted join("\t", qw(start_ns dur_ns pid tid kind syscall ret fd bytes path fdtype)), "\n";
my $planted_calls = 0;
sub plant {
	my ($syscall, $n, $total, $slow, $rest) = @_;
	my ($others, $left) = ($n, sprintf '%.0f', $total);
	($others, $left) = ($others - $_->[0], $left - $_->[0] * $_->[1]) for @$slow;
	my ($each, $odd) = (int($left / $others), $left % $others);
	my @slow = map { ($_->[1]) x $_->[0] } @$slow;
	my $gap = @slow ? int($n / @slow) : 0;    # slow calls are spread, too
	for my $i (0 .. $n - 1) {
		my $dur = $gap && $i % $gap == 0 && @slow ? pop @slow : $each + ($odd-- > 0);
		my $start = int(59 * $second / $n * $i);
		print $planted join("\t", $start, $dur, 12345, 12345 + $i % 50, 'call', $syscall, $rest), "\n";
	}
	die "$syscall: slow calls left\n" if @slow;
	$planted_calls += $n;
}
my $us = 1000;
my $ms = 1_000_000;
my $disk = "8192\t7\t8192\t/var/lib/db/base\tfile";
my $peer = "300\t9\t300\ttcp:10.0.0.1:5432\tsocket";
plant('read', 60_000, 8.2 * $second, [ [ 30, 9900 * $us ], [ 2770, 2100 * $us ], [ 200, $ms ] ], $disk);
plant('read', 363_891, 4.2 * $second, [ [ 1450, 2100 * $us ] ], $peer);
plant('write', 312_456, 3.2 * $second, [ [ 3250, 890 * $us ] ], $disk);
plant('fsync', 2340, 48.7 * $second - 10 * $ms, [ [ 25, 127 * $ms ] ], "0\t7\t\t/var/lib/db/wal\tfile");
plant('epoll_wait', 89_234, 142.1 * $second, [ [ 900, 15 * $ms ] ], "1\t4\t\tanon_inode:[eventpoll]\tanon");
plant('open', 15_678, 0.8 * $second, [ [ 160, 320 * $us ] ], "8\t8\t\t/var/lib/db/base\tfile");
plant('close', 15_678, 0.1 * $second, [ [ 160, 42 * $us ] ], "0\t8\t\t/var/lib/db/base\tfile");
plant('fstat', 1_247_891 - $planted_calls - 1, 2.9 * $second, [], "0\t7\t\t/var/lib/db/base\tfile");
# The last flush ends the minute.
print $planted join("\t", 60 * $second - 10 * $ms, 10 * $ms, 12345, 12345, 'call', 'fsync', 0, 7, '', '/var/lib/db/wal', 'file'), "\n";
close $planted or die "server: $!\n";

my ($table) = run("sp-stats -o tsv --columns calls,total,mean,p99 $tmp/server");
my %is = map { my @c = split /\t/; $c[0] => \@c } split /\n/, $table;
for my $row ([ read => 423_891, 12.4, 2100 ], [ write => 312_456, 3.2, 890 ], [ fsync => 2341, 48.7, 127_000 ],
	[ epoll_wait => 89_234, 142.1, 15_000 ], [ open => 15_678, 0.8, 320 ], [ close => 15_678, 0.1, 42 ]) {
	my ($syscall, $calls, $seconds, $p99) = @$row;
	is "$is{$syscall}[1] $is{$syscall}[2]", $calls . ' ' . $seconds * $second, "planted: $syscall";
	cmp_ok abs($is{$syscall}[4] / 1000 - $p99), '<=', 0.004 * $p99, "planted: p99 of $syscall";
}
my ($out, $err, $status) = run("sp-advise -o tsv $tmp/server");
is $status, 0, 'the server' or diag $err;
my %server = map { $_->{rule} => $_ } reverse findings($out);
is((findings($out))[0]{rule}, 'fsync-dominates', 'what takes most of the time comes first') or diag $out;
is $server{'fsync-dominates'}{severity}, 'high', 'and is grave';
like $server{'fsync-dominates'}{evidence},
    qr/^76\.2 % of active I\/O time, 2,341 flushes \(39(\.0)? a second\), 20\.8 ms each; p99 127 ms /, 'its figures';
is $server{'fsync-dominates'}{total_ns}, 48.7 * $second, 'its time';
like $server{'fsync-dominates'}{fix}, qr/group commit.*O_DIRECT.*io_uring/, 'its advice';
like $server{'read-bimodal'}{evidence}, qr/^95\.0 % under 100 us \(cached\), 5\.00 % at 1\.00 ms to 9\.90 ms \(disk\)/,
    'reads have two modes';
like $server{'read-bimodal'}{fix}, qr/working set.*mmap.*prefetch/i, 'its advice';

# The report of it says all of that on one page.
mkdir "$tmp/run";
write_file("$tmp/run/findings.tsv", $out);
write_file("$tmp/run/summary.tsv", "name\tvalue\ncommand\tpid 12345\nwall_ns\t60000000000\n");
my $kinds = '--by category,fdtype --set io -c calls,total,wait,active,active_percent';
(undef, $err, $status) = run("sp-hist --partial --by syscall,fdtype $tmp/server >$tmp/partial && sp-stats $tmp/partial >$tmp/run/syscalls.tsv && "
	. "sp-stats $kinds $tmp/partial >$tmp/run/activity.tsv");
is $status, 0, 'its tables' or diag $err;
(my $report, $err, $status) = run("sp-report -o md $tmp/run");
is $status, 0, 'its report' or diag $err;
like $report, qr/^\| \Q$_\E \|$/m, "the report: $_"
    for 'duration | 60.0 s', 'calls | 1,247,891', 'disk sync | 48.7 s | 76.21 | bottleneck', 'disk read | 8.20 s | 12.83 | ',
    'disk write | 3.20 s | 5.01 | ', 'disk metadata | 3.80 s | 5.95 | ', 'network wait | 142 s |  | waiting, kept out of the shares',
    'network read wait | 4.20 s |  | waiting, kept out of the shares';
like $report, qr/^1\. \*\*high: Flushing to disk .*76\.2 % of active I\/O time/m, 'the report: the first finding';
like $report, qr/^\d\. \*\*\w+: Reads are fast or slow.*95\.0 % under 100 us/m, 'the report: the other one';
done_testing;
