#!/usr/bin/perl
# merge: f(a + b) is f(f --partial a, f --partial b), byte for byte, whatever the parts, their number,
# their order, the grouping and the form of the output; and what is printed is what an independent
# computation gives, with the worst error of each statistic.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use List::Util qw(max min shuffle sum0);
use POSIX qw(ceil);
use Sp;
use Test::More;

my $seed = $ENV{SEED} // 20240229;
srand $seed;

# ---- random traces ----

my @calls = qw(read write openat close fsync futex epoll_wait pread64 statx mmap lseek connect recvfrom
	dup2 rt_sigaction a_call_with_a_long_name);
my @paths = ('', '/', '/etc/passwd', '/data/db/a.journal', '/data/db/b.db', '/lib/x86_64-linux-gnu/libc.so.6',
	'pipe:[42]', 'TCP:[127.0.0.1:80]', 'relative.txt', '/caf\xc3\xa9/\\"x\\"', '/a,b|c');
my @header = qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path note args stack);

sub pick { $_[ rand @_ ] }

sub duration {
	my $r = rand;
	return '' if $r < 0.03;
	return 0 if $r < 0.05;
	return 1000 * int rand 200 if $r < 0.5;
	return int(1000 * exp(rand 12)) if $r < 0.98;
	return int rand 2**62;
}

sub event {
	my ($at) = @_;
	my $syscall = pick(@calls);
	my $kind = pick(('call') x 20, qw(unfinished signal exit async));
	my %e = (start_ns => $at, dur_ns => duration(), pid => pick(7, 8), tid => pick(7 .. 10), kind => $kind,
		syscall => $kind eq 'signal' || $kind eq 'exit' ? '' : $syscall,
		ret => int rand 10, errno => rand() < 0.1 ? pick(qw(ENOENT EAGAIN EINTR)) : '', fd => int rand 5,
		bytes => $syscall =~ /read|write|recv/ ? int exp rand 12 : '',
		offset => $syscall =~ /pread|lseek/ ? 4096 * int rand 50 : '', path => pick(@paths), args => '(3, "x", 1)',
		comm => pick(qw(server worker)));
	$e{dur_ns} = '' if $kind ne 'call';
	return join "\t", map { $e{$_} // '' } @header;
}

# A trace: with all columns, or fewer, or none but the header, or nothing at all.
sub trace {
	my ($complete) = @_;
	my $r = $complete ? 0.2 + rand 0.8 : rand;
	return '' if $r < 0.08;
	my @columns = $r < 0.2 ? grep { rand() < 0.6 || !/^(?:dur_ns|pid|ret|fd|bytes|offset|note|args|stack)$/ } @header : @header;
	my %wanted = map { $_ => 1 } @columns;
	my @rows = map { event(1_700_000_000_000_000_000 + int rand 3e9) } 1 .. ($r < 0.25 ? 0 : 1 + int rand 300);
	return join '', map {
		my @f = split /\t/, $_, -1;
		join("\t", map { $f[$_] } grep { $wanted{ $header[$_] } } 0 .. $#header) . "\n";
	} join("\t", @header), @rows;
}

write_file("$tmp/mounts", "/\n/data\n/data/db\n");
my @commands = (
	'sp-stats', 'sp-stats --by syscall,errno', 'sp-stats --by path -o csv', 'sp-stats --by dir,ext -o json',
	'sp-stats --by category -o table', 'sp-stats --by category --set io --total', 'sp-stats --by activity,comm -o md',
	'sp-stats --by tid,kind --unfinished', "sp-stats --by mount --mounts $tmp/mounts -o table", 'sp-stats --by all',
	'sp-stats --top 3 -o table', 'sp-stats --sort -calls,syscall --top 5', 'sp-stats --every 1s -o table',
	'sp-stats --every 250ms --by syscall,tid --top 2', 'sp-stats --ratio read,write,fsync',
	'sp-stats --columns calls,error_percent,wait_ns,active_ns,active_percent,wall_ns,wall_percent,stddev_ns,'
	    . 'p75_ns,p999_ns,moves,mean_bytes,min_bytes,max_bytes,stddev_bytes,bytes_per_s,calls_per_s,first_ns,last_ns',
	'sp-stats --columns time_percent,seconds,usecs_per_call,calls,errors,syscall -o table',
	'sp-hist', 'sp-hist -o table', 'sp-hist --by path --buckets decades -o json', 'sp-hist --by all --hgrm',
	'sp-hist --buckets 10us,50us,100us,500us,1ms,10ms -o table', 'sp-hist --buckets linear:20us --top 2',
	'sp-hist --of bytes', 'sp-hist --of bytes --buckets 512,4KiB,64KiB -o table', 'sp-hist --modes -o md',
	'sp-hist --over 500ms -o table', 'sp-hist --over 1s --by comm,syscall', 'sp-hist --by tid --over 100ms -o csv',
	'sp-stats --slices 7', 'sp-stats --slices 40 --by syscall,tid -o table', 'sp-hist --slices 9 -o table', 'sp-hist --slices 100 --by comm',
	'sp-io', 'sp-io -o table --top 3', 'sp-io --by dir,syscall --sort reads,-dir --small 512', 'sp-io --by pid,fd -o json',
	'sp-io --by all --sizes', 'sp-io --by tid --sizes --top 2 -o table', 'sp-io --by category --total -o csv',
	'sp-advise', 'sp-advise -o json', 'sp-advise -o text --each 2',
	"sp-advise --no-default-rules --rules $root/testdata/sp-advise/measures.yaml",
);

# ---- the law ----

my $partials = 0;
sub partial {
	my ($command, @files) = @_;
	my ($out, $err, $status) = run("$command --partial @files");
	die "$command: $err" if $status;
	return write_file("$tmp/partial." . $partials++, $out);
}

# Merges files in groups, the groups in groups, until one is left: random trees of at least two levels.
sub tree {
	my ($command, @files) = @_;
	my $levels = 0;
	@files = map { partial($command, $_) } @files;
	while (@files > 1 || $levels++ < 1) {
		my @next;
		while (@files) {
			push @next, partial($command, splice @files, 0, 1 + int rand 4);
		}
		@files = shuffle(@next, rand() < 0.3 ? write_file("$tmp/nothing", '') : ());
	}
	return @files;
}

for my $round (1 .. ($ENV{ROUNDS} // 1)) {
	my @parts = map { write_file("$tmp/part.$round.$_", trace()) } 1 .. 2 + int rand 8;
	my @complete = map { write_file("$tmp/complete.$round.$_", trace(1)) } 1 .. 2 + int rand 8;
	my @of_all = @parts;
	for my $command (@commands) {
		@parts = $command =~ /^sp-io/ ? @complete : @of_all;    # sp-io has columns that it cannot do without
		my @shuffled = shuffle @parts;
		my ($whole, $err, $status) = run("$command @parts");
		is $status, 0, "$command" or diag $err;
		my $half = int rand @parts;
		my %merged = (
			'joined by cat' => "cat @parts | $command",
			'in another order' => "$command @shuffled",
			'partials' => join(' ', $command, map { partial($command, $_) } @shuffled),
			'partials and events' => join(' ', $command, map { rand() < 0.5 ? partial($command, $_) : $_ } @parts),
			'joined partials and events' =>
			    join(' ', 'cat', (map { rand() < 0.5 ? partial($command, $_) : $_ } @shuffled), "| $command"),
			'a tree' => join(' ', $command, tree($command, @shuffled)),
			'two halves' => join(' ', $command, partial($command, @parts[0 .. $half]),
				partial($command, @parts[$half + 1 .. $#parts], "$tmp/nothing")),
		);
		write_file("$tmp/nothing", '');
		for my $how (sort keys %merged) {
			my ($out, $err, $status) = run($merged{$how});
			ok $out eq $whole && $status == 0, "round $round: $command: $how"
			    or diag "SEED=$seed status $status $err", unified_diff($whole, $out);
		}
		my ($one) = run("$command --partial @parts");
		my ($two) = run("$command --partial @shuffled");
		is $two, $one, "round $round: $command: the partial itself does not depend on the order";
	}
}

my ($empty, $err, $status) = run('sp-stats --partial');
my $out;
is $status, 0, 'nothing gives a partial';
like $empty, qr/^syscall\tcalls\t.*\n\z/, 'that is a header';

# What one program wrote for durations, the other can read; a finer grouping can be made coarser.
write_file("$tmp/events", join '', map { "$_\n" } join("\t", @header), map { event(1e18 + $_) } 1 .. 500);
my ($direct) = run("sp-hist -o table $tmp/events");
my ($via) = run("sp-stats --partial $tmp/events | sp-hist -o table");
is $via, $direct, 'sp-hist reads what sp-stats --partial wrote';
($direct) = run("sp-stats --by category $tmp/events");
($via) = run("sp-stats --by tid,syscall --partial $tmp/events | sp-stats --by category");
is $via, $direct, 'syscalls of a partial are put into categories';
write_file("$tmp/slices", "start_ns\tdur_ns\tsyscall\n0\t0\tread\n4000\t0\tread\n7000\t500\tread\n");
($direct) = run("sp-stats --slices 7 -c calls,calls_per_s $tmp/slices");
($via) = run("sp-stats --slices 7 --partial $tmp/slices | sp-stats --slices 7 -c calls,calls_per_s");
is $via, $direct, 'slices of a partial are as wide as they were, although the last one begins early enough for less';

# What sp-hist needs no histograms for it has from partials without them, too.
for my $command ('sp-hist', 'sp-hist --of bytes --buckets 512,4KiB', 'sp-hist --slices 9 --by comm') {
	my ($whole) = run("$command $tmp/events");
	run("(head -n 250 $tmp/events | $command --partial --no-bins; sed 2,250d $tmp/events | $command --partial --no-bins) >$tmp/bare");
	my ($out, $err, $status) = run("$command --partial --no-bins $tmp/bare | $command");
	ok $out eq $whole && $status == 0, "$command --no-bins" or diag $err, unified_diff($whole, $out);
}
my ($stats) = run("sp-stats --by category -c calls,errors,total,max,wait,bytes $tmp/events");
($via) = run("sp-hist --partial --no-bins $tmp/events | sp-stats --by category -c calls,errors,total,max,wait,bytes");
is $via, $stats, 'sp-stats reads what sp-hist --partial --no-bins wrote';

# --also: what further readings of the same input would have written.
my %further = ('pid,tid,comm' => '--by pid,tid,comm', 'category,slice_ns' => '--by category --slices 9', all => '--by all');
my $one = 'sp-hist --partial --buckets decades --by comm';
run("sp-stats --partial --by pid,tid,comm $tmp/events >$tmp/fine");
for my $input ("$tmp/events", "$tmp/fine") {
	my @lists = grep { $input eq "$tmp/events" || !/slice/ } sort keys %further;    # a partial has no times
	my $also = join ' ', map { "--also $tmp/also.$_=$_" } @lists;
	my $slices = $input eq "$tmp/events" ? '--slices 9' : '';
	my ($out, $err, $status) = run("$one $slices $also $input");
	is $out, (run("$one $input"))[0], '--also leaves the partial as it is' or diag $err;
	is read_file("$tmp/also.$_"), (run("sp-hist --partial --no-bins --buckets decades $further{$_} $input"))[0], "--also by $_" for @lists;
}

# --also-sums: the same counts, sums and times, and nothing else; of partials, too.
for my $input ("$tmp/events", "$tmp/fine") {
	my $whole = "sp-stats -o tsv --by pid,tid,comm -c calls,errors,timed,total,wait,mean,bytes,moves,first,last";
	run("sp-hist --partial --by comm --also-sums $tmp/sums=pid,tid,comm --also $tmp/all=pid,tid,comm $input");
	is $_, (run("$whole $tmp/all"))[0], '--also-sums keeps counts and sums' for (run("$whole $tmp/sums"))[0];
	is $_, (run("$whole $tmp/all $tmp/all"))[0], 'which add up' for (run("$whole $tmp/sums $tmp/sums"))[0];
	my ($out, $err) = run("sp-stats -o csv --by all -c calls,max,stddev,p50 $tmp/sums");
	like $out, qr/^\d+,,,$/m, 'extremes and percentiles are unknown then' or diag $err;
}

# Bins so full that doubles cannot tell their shares from 1.
write_file("$tmp/full", (run("sp-stats --partial $tmp/slices | head -n 1"))[0] .
	    join("\t", 'read', 2**60 + 1, 0, 0, 0, '', '', 2**60 + 1, 0, 0, 5, 200, 0, 0, 0, '', '', '5:' . 2**60 . ',200:1') . "\n");
($out) = run("timeout 60 sp-hist --hgrm $tmp/full | head -n 1000 | tail -n 1");
like $out, qr/^#\[Buckets/, '--hgrm ends, whatever the counts';

# ---- refusals ----

my %refused = (
	'a result is no partial' => ["sp-stats $tmp/events | sp-stats", qr/only events and what --partial wrote/],
	'bins of durations are not of bytes' => ["sp-stats --partial $tmp/events | sp-hist --of bytes", qr/bins_bytes/],
	'a key that is not there' => ["sp-stats --partial $tmp/events | sp-stats --by path", qr/path/],
	'a damaged count' => ["sp-stats --partial $tmp/events | sed 's/^\\(read\\t\\)[0-9]*/\\1x/' | sp-stats", qr/calls cannot be: x/],
	'percentiles without histograms' => ["sp-hist --partial --no-bins $tmp/events | sp-stats -c p50", qr/without its histograms/],
	'modes without histograms' => ["sp-hist --partial --no-bins $tmp/events | sp-hist --modes", qr/without its histograms/],
	'other buckets without histograms' => ["sp-hist --partial --no-bins $tmp/events | sp-hist --buckets decades", qr/for other buckets/],
	'--also without a list' => ["sp-hist --partial --also $tmp/x $tmp/events", qr/not FILE=LIST/],
	'--also that cannot be written' => ["sp-hist --partial --also $tmp/none/x=comm $tmp/events", qr/none\/x/],
	'no histograms where they are the result' => ["sp-hist --no-bins $tmp/events", qr/goes with --partial/],
	'bins beyond the maximum' => ["sp-stats --partial $tmp/events | sed '/^read/s/[0-9]*:\\([0-9]*\\)\$/7423:\\1/' | sp-hist --modes", qr/bins_ns cannot be/],
	'a maximum that no duration has' => ["printf 'syscall\\tcalls\\ttimed\\tmin_ns\\tmax_ns\\tbins_ns\\nread\\t1\\t1\\t5\\t9223372036854775808\\t7300:1\\n' | sp-stats",
		qr/a partial's/],
	'more calls that wait than calls' => ["sp-stats --partial $tmp/events | sed 's/^\\(futex\\t[0-9]*\\t[0-9]*\\t\\)/\\19/' | sp-stats", qr/wait_calls cannot be/],
	'damaged bins' => ["sp-stats --partial $tmp/events | sed '/^read/s/:[0-9]*\$/:9999/' | sp-stats", qr/bins_ns cannot be/],
);
for my $name (sort keys %refused) {
	my ($command, $reason) = @{ $refused{$name} };
	my ($out, $err, $status) = run($command);
	ok $status == 2 && $err =~ $reason, $name or diag "status $status: $err";
}

# ---- against an independent computation ----

my (%rows, $text);
my @made = (
	[ read => sub { rand() < 0.95 ? 1000 + rand 90_000 : 1e6 + rand 9e6 } ],    # cached and disk
	[ write => sub { exp rand 25 } ],
	[ fsync => sub { 20_000_000 } ],
	[ close => sub { rand 300 } ],
	[ futex => sub { 1e6 / (rand() ** 1.2 + 1e-9) } ],
	[ recvfrom => sub { my $s = 0; $s += rand for 1 .. 12; 50_000 + 5000 * $s } ],    # nearly normal
);
for my $made (@made) {
	push @{ $rows{ $made->[0] } }, int $made->[1]->() for 1 .. 10_007;
}
$text = "dur_ns\tkind\tsyscall\n" . join '', shuffle map { my $s = $_; map { "$_\tcall\t$s\n" } @{ $rows{$s} } } sort keys %rows;
write_file("$tmp/planted", $text);
my %percent = (p50_ns => 50, p75_ns => 75, p90_ns => 90, p95_ns => 95, p99_ns => 99, p999_ns => 99.9);
($out) = run('sp-stats --columns calls,total,min,mean,stddev,max,' . join(',', sort keys %percent) . " $tmp/planted");
my ($names, @got) = map { [ split /\t/ ] } split /\n/, $out;
my (%worst, $exact);
for my $row (@got) {
	my %got;
	@got{@$names} = @$row;
	my @sorted = sort { $a <=> $b } @{ $rows{ $got{syscall} } };
	my ($n, $sum) = (scalar @sorted, sum0 @sorted);
	my $mean = $sum / $n;
	my $deviation = sqrt(sum0(map { ($_ - $mean) ** 2 } @sorted) / $n);
	is "@got{qw(calls total_ns min_ns max_ns)}", "$n $sum $sorted[0] $sorted[-1]", "$got{syscall}: exact";
	my %expected = (mean_ns => $mean, stddev_ns => $deviation);
	$expected{$_} = $sorted[ ceil($percent{$_} / 100 * $n) - 1 ] for keys %percent;
	for my $what (sort keys %expected) {
		my $error = abs($got{$what} - $expected{$what});
		$error = max(0, $error - 0.5);    # rounded to whole nanoseconds
		$error /= $expected{$what} || 1;
		$worst{$what} = max($worst{$what} // 0, $error);
	}
}
for my $what (sort keys %worst) {
	my $bound = $percent{$what} ? 1 / 256 : 1e-9;
	ok $worst{$what} <= $bound, sprintf '%s: worst relative error %.5f %%, bound %.5f %%', $what,
	    100 * $worst{$what}, 100 * $bound;
}

# ---- modes ----

sub modes {
	my ($durations, @options) = @_;
	write_file("$tmp/modes", "dur_ns\tsyscall\n" . join '', map { int($_) . "\tread\n" } @$durations);
	my ($out) = run("sp-hist --modes @options $tmp/modes");
	my (undef, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, $out;
	return @rows;
}
sub normal { my $s = 0; $s += rand for 1 .. 12; $_[0] * exp($_[1] * ($s - 6)) }    # log-normal about a middle

my @two = modes([ (map { 1000 + rand 99_000 } 1 .. 9500), (map { 1e6 + rand 9e6 } 1 .. 500) ]);
is scalar(@two), 2, 'two planted modes are found';
is join(' ', map { sprintf '%.1f', $_->[6] } @two), '95.0 5.0', 'with their shares';
is join(' ', map { $_->[8] } @two), 'cached disk?', 'and their names';
is scalar(modes([ map { normal(1e6, 0.2), normal(1e5, 0.2), normal(1e4, 0.2) } 1 .. 1000 ])), 3, 'three planted modes';
my %single = (
	'normal, narrow' => sub { normal(5e5, 0.05) },
	'normal, wide' => sub { normal(5e5, 1.2) },
	'uniform' => sub { 1000 + rand 1e6 },
	'exponential' => sub { 1 - 1e5 * log(1 - rand) },
	'Pareto' => sub { 1e4 / (1 - rand) },
	'whole microseconds' => sub { 1000 * int(-6 * log(1 - rand)) },
	'constant' => sub { 31_000 },
);
for my $name (sort keys %single) {
	my $false = 0;
	for my $round (1 .. 20) {
		my @rows = modes([ map { $single{$name}->() } 1 .. pick(10, 100, 1000, 5000) ]);
		$false += @rows != 1;
	}
	is $false, 0, "$name: one mode in all of 20 samples";
}
done_testing;
