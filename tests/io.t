#!/usr/bin/perl
# io: what sp-io says of random programs is what a second, simple implementation of its manual says;
# positions that it followed are those the kernel returned; its sums are those of sp-stats; its bounds
# hold and are told.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use List::Util qw(first sum0);
use Sp;
use Test::More;

my $seed = $ENV{SEED} // 20261121;
srand $seed;

my $header = join("\t", qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset path args)) . "\n";
my $clock = 1_700_000_000_000_000_000;

sub row {
	my (%e) = @_;
	$clock += 1000;
	%e = (start_ns => $clock, dur_ns => 100, pid => 7, tid => 7, kind => 'call', %e);
	return join("\t", map { $e{$_} // '' } qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset path args)) . "\n";
}

# The table's rows by their first column, each a hash by column.
sub table {
	my ($text) = @_;
	my ($names, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, $text;
	my %table;
	for (@rows) {
		my %row;
		@row{@$names} = @$_;
		$table{ $_->[0] } = \%row;
	}
	return \%table;
}

# ---- a model of sp-io(1), section PATTERNS

# A descriptor: position, streams (latest first), where the last read and write started and their gaps.
sub opened {
	my ($path, $append) = @_;
	return { path => $path, append => $append, position => 0, streams => [], start => {}, gap => {}, blocks => { r => {}, w => {} } };
}

sub transfer {
	my ($f, $n, $way, $offset, $bytes) = @_;
	my $count = $n->{ $f->{path} } //= {};
	$count->{ $way eq 'r' ? 'reads' : 'writes' }++;
	$count->{ $way eq 'r' ? 'read_bytes' : 'write_bytes' } += $bytes;
	return if $bytes == 0;
	if ($f->{append} && $way eq 'w') {
		$count->{sequential}++;
		$f->{position} = 'end';    # of a file whose length nobody knows
		delete $f->{start}{w};
		delete $f->{gap}{w};
		my $old = first { $_->{end} eq 'end' } @{ $f->{streams} };
		@{ $f->{streams} } = ({ end => 'end', way => 'w' }, grep { !$old || $_ != $old } @{ $f->{streams} });
		$#{ $f->{streams} } = 3 if @{ $f->{streams} } > 4;
		return;
	}
	my $start = $offset // $f->{position};
	my ($from) = grep { $_->{end} eq $start && $_->{way} eq $way } @{ $f->{streams} };
	($from) = grep { $_->{end} eq $start } @{ $f->{streams} } unless $from;
	my $gap = defined $f->{start}{$way} ? $start - $f->{start}{$way} : undef;
	my $strided = defined $gap && $gap != 0 && defined $f->{gap}{$way} && $f->{gap}{$way} == $gap;
	my $known = grep { $_->{end} ne 'end' } @{ $f->{streams} };
	my $class =
	      $from || ($start == 0 && ($way eq 'r' || !@{ $f->{streams} })) ? 'sequential'
	    : $strided                                                       ? 'strided'
	    : $known                                                         ? 'random'
	    :                                                                  'first';
	$count->{$class}++;
	($f->{start}{$way}, $f->{gap}{$way}) = ($start, $gap);
	$f->{position} = $start + $bytes unless defined $offset;

	# The block in which it begins; one that goes on inside of a block is what its stream is.
	my $blocks = $f->{blocks}{$way};
	my $probe = $class eq 'sequential' ? int(($start + 4095) / 4096) : int($start / 4096);
	my $last = int(($start + $bytes - 1) / 4096);
	my $again = $probe <= $last ? exists $blocks->{$probe} : $from && $from->{again};
	$blocks->{$_} = 1 for int($start / 4096) .. $last;
	$count->{ $way eq 'r' ? 'rereads' : 'overwrites' }++ if $again;
	$count->{aligned}++ if $start % 4096 == 0 && $bytes % 4096 == 0;
	$count->{placed}++;
	@{ $f->{streams} } =
	    ({ end => $start + $bytes, way => $way, again => $again }, grep { !$from || $_ != $from } @{ $f->{streams} });
	$#{ $f->{streams} } = 3 if @{ $f->{streams} } > 4;
}

# A random program: files opened and closed, read and written in runs of some kind.
sub program {
	my ($n) = @_;
	my (%fd, @rows);
	my @sizes = (1, 100, 512, 4096, 4096, 10_000, 65_536, 300_000);
	for (1 .. 400) {
		my $fd = 3 + int rand 4;
		if (!$fd{$fd}) {
			my ($path, $append) = ('/srv/' . int rand 6, rand() < 0.15);
			$fd{$fd} = opened($path, $append);
			push @rows, row(syscall => 'openat', ret => $fd, fd => $fd, path => $path,
				args => '(AT_FDCWD, "x_O_APPEND", O_RDWR' . ($append ? '|O_APPEND' : '') . ')');
			next;
		}
		my ($f, $r, $path) = ($fd{$fd}, rand, $fd{$fd}{path});
		if ($r < 0.05) {
			push @rows, row(syscall => 'close', ret => 0, fd => $fd, path => $path, args => "($fd)");
			delete $fd{$fd};
			next;
		}
		if ($r < 0.15) {
			next if $f->{position} eq 'end';
			my $to = rand() < 0.3 ? $f->{position} : 4096 * int rand 30;
			$n->{$path}{seeks}++;
			$n->{$path}{idle_seeks}++ if $to == $f->{position};
			$f->{position} = $to;
			push @rows, row(syscall => 'lseek', ret => $to, fd => $fd, offset => $to, path => $path, args => "($fd, $to, SEEK_SET)");
			next;
		}
		my ($size, $step) = ($sizes[ rand @sizes ], 4096 * int(rand 40) - 50_000);
		my ($way, $at) = (rand() < 0.6 ? 'r' : 'w', rand() < 0.5 ? undef : 512 * int rand 2000);
		for (1 .. 1 + int rand 12) {
			my $bytes = rand() < 0.05 ? 0 : $size;
			last if !defined $at && $way eq 'r' && $f->{position} eq 'end';
			transfer($f, $n, $way, $at, $bytes);
			my $name = ($way eq 'r' ? 'read' : 'write');
			$name = defined $at ? "p${name}64" : $name;
			push @rows, row(syscall => $name, ret => $bytes, fd => $fd, bytes => $bytes, offset => $at, path => $path, args => "($fd)");
			$at += rand() < 0.5 ? $bytes : $step if defined $at;
			$way = $way eq 'r' ? 'w' : 'r' if rand() < 0.1;
			last if defined $at && $at < 0;
		}
	}
	return $header . join '', @rows;
}

my @counted = qw(reads read_bytes writes write_bytes seeks idle_seeks rereads overwrites);
for my $round (1 .. ($ENV{ROUNDS} // 8)) {
	my %n;
	my $events = program(\%n);
	my ($out, $err, $status) = run('sp-io', stdin => $events);
	my $table = table($out);
	my ($got, $expected) = ('', '');
	for my $path (sort keys %n) {
		my ($model, $row) = ($n{$path}, $table->{$path});
		my $compared = sum0(map { $model->{$_} // 0 } qw(sequential strided random));
		my @shares = map { $compared ? sprintf '%.2f', 100 * ($model->{$_} // 0) / $compared : '' } qw(sequential strided random);
		my $aligned = $model->{placed} ? sprintf '%.2f', 100 * ($model->{aligned} // 0) / $model->{placed} : '';
		my $pattern = !$compared ? '' : 'mixed';
		$pattern = $_ for grep { $compared && 100 * ($model->{$_} // 0) >= 80 * $compared } qw(sequential strided random);
		$expected .= join(' ', $path, $pattern, @shares, $aligned, map { $model->{$_} // 0 } @counted) . "\n";
		$got .= join(' ', $path, map { $row->{$_} // 'none' } qw(pattern sequential_percent strided_percent random_percent
			aligned_percent), @counted) . "\n";
	}
	ok $got eq $expected && $status == 0, "a random program, round $round" or diag "SEED=$seed $err", unified_diff($expected, $got);
}

# ---- what the kernel said

# An lseek that only asks returns the position that was followed. In files: what is read from a pipe has
# none, and the position of what was open before is not known.
my ($asked) = run('sp-parse -q testdata/compare/copy_python.strace.gz | sp-fdmap 2>/dev/null'
	. ' | sp-io --by fdtype,fdgen,syscall,args -c seeks,idle_seeks');
my @asked = map { [ split /\t/ ] } grep { /^file\t[1-9]\d*\tlseek\t.*, 0, SEEK_CUR\)\t/ } split /\n/, $asked;
is sum0(map { $_->[4] } @asked), 57, 'Python asked 57 times where its files stood';
is sum0(map { $_->[5] } @asked), 57, 'and that was known each time';

# A child that calls before the tracer shows that its parent's clone() returned has the parent's file, too.
my $late = <<'END';
100 1700000000.000100 openat(AT_FDCWD, "/srv/data", O_RDWR) = 3 <0.000010>
100 1700000000.000200 read(3, "xx"..., 100) = 100 <0.000010>
100 1700000000.000300 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
101 1700000000.000400 read(3, "xx"..., 1000) = 1000 <0.000010>
101 1700000000.000500 lseek(3, 0, SEEK_CUR) = 1100 <0.000010>
100 1700000000.000600 <... clone resumed>, child_tidptr=0x7f0) = 101 <0.000310>
100 1700000000.000700 lseek(3, 0, SEEK_CUR) = 1100 <0.000010>
END
my ($of_late) = run('sp-parse -q | sp-fdmap | sp-io -c path,seeks,idle_seeks,sequential_percent', stdin => $late);
is $of_late, "path\tseeks\tidle_seeks\tsequential_percent\n/srv/data\t2\t2\t100.00\n", 'a fork that is shown late';
# Not when two files could be meant.
my $other = $late =~ s/^(?=101.*read)/102 1700000000.000310 openat(AT_FDCWD, "\/srv\/data", O_RDWR) = 3 <0.000010>\n/mr;
($of_late) = run('sp-parse -q | sp-fdmap | sp-io -c path,seeks,idle_seeks', stdin => $other);
is $of_late, "path\tseeks\tidle_seeks\n/srv/data\t2\t0\n", 'nothing is known of it when several files are the same descriptor';

# A position is shared by copies of a descriptor and by children, who all move it.
SKIP: {
	my ($works) = run('strace -f -qq -e trace=none echo works');
	skip 'strace cannot trace here', 2 unless $works =~ /works/;
	write_file("$tmp/shared.pl", <<'END');
open my $f, '+<', shift or die;
sub ask { sysseek $f, 0, 1 }
sysread $f, my $got, 100;
open my $copy, '<&', $f or die;
sysread $copy, $got, 30;
ask();
unless (my $child = fork) { sysread $f, $got, 1000; ask(); sysread $copy, $got, 7; exit 0 }
wait;
ask();
system 'head -c 500 <&' . fileno $f if $^F = 100;
ask();
END
	write_file("$tmp/shared.data", 'x' x 5000);
	run("strace -f -ttt -T -y -o $tmp/shared.trace perl $tmp/shared.pl $tmp/shared.data");
	my ($table) = run("sp-parse -q $tmp/shared.trace | sp-fdmap 2>/dev/null | sp-io --by path,syscall,args -c seeks,idle_seeks,random_percent");
	my @asked = map { [ split /\t/ ] } grep { /shared\.data\tlseek\t.*, 0, SEEK_CUR\)/ } split /\n/, $table;
	cmp_ok sum0(map { $_->[3] } @asked), '>=', 4, 'copies and children move a position, and the program asks';
	is sum0(map { $_->[4] } @asked), sum0(map { $_->[3] } @asked), 'it was known each time' or diag $table;
}

# ---- the same sums

my ($events) = run('sp-parse -q testdata/demo/orders.log | sp-fdmap 2>/dev/null');
my ($io) = run('sp-io --by syscall -c calls,errors,total', stdin => $events);
my ($stats) = run('sp-stats --by syscall -c calls,errors,total', stdin => $events);
my %in_stats = map { $_ => 1 } split /\n/, $stats;
my @shared = grep { /^(?:read|write|pread64|pwrite64|close|fdatasync|lseek)\t/ } split /\n/, $io;
is scalar(grep { $in_stats{$_} } @shared), 7, 'calls that need a descriptor: the same as sp-stats';

# 396 writes, 353 of them of zeros, as in a known comparison of two implementations.
my $writes = $header . row(syscall => 'openat', ret => 3, fd => 3, path => '/t', args => '(AT_FDCWD, "/t", O_WRONLY)');
$writes .= row(syscall => 'write', ret => 64, fd => 3, bytes => 64, path => '/t',
	args => $_ <= 353 ? '(3, "\\0\\0\\0\\0"..., 64)' : '(3, "\\0\\1"..., 64)') for 1 .. 396;
my ($zeros) = run('sp-io -c writes,zero_writes,small_percent,pattern', stdin => $writes);
is $zeros, "path\twrites\tzero_writes\tsmall_percent\tpattern\n/t\t396\t353\t100.00\tsequential\n", 'writes of zeros';

# ---- the kernel's own account

# A program reads, writes and copies between two looks at /proc/self/io; what the kernel counted from the
# first of these reads to the second is what sp-io counts. (Of calls that fail, it counts only some.)
write_file("$tmp/account.pl", <<'END');
use Fcntl;
sub account { open my $f, '<', '/proc/self/io' or exit 77; sysread $f, my $text, 4096; return $text =~ /(\d+)/g }
my $dir = shift;
mkdir $dir;
$| = 1;
my @before = account();
sysopen my $in, "$dir/in", O_RDWR | O_CREAT or die;
sysopen my $out, "$dir/out", O_RDWR | O_CREAT or die;
sysopen my $log, "$dir/log", O_WRONLY | O_CREAT | O_APPEND or die;
syswrite $in, 'x' x $_ for 1, 10, 4096, 100_000;
syswrite $log, "line\n" for 1 .. 3;
sysseek $in, 0, 0;
sysread $in, my $got, $_ for 7, 50_000, 99_000, 10;
my ($space, $at, $to) = ("\0" x 5000, pack('q', 7), pack('q', 5));
syscall 17, fileno $in, $space, 3000, 4096;                     # pread64
syscall 18, fileno $in, $space, 2000, 8192;                     # pwrite64
syscall 40, fileno $out, fileno $in, $at, 30_000;               # sendfile
sysseek $in, 100, 0;
syscall 326, fileno $in, 0, fileno $out, $to, 999, 0;           # copy_file_range
my @after = account();
syswrite STDOUT, join ' ', map { $after[$_] - $before[$_] } 0 .. 3;
END
SKIP: {
	my ($works) = run('strace -qq -e trace=none echo works');
	skip 'strace cannot trace here, or this is no x86-64', 1 unless $works =~ /works/ && `uname -m` =~ /x86_64/;
	my ($account) = run("strace -ttt -T -y -o $tmp/account.trace perl $tmp/account.pl $tmp/of-account </dev/null");
	skip 'no /proc/self/io', 1 unless $account =~ /\d/;
	my ($table) = run("sp-parse -q $tmp/account.trace | sp-fdmap 2>/dev/null");
	my ($names, @rows) = split /(?<=\n)/, $table;
	my @looks = grep { $rows[$_] =~ m{\tread\t.*/self/io\t|\tread\t.*/\d+/io\t} } 0 .. $#rows;
	my ($counted) = run('sp-io --by all -c read_bytes,write_bytes,reads,writes', stdin => join '', $names, @rows[$looks[0] .. $looks[1] - 1]);
	is scalar(@looks), 2, 'two looks';
	is $counted =~ s/.*?\n//r =~ s/\t/ /gr, "$account\n", "bytes and calls read and written: what /proc/self/io says";
}

# ---- many groups

# Rows of TSV are made in parts, by several threads where there are cores for them; those of CSV one after the other.
my $calls = join '', map {
	my $path = "/f$_";
	map { row(syscall => (qw(read write))[rand 2], fd => 3, bytes => int rand 9000, dur_ns => int rand 5000, path => $path) } 0 .. rand($_ % 500 ? 8 : 600);
} 1 .. 9000;
for my $options ('', '--sort p99_read_ns', '-n 5000', '-n 4097 --sort -path') {
	my ($parts) = run("sp-io -o tsv $options", stdin => $header . $calls);
	my ($rows) = run("sp-io -o csv $options", stdin => $header . $calls);
	is $parts, $rows =~ tr/,/\t/r, "9000 groups: $options";
}

# ---- a table for each kind

{
	my $typed = $header =~ s/\n/\tfdtype\n/r;
	for (1 .. 500) {
		my @paths = ('/f' . $_ % 7, "socket:[$_]", '');
		my $row = row(syscall => 'read', fd => 3, bytes => $_, dur_ns => 1 + int rand 9, path => $paths[rand @paths]);
		my @types = (qw(file socket pipe dir), '');
		$typed .= $row =~ s/\n/"\t$types[rand @types]\n"/er;
	}
	my %of = (sockets => qr/^[^\t]+\tsocket\t/, pipes => qr/^[^\t]+\tpipe\t/, files => qr/^[^\t]+\t(?!socket|pipe)/);
	my ($out, $err, $status) = run("sp-io --tables $tmp", stdin => $typed);
	is "$status$out$err", '0', 'nothing is printed';
	my ($names, @all) = split /^/m, (run('sp-io --by path,fdtype', stdin => $typed))[0];
	for my $kind (sort keys %of) {
		my @rows = grep { /$of{$kind}/ } @all;
		cmp_ok @rows, '>', 5, "there are $kind";
		is read_file("$tmp/$kind.tsv"), join('', $names, @rows), "and a table of them";
	}
	run("sp-io --tables $tmp -n 3 -c reads", stdin => $typed);
	like read_file("$tmp/pipes.tsv"), qr/\Apath\tfdtype\treads\n(.*\n){3}\z/, 'of the columns that are asked for, the first rows';
	for my $with ('--by path', '--sizes', '--partial', '-o csv', '--total') {
		($out, $err, $status) = run("sp-io --tables $tmp $with", stdin => $typed);
		ok $status == 2 && $err =~ /^sp-io: --tables /, "not with $with" or diag "$status $err";
	}
	($out, $err, $status) = run("sp-io --tables $tmp/absent", stdin => $typed);
	ok $status == 2 && $err =~ m{absent/files.tsv: No such file}, 'a folder that is not there' or diag "$status $err";
}

# ---- what groups have not done

# In TSV cells of those are copied. Groups of one and of two of what a partial has:
my ($names) = run('sp-io --partial', stdin => $header);
my (@names, @things) = split /\t|\n/, $names;
for my $i (grep { $names[$_] !~ /^(path|calls|errors|timed|total_ns)$|_(sum|min|max|bins)_/ } 0 .. $#names) {
	push @things, $names[$i] =~ /_values_/ ? { $i => 3, $i + 1 => 21, $i + 2 => 7, $i + 3 => 7, $i + 4 => '7:3' } : { $i => 2 };
}
cmp_ok @things, '>', 30, 'groups can have many things';
my $partial = $names;
for my $i (0 .. $#things) {
	for my $k ($i .. $#things) {
		my %at = (0 => "/$i/$k", 1 => 9, 3 => 9, 4 => 900, %{ $things[$i] }, %{ $things[$k] });
		$partial .= join("\t", map { $at{$_} // ($names[$_] =~ /_bins_/ ? '' : 0) } 0 .. $#names) . "\n";
	}
}
for my $columns ('', '-c seeks_per_call,writes,path,opens', '-c max_connect_ns', '-n 0') {
	my ($tsv, $said) = run("sp-io -o tsv $columns", stdin => $partial);
	my ($csv) = run("sp-io -o csv $columns", stdin => $partial);
	is $tsv, $csv =~ tr/,/\t/r, "what groups have not done is shown as it is elsewhere: $columns";
	is $said, '', 'without complaint';
}

# ---- bounds

my $many = $header . join '', map { row(syscall => 'openat', ret => $_, fd => $_, path => '/x', args => '()') } 3 .. 140_002;
my ($out, $err, $status) = run('/usr/bin/env time -f %M sp-io -c calls,opens,unused_opens', stdin => $many);
is $out, "path\tcalls\topens\tunused_opens\n/x\t140000\t140000\t140000\n", '140,000 open descriptors are counted';
like $err, qr/more than 131072 descriptors .* 8928,/, 'that some were forgotten is told';
SKIP: {
	skip 'GNU time is not installed', 1 unless $err =~ /^(\d+)$/m;
	cmp_ok $1, '<', 100_000, "in $1 KB";
}

my $far = $header . row(syscall => 'openat', ret => 3, fd => 3, path => '/x', args => '()');
$far .= join '', map { row(syscall => 'pread64', ret => 1, fd => 3, bytes => 1, offset => $_ * (1 << 20), path => '/x', args => '()') } 0 .. 270_000;
($out, $err, $status) = run('/usr/bin/env time -f %M sp-io -c reads,pattern,rereads', stdin => $far);
is $out, "path\treads\tpattern\trereads\n/x\t270001\tstrided\t0\n", '270,000 reads far from each other';
like $err, qr/rereads and overwrites are\s+lower bounds/, 'that not all blocks were kept is told';
done_testing;
