#!/usr/bin/perl
# advise: what the engine of rules counts, against an independent computation; its bounds and partials. Files of
# rules, outputs and gates are in advise-rules.t, what the shipped rules say is in advice.t.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use List::Util qw(max min sum0 uniq);
use POSIX qw(ceil);
use Sp;
use Test::More;

my $seed = $ENV{SEED} // 20240301;
srand $seed;

my @header = qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path note args stack fdtype fdgen);
sub pick { $_[ rand @_ ] }
sub events {
	return join '', map { join("\t", @$_) . "\n" } [@header], map { my $e = $_; [ map { $e->{$_} // '' } @header ] } @_;
}
sub call { return { kind => 'call', start_ns => 0, dur_ns => 1000, pid => 7, tid => 7, comm => 'a', args => '()', @_ } }
sub rules { return write_file("$tmp/rules.yaml", $_[0]) }

# Evidence by subject.
sub evidence {
	my ($rules, $events, @options) = @_;
	rules($rules);
	my ($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml @options", stdin => $events);
	is $status, 0, 'runs' or diag $err;
	my (undef, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, $out;
	return { map { $_->[2] => $_->[5] } @rows };
}

# ---- measures ----

# In the order in which they return, as in a trace.
my @events = sort { $a->{start_ns} + ($a->{dur_ns} || 0) <=> $b->{start_ns} + ($b->{dur_ns} || 0) } map {
	my $syscall = pick(qw(read write openat futex));
	call(start_ns => 1_000_000 * $_ + int rand 900_000, dur_ns => rand() < 0.05 ? '' : int exp rand 18, tid => pick(7, 8, 9),
		syscall => $syscall, errno => rand() < 0.1 ? pick(qw(EIO ENOENT)) : '', bytes => $syscall =~ /read|write/ ? int exp rand 10 : '',
		path => '/' . pick('a' .. 'z'), offset => int rand 5, comm => pick('x', 'y'))
} 1 .. 3000;

my $got = evidence(<<'END', events(@events));
rules:
  - id: all-measures
    title: t
    severity: low
    scope: comm,syscall
    measures:
      failed: {count: 'errno != ""'}
      eio: {count: 'errno == "EIO"', where: 'dur > 1us'}
      sum_ns: {sum: dur, where: 'errno == ""'}
      least: {min: dur}
      most_bytes: {max: 'bytes * 2 - 1'}
      average: {mean: bytes}
      median: {p50: dur}
      p_99: {p99: dur}
      paths: {distinct: path}
      places: {distinct: 'path,offset'}
      burst: {most: all, every: 100ms}
      first_path: {first: path}
      last_path: {last: path}
      whole: {sum: bytes, of: trace, calls: read}
      formula: (failed + 1) * 2
    text: >-
      {calls};{errors};{timed};{total / 1000 | count};{min / 1 | count};{max / 1 | count};{p50 / 1 | count};{p95 / 1 | count};
      {bytes * 1 | count};{failed};{eio};{sum_ns / 1000 | count};{least};{most_bytes | count};{average};{median};{p_99};
      {paths};{places};{burst};{first_path};{last_path};{whole | count};{formula | count};{calls_share};{error_share}
END

sub rank { my ($share, @sorted) = @_; return $sorted[ ceil($share * @sorted) - 1 ] }
sub number { my ($s) = @_; $s =~ s/,//g; $s =~ s/ ?%$//; return $s }
my @reads = grep { $_->{syscall} eq 'read' } @events;
my %expected;
for my $comm (qw(x y)) {
	for my $syscall (qw(read write openat futex)) {
		my @group = grep { $_->{comm} eq $comm && $_->{syscall} eq $syscall } @events;
		my @durations = sort { $a <=> $b } grep { $_ ne '' } map { $_->{dur_ns} } @group;
		my @bytes = grep { $_ ne '' } map { $_->{bytes} } @group;
		my @failed = grep { $_->{errno} ne '' } @group;
		my @by_start = sort { $a->{start_ns} <=> $b->{start_ns} } @group;
		my %slices;
		$slices{ int(($_->{start_ns} + ($_->{dur_ns} || 0)) / 1e8) }++ for @group;
		$expected{"$comm $syscall"} = [
			scalar @group, scalar @failed, scalar @durations, sum0(@durations) / 1000, $durations[0], $durations[-1],
			rank(0.5, @durations), rank(0.95, @durations), sum0(@bytes), scalar @failed,
			scalar(grep { $_->{errno} eq 'EIO' && $_->{dur_ns} ne '' && $_->{dur_ns} > 1000 } @group),
			sum0(map { $_->{dur_ns} || 0 } grep { $_->{errno} eq '' } @group) / 1000, $durations[0],
			@bytes ? max(@bytes) * 2 - 1 : '?', @bytes ? sum0(@bytes) / @bytes : '?', rank(0.5, @durations), rank(0.99, @durations),
			scalar(uniq map { $_->{path} } @group), scalar(uniq map { "$_->{path} $_->{offset}" } @group),
			max(values %slices), $by_start[0]{path}, $by_start[-1]{path}, sum0(map { $_->{bytes} } @reads), (@failed + 1) * 2,
			100 * @group / @events, 100 * @failed / @group,
		];
	}
}
is join(' ', sort keys %$got), join(' ', sort keys %expected), 'one finding a group';
for my $subject (sort keys %expected) {
	my @is = map { s/^ +| +$//gr } split /;/, $got->{$subject} // '';
	my @should = @{ $expected{$subject} };
	my $worst = 0;
	for my $i (0 .. $#should) {
		my ($is, $should) = (number($is[$i] // 'none'), $should[$i]);
		my $error = $should =~ /^[\d.]+$/ && $is =~ /^[\d.]+$/ ? abs($is - $should) / max(1, $should) : $is eq $should ? 0 : 1;
		$error = 0 if $should =~ /^[\d.]+$/ && $is =~ /^[\d.]+$/ && abs($is - $should) <= 0.5;    # shown as whole numbers
		my $allowed = $i == 18 ? 0.15 : 0.005;    # `places` are more than can be counted exactly
		diag "$subject, value $i: $is[$i], not $should" if $error > $allowed;
		$worst = max($worst, $error > $allowed);
	}
	ok !$worst, "$subject: 26 measures" or diag "SEED=$seed";
}

# Distinct values: exact up to 32, about 3 % beyond.
for my $n (1, 31, 32, 33, 100, 1000, 20_000) {
	my $is = evidence("rules: [{id: d, title: t, severity: low, measures: {n: {distinct: path}}, text: '{n}'}]\n",
		events(map { call(syscall => 'open', path => "/file/$_") } 1 .. $n, 1 .. $n))->{all};
	my $error = abs(number($is) - $n) / $n;
	ok $n <= 32 ? $error == 0 : $error < 0.1, "$n distinct values: $is";
}

# ---- scopes ----

my @scoped = (call(syscall => 'read', fd => 3, fdgen => 1, path => '/d/log.12', pid => 1, tid => 11),
	call(syscall => 'read', fd => 3, fdgen => 2, path => '/d/log.13', pid => 1, tid => 12),
	call(syscall => 'write', fd => 4, path => 'pipe:[7]', pid => 2, tid => 21), call(syscall => 'getpid', pid => 2, tid => 21));
my %scopes = (
	all => 'all', syscall => 'getpid read write', path => '/d/log.12 /d/log.13 pipe:[7]', dir => '/d',
	shape => '/d/log.N pipe:[N]', process => 'pid 1 pid 2', thread => 'tid 11 tid 12 tid 21',
	fd => 'pid 1 fd 3 /d/log.12 pid 1 fd 3 /d/log.13 pid 2 fd 4 pipe:[7]', 'comm,pid' => 'a pid 1 a pid 2', category => 'file_io process',
	ext => '', fdtype => '',
);
for my $scope (sort keys %scopes) {
	my $is = evidence("rules: [{id: s, title: t, severity: low, scope: '$scope', text: '{calls}'}]\n", events(@scoped));
	is join(' ', sort keys %$is), $scopes{$scope}, "scope $scope";
}

# What is made of paths, which come again, and are more than can be remembered at once.
my @named = map {
	my $n = int rand 400;
	call(syscall => 'read', tid => pick(11, 12), path => pick("/d$n/e/f$n.x", "/a/f.log.$n", "pipe:[$n]", "g$n.t$n", '/', ''))
} 1 .. 4000;
my %made = (
	dir => sub { $_[0] =~ m{^(.*)/} ? $1 || '/' : $_[0] =~ /^g/ ? '.' : '' },
	ext => sub { $_[0] =~ /^pipe/ ? '' : $_[0] =~ /\.([a-z]\w*)[.\d]*$/ ? $1 : '' },
	shape => sub { $_[0] =~ s/\d+/N/gr },
	base => sub { $_[0] =~ m{/([^/]+)$} ? $1 : '' },
);
for my $scope ('dir', 'ext', 'shape', 'base', 'tid,base', 'shape,dir', 'ext,tid,shape') {
	my %should;
	for my $e (@named) {
		my @parts = map { $_ eq 'tid' ? "tid $e->{tid}" : $made{$_}->($e->{path}) } split /,/, $scope;
		$should{"@parts"}++ if !grep { $_ eq '' } @parts;
	}
	my $is = evidence("rules: [{id: s, title: t, severity: low, scope: '$scope', text: '{calls | number}'}]\n", events(@named), '--groups 4000');
	is_deeply $is, \%should, "scope $scope of many paths" or diag "SEED=$seed";
}

# ---- sequences ----

# The same by brute force: states of "read, write (many), close", strict or with calls between.
sub follow {
	my ($between, $within, @calls) = @_;
	my (%state, %n);
	for my $e (@calls) {
		my $s = $state{ $e->{fd} } //= { at => 0, calls => 0 };
		my $reset = sub { %$s = (at => 0, calls => 0) };
		my $take = sub { $s->{calls}++; $s->{ns} += $e->{dur_ns}; $s->{end} = $e->{start_ns} + $e->{dur_ns}; $s->{at} = $_[0] };
		$reset->() if $s->{at} && defined $within && $e->{start_ns} - $s->{end} > $within;
		my $name = $e->{syscall};
		if ($s->{at} == 1 && $name eq 'write' || $s->{at} == 2 && $name eq 'write') { $take->(2); next }
		if ($s->{at} == 2 && $name eq 'close') {
			$take->(3);
			$n{matches}++;
			$n{calls} += $s->{calls};
			$n{ns} += $s->{ns};
			$reset->();
			next;
		}
		next if $s->{at} && $between eq 'all';
		$reset->();
		$take->(1) if $name eq 'read';
	}
	return join ' ', map { $n{$_} // 0 } qw(matches calls ns);
}
my $at = 0;
my @calls = map {
	my $dur = 1 + int rand 900;
	$at += $dur + int rand 2000;
	call(start_ns => $at - $dur, dur_ns => $dur, syscall => pick(qw(read write close fstat)), fd => pick(3 .. 6), path => '/f')
} 1 .. 4000;
for my $between ('none', 'all') {
	for my $within (undef, 3000) {
		my $more = "between: $between" . (defined $within ? ", within: ${within}ns" : '');
		my $is = evidence(<<"END", events(@calls));
rules:
  - id: s
    title: t
    severity: low
    sequence: {on: fd, steps: [read, {calls: write, many: yes}, close], $more}
    text: '{matches | count};{match_calls | count};{match_ns / 1 | count}'
END
		is join(' ', map { number($_) } split /;/, $is->{all}), follow($between, $within, @calls), "a sequence, $more";
	}
}
my $fallback = evidence(<<'END', events(map { call(%$_) } { syscall => 'openat', errno => 'ENOENT', path => '/a' },
rules:
  - id: s
    title: t
    severity: low
    scope: thread
    sequence:
      on: thread
      steps: [{calls: openat, where: 'errno == "ENOENT"', many: yes}, {calls: openat, where: 'errno == ""'}]
    text: '{step1_calls} then {step2_calls}, {matches}'
END
	{ syscall => 'openat', errno => 'ENOENT', path => '/b' }, { syscall => 'openat', tid => 8, errno => '', path => '/z' },
	{ syscall => 'openat', path => '/c' }, { syscall => 'openat', path => '/d' }));
is $fallback->{'tid 7'}, '2 then 1, 1', 'failed calls, then a fallback, of the same thread';
ok !exists $fallback->{'tid 8'}, 'and not of another one';

# ---- pairs, bursts, hangs ----

my $pairs = evidence(<<'END', events(
rules:
  - {id: p, title: t, severity: low, scope: shape, pairs: {open: 'openat,dup', close: close}, text: '{opened} {closed} {left} {peak}'}
END
	(map { call(syscall => 'openat', fd => $_, path => "/log.$_") } 3 .. 12), (map { call(syscall => 'close', fd => $_, path => "/log.$_") } 3 .. 6),
	call(syscall => 'openat', fd => -1, errno => 'EMFILE', path => '/log.1'), call(syscall => 'openat', fd => 3, path => '/log.3'),
	call(syscall => 'openat', fd => 12, path => '/log.99'), call(syscall => 'close', fd => 40, path => '/log.99'),
	call(syscall => 'close', fd => 5, pid => 8, path => '/log.5')));
is $pairs->{'/log.N'}, '12 5 7 10', 'opened, closed, left and at once';
my $hung = evidence("rules: [{id: h, title: t, severity: low, scope: syscall, kind: unfinished, when: 'hung > 5s', text: '{hung}'}]\n",
	events(call(start_ns => 1e9, syscall => 'read', kind => 'unfinished'), call(start_ns => 9e9, syscall => 'futex', kind => 'unfinished'),
		call(start_ns => 1e10, syscall => 'write', dur_ns => 2e9)));
is join(' ', %$hung), 'read 11.0 s', 'a hang lasts to the end of the trace';

# ---- words about an event ----

my $words = evidence(<<'END', events(call(syscall => 'write', fd => 3, bytes => 4, args => '(3, "\0\0\0\0", 4)', path => '/d/a.1.log', fdgen => 1),
rules:
  - id: w
    title: t
    severity: low
    measures:
      zero: {count: zeros == 1}
      asked: {sum: asked_bytes}
      waiting: {count: waits == 1}
      logs: {count: 'ext == "log" and dir == "/d" and shape == "/d/a.N.log"'}
      files: {count: 'category == "file_io"'}
      ordered: {count: 'access == "sequential"'}
      random: {count: 'access == "random"'}
      rereads: {count: again == 1}
    text: '{zero} {asked | count} {waiting} {logs} {files} {ordered} {random} {rereads}'
END
	call(syscall => 'openat', fd => 4, ret => 4, path => '/d/b', fdgen => 1, args => '(AT_FDCWD, "b", O_RDONLY)'),
	(map { call(syscall => 'pread64', fd => 4, bytes => 4096, ret => 4096, offset => $_, path => '/d/b', fdgen => 1, args => "(4, \"x\"..., 8192, $_)") } 0, 4096, 65536, 0),
	call(syscall => 'futex', args => '(0x1, FUTEX_WAIT)'), call(syscall => 'write', fd => 3, bytes => 2, args => '(3, "ab", 2)', path => '/d/b', fdgen => 1)));
is $words->{all}, '1 32774 1 1 6 4 1 1' =~ s/32774/32,774/r, 'zeros, asked_bytes, waits, ext, dir, shape, category, access, again' ;

# Arguments that come again, in front of others.
my %flagged;
my @mapped = map {
	my ($prot, $flags) = (pick(qw(PROT_NONE PROT_READ PROT_READ|PROT_EXEC)), pick('', ', MAP_SHARED', ', MAP_PRIVATE', ', MAP_PRIVATE|MAP_ANONYMOUS'));
	my $rest = $flags && pick('', ', -1, 0', ', 3</lib/MAP_ANONYMOUS.so>, ' . int rand 1000);
	$flagged{exec} += $prot =~ /EXEC/;
	$flagged{anon} += $flags =~ /ANON/;
	$flagged{private} += "$prot$flags" eq 'PROT_READ, MAP_PRIVATE';
	$flagged{alone} += "$prot$flags" eq 'PROT_READ';
	call(syscall => pick(qw(mmap mmap mprotect)) eq 'mmap' || $flags ? 'mmap' : 'mprotect', args => '(0x' . int(rand 1000) . ', ' . int(rand 9) . ", $prot$flags$rest)")
} 1 .. 1000;
$words = evidence(<<'END', events(@mapped));
rules:
  - id: w
    title: t
    severity: low
    measures:
      exec: {count: 'words =~ "PROT_EXEC"'}
      anon: {count: 'words =~ "MAP_ANON"'}
      private: {count: 'words == "PROT_READ MAP_PRIVATE"'}
      alone: {count: 'words =~ "^PROT_READ *$"'}
    text: '{exec | number} {anon | number} {private | number} {alone | number}'
END
is $words->{all}, "@flagged{qw(exec anon private alone)}", 'words of many calls' or diag "SEED=$seed";

# ---- more groups than there is room for ----

my $crowd = join '', join("\t", qw(start_ns dur_ns kind syscall path)) . "\n", map {
	my $i = $_;
	("$i\t1000\tcall\tread\t/crowd/$i\n") x 2, $i % 50 ? () : "$i\t40000\tcall\tread\t/heavy/" . $i / 50 % 4 . "\n"
} 1 .. 60_000;
rules("rules: [{id: g, title: t, severity: low, scope: path, when: 'calls > 2', text: '{calls | number}'}]\n");
write_file("$tmp/crowd", $crowd);
my ($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --groups 64 $tmp/crowd");
like $err, qr/more groups than --groups 64: .*: g \d/, 'a bound that is hit is said';
my %found = map { (split /\t/)[ 2, 3 ] } grep { /heavy/ } split /\n/, $out;
my %missed = map { (split /\t/, $_, -1)[ 2, 11 ] } grep { /heavy/ } split /\n/, $out;
is join(' ', sort keys %found), '/heavy/0 /heavy/1 /heavy/2 /heavy/3', 'the heavy groups are found';
my $total = 60_000 * 2 * 2000 + 1200 * 41_000;
for my $path (sort keys %found) {
	my $lacks = 300 - $found{$path};
	cmp_ok $lacks * 41_000, '<=', $missed{$path} || 0, "$path lacks $lacks calls, within the bound that is said";
	cmp_ok $missed{$path} || 0, '<=', 4 * $total / 64, 'which is not much more than the whole by the number of groups';
}
($out, $err) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --groups 20000 $tmp/crowd");
is $err, '', 'with room for all of them';
is join(' ', sort grep { /heavy/ } map { join ' ', (split /\t/, $_, -1)[ 2, 3, 11 ] } split /\n/, $out),
    '/heavy/0 300  /heavy/1 300  /heavy/2 300  /heavy/3 300 ', 'all is exact';

# ---- totals ----

# What all calls have together, those of two tables: errors, calls without a time, time, time of waiting, span; and rows.
{
	my @rows = (call(dur_ns => 5, syscall => 'read'), call(start_ns => 2, dur_ns => '', syscall => 'read', errno => 'EIO'), call(start_ns => 3, dur_ns => 7, syscall => 'read', errno => 'EIO'),
		call(start_ns => 4, dur_ns => '', syscall => 'read', kind => 'unfinished'), call(start_ns => 5, dur_ns => 9, syscall => 'poll', errno => 'EINTR'));
	my ($out, $err) = run('sp-advise --partial --only stalls', stdin => events(@rows) . events(@rows[0, 1]));
	my @cells = map { [ split /\t/ ] } split /\n/, $out;
	my %trace;
	@trace{@{$cells[0]}} = @{(grep { $_->[1] eq 'trace' } @cells)[0]};
	is_deeply [ @trace{qw(calls errors timed total_ns min_ns max_ns moves)} ], [ 6, 4, 2, 26, 9, 19, 7 ], 'what all calls have together' or diag $out . $err;
}

# ---- partials that do not fit ----

my $m = "sp-advise --no-default-rules --rules $root/testdata/sp-advise/measures.yaml";
write_file("$tmp/events", events(@events));
my %unfit = (
	'other rules' => [ "$m --partial $tmp/events | sp-advise --no-default-rules --rules $tmp/rules.yaml", qr/no rule is called declared/ ],
	'a rule that was changed' => [ "sed 's/dur > 50us/dur > 60us/' $root/testdata/sp-advise/measures.yaml >$tmp/changed.yaml; "
		    . "$m --partial $tmp/events | sp-advise --no-default-rules --rules $tmp/changed.yaml", qr/declared was another rule/ ],
	'a damaged count' => [ "$m --partial $tmp/events | awk -F'\t' -v OFS='\t' '\$2 == \"group\" { \$12 = \"x\" } 1' | $m", qr/calls cannot be: x/ ],
	'damaged slots' => [ "$m --partial $tmp/events | sed '2,\$s/[0-9]*\$/:x/' | $m", qr/slots cannot be/ ],
	'damaged bins' => [ "$m --partial $tmp/events | awk -F'\t' -v OFS='\t' 'NR > 1 && \$26 != \"\" { \$26 = \"9:x\" } 1' | $m", qr/bins_ns cannot be/ ],
	'damaged examples' => [ "$m --partial $tmp/events | awk -F'\t' -v OFS='\t' 'NR > 1 && \$27 != \"\" { \$27 = \"1:2\" } 1' | $m", qr/worst cannot be/ ],
	'a missing column' => [ "$m --partial $tmp/events | cut -f1-26,28 | $m", qr/missing column: worst/ ],
);
for my $name (sort keys %unfit) {
	my ($command, $message) = @{ $unfit{$name} };
	my ($out, $err, $status) = run($command);
	ok $status == 2 && $err =~ $message, "a partial with $name is refused" or diag "status $status: " . substr $err, 0, 600;
}
($out, $err, $status) = run("$m --partial $tmp/events | $m --only group");
ok $status == 0 && $err eq '', 'rules that are left out need not be in the parts' or diag $err;

# ---- a profiler's report on a database server ----

# 60 s; n calls of that total, one in 95 of which takes `slow`.
sub plant {
	my ($syscall, $n, $total, $slow) = @_;
	my $slow_calls = $slow ? int($n / 95) : 0;
	my $each = ($total - $slow_calls * ($slow // 0)) / ($n - $slow_calls);
	return map { [ int(60e9 * $_ / $n), int($_ % 95 == 0 && $_ / 95 < $slow_calls ? $slow : $each), $syscall ] } 0 .. $n - 1;
}
my @fast = map { 1000 * int(1 + rand 98) } 1 .. 9500;
my @slow = map { 1_000_000 + int rand 9_000_000 } 1 .. 500;
my $scale = 8.2e9 / sum0(@fast, @slow);
my @read = map { [ int(60e9 * $_ / 10_000), ($fast[$_] // $slow[ $_ - 9500 ]), 'read' ] } 0 .. 9999;
my @server = (plant('fsync', 2341, 48.7e9, 127e6), plant('epoll_wait', 89_234, 142.1e9), @read, plant('write', 312_456 / 100, 3.2e9), plant('mmap', 1000, 63.9e9 - 48.7e9 - 3.2e9 - sum0(map { $_->[1] } @read)));
my $is = evidence(<<'END', join '', "start_ns\tdur_ns\tkind\tsyscall\n", map { "$_->[0]\t$_->[1]\tcall\t$_->[2]\n" } @server);
rules:
  - id: f
    title: t
    severity: {high: 'share > 0.4'}
    scope: syscall
    calls: fsync
    text: '{share}, {calls} ({calls_per_s} a second), {mean} each, p99 {p99}'
  - id: r
    title: t
    severity: low
    scope: syscall
    calls: read
    measures:
      fast: {count: 'dur < 100us'}
      slow: {count: 'dur >= 1ms and dur <= 10ms'}
      fast_share: fast / calls
      slow_share: slow / calls
    when: fast_share > 0.5 and slow_share > 0.02
    text: '{fast_share} fast, {slow_share} slow'
END
is $is->{fsync}, '76.2 %, 2,341 (39 a second), 20.8 ms each, p99 127 ms', 'fsync takes 76 % of active time';
is $is->{read}, '95.0 % fast, 5.00 % slow', 'read has two modes';

done_testing;
