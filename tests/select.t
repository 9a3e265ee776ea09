#!/usr/bin/perl
# select: sp-select keeps exactly the rows that gawk keeps by a condition written for it by hand, over
# a table with every kind of value.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

plan skip_all => 'gawk is not installed' unless have('gawk');

my $header = join "\t", qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path note
    args stack shard label ratio total_ns);

sub pick { return $_[ rand @_ ] }

# Rows of a table, with a first start. Every column has missing values; texts have escapes, quotes,
# blanks, and look like numbers at times.
sub rows {
	my ($count, $start) = @_;
	srand 20261121;
	my @rows;
	for (1 .. $count) {
		$start += int rand 100_000_000;
		my $kind = pick(('call') x 20, qw(unfinished signal exit async));
		my $call = $kind =~ /signal|exit/ ? '' : pick(qw(read write openat close fsync futex mmap
		    newfstatat pread64 lseek socket connect epoll_wait clone3 brk syscall_0x1ff frobnicate));
		my $failed = $call && rand() < 0.2;
		my $bytes = $call =~ /read|write/ && !$failed ? pick(0, 1, 100, 512, 4095 .. 4097, 65536, 1 << 40) : '';
		push @rows, join "\t", $start,
		    $kind eq 'call' ? pick(0, 1, 999, 1000, 1001, 250_000, 999_999 .. 1_000_001, 2_500_000_000, '') : '',
		    pick(7, 8, 12, 4194303), pick(7, 8, 12, 13, 4194303), $kind, $call,
		    $failed ? -1 : $bytes ne '' ? $bytes
		    : pick('', 0, 3, 25, -4095, 140737353977856, '9223372036854775807', '-9223372036854775808'),
		    $failed ? pick(qw(ENOENT EAGAIN EACCES ERESTARTSYS)) : '',
		    pick('', 0, 1, 3, 25, 1000), $bytes,
		    pick(('') x 3, 0, 4096, 4097, 8192, 1 << 62),
		    pick('', 'nginx', 'my server', 'a,b', '12', 'x\"y', 'back\\\\slash', "caf\xc3\xa9"),
		    pick('', '/data/a', '/data/b.so', '/usr/lib/libc.so.6', '/data', '/tmp/tab\there', '/tmp/q\"q',
			'/tmp/back\\\\t', '/tmp/\x01\x7f', '/etc/passwd', 'socket:[1234]', '/Data/A', "/srv/\xc3\xbc"),
		    pick('', '', 'Timeout', 'flags O_RDONLY', '3.5', '7'),
		    pick('()', '(3, "abc"..., 4096)', '(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC)',
			'(3, "a\tb\"c\\\\", 7)', '(NULL)', '("O_SYNC", 0x7ffd)'),
		    pick('', 'main;read_all;read', 'main;std::vector<int, std::allocator<int> >::push_back'),
		    pick('', 0 .. 9), pick('', 'a', 'b', 'ab', '10', '9', '1.0', '1', 'a\\\\b'),
		    pick('', '0.5', '12.25', '100', '0.1', '-3.75'), pick('', 5, 5_000_000, 5_000_000_000);
	}
	return @rows;
}

my @rows = rows(4000, 45_000_000_000_000);    # from 12:30 on, as of -tt
my @epoch = rows(1000, 1_795_264_200_000_000_000);    # from 2026-11-21 12:30 UTC on, as of -ttt
my $table = write_file("$tmp/table.tsv", join '', map { "$_\n" } $header, @rows);
my $dated = write_file("$tmp/dated.tsv", join '', map { "$_\n" } $header, @epoch);

# gawk: @name is the column, n(@name) whether it holds a number. With -M integers are exact.
my $prelude = 'function n(x) { return x ~ /^-?[0-9]+(\.[0-9]+)?$/ } BEGIN { FS = "\t" }
	NR == 1 { for (i = 1; i <= NF; i++) C[$i] = i; first = 1; print; next } first { start = $1; first = 0 } ';

sub gawk {
	my ($condition, $file) = @_;
	$condition =~ s/\@(\w+)/(\$C["$1"])/g;
	write_file("$tmp/condition.awk", "$prelude$condition");
	my ($out, $err) = run("LC_ALL=C gawk -M -f $tmp/condition.awk $file");
	die "gawk: $condition: $err" if $err ne '';
	return $out;
}

sub same_rows {
	my ($name, $got, $want, $may_be_none) = @_;
	my $kept = ($got =~ tr/\n//) - 1;
	ok $got eq $want && ($kept > 0 || $may_be_none), "$name ($kept)"
	    or diag unified_diff($want, $got);
}

# Expression and gawk's condition; both see the same columns.
my @same = (
	# numbers and their units
	'dur > 1ms' => 'n(@dur_ns) && @dur_ns > 1000000',
	'dur_ns > 1000000' => 'n(@dur_ns) && @dur_ns > 1000000',
	'dur >= 1ms' => 'n(@dur_ns) && @dur_ns >= 1000000',
	'dur < 1us' => 'n(@dur_ns) && @dur_ns < 1000',
	'dur <= 1us' => 'n(@dur_ns) && @dur_ns <= 1000',
	'dur == 0.25ms' => 'n(@dur_ns) && @dur_ns == 250000',
	'dur != 1000' => 'n(@dur_ns) && @dur_ns != 1000',
	'1ms < dur' => 'n(@dur_ns) && @dur_ns > 1000000',
	'1ms >= dur' => 'n(@dur_ns) && @dur_ns <= 1000000',
	'1001 == dur' => 'n(@dur_ns) && @dur_ns == 1001',
	'dur > 2s' => 'n(@dur_ns) && @dur_ns > 2000000000',
	'bytes >= 4KiB' => 'n(@bytes) && @bytes >= 4096',
	'bytes < 4K' => 'n(@bytes) && @bytes < 4096',
	'bytes == 1TiB' => 'n(@bytes) && @bytes == 1099511627776',
	'bytes > 64kB' => 'n(@bytes) && @bytes > 64000',
	'ret < 0' => 'n(@ret) && @ret < 0',
	'ret == -1' => 'n(@ret) && @ret == -1',
	'ret == -4095 or ret == - 1' => 'n(@ret) && (@ret == -4095 || @ret == -1)',
	'ret == 9223372036854775807' => 'n(@ret) && @ret == 9223372036854775807',
	'ret == 0x8000000000000000' => 'n(@ret) && @ret < -9223372036854775807',
	'ret == 0x7ffff7fd9000' => 'n(@ret) && @ret == 140737353977856',
	'ret > 0x7f0000000000' => 'n(@ret) && @ret > 139637976727552',
	'ret == 25' => 'n(@ret) && @ret == 25',
	'fd == 3' => 'n(@fd) && @fd == 3',
	'pid == 4194303 and tid != 4194303' => '@pid == 4194303 && @tid != 4194303',
	'offset >= 4611686018427387904' => 'n(@offset) && @offset >= 4611686018427387904',
	# missing values
	'errno == ""' => '@errno == ""',
	'errno != ""' => '@errno != ""',
	'"" == path' => '@path == ""',
	'dur == ""' => '@dur_ns == ""',
	'dur != ""' => '@dur_ns != ""',
	'not dur > 1ms' => '!(n(@dur_ns) && @dur_ns > 1000000)',
	'not (bytes == 0)' => '!(n(@bytes) && @bytes == 0)',
	'bytes + offset == ""' => '@bytes == "" || @offset == ""',
	# text, by value
	'syscall == "read"' => '@syscall == "read"',
	"syscall == 'read'" => '@syscall == "read"',
	'syscall != "read"' => '@syscall != "read"',
	'"read" == syscall' => '@syscall == "read"',
	'errno == "ENOENT"' => '@errno == "ENOENT"',
	'comm == "12"' => '@comm "" == "12"',
	'comm == "my server"' => '@comm == "my server"',
	'comm == "x\"y"' => '@comm == "x\\\\\"y"',
	"comm == 'x\"y'" => '@comm == "x\\\\\"y"',
	'comm == "back\\\\slash"' => '@comm == "back\\\\\\\\slash"',
	"comm == \"caf\xc3\xa9\"" => "\@comm == \"caf\xc3\xa9\"",
	'comm == "caf\xc3\xa9"' => "\@comm == \"caf\xc3\xa9\"",
	'comm == "caf\303\251"' => "\@comm == \"caf\xc3\xa9\"",
	'path == "/tmp/tab\there"' => '@path == "/tmp/tab\\\\there"',
	'path == "/tmp/tab\11here"' => '@path == "/tmp/tab\\\\there"',
	'path == "/tmp/\x01\x7f"' => '@path == "/tmp/\\\\x01\\\\x7f"',
	'path == "/tmp/back\\\\t"' => '@path == "/tmp/back\\\\\\\\t"',
	'path < "/data"' => '@path "" < "/data"',
	'path >= "/data" and path < "/data0"' => '@path "" >= "/data" && @path "" < "/data0"',
	'args == "(3, \"abc\"..., 4096)"' => '@args == "(3, \"abc\"..., 4096)"',
	'args == \'(3, "a\\\\tb\\\\"c\\\\\\\\", 7)\'' => '@args == "(3, \"a\\\\tb\\\\\"c\\\\\\\\\", 7)"',
	'note == "Timeout"' => '@note == "Timeout"',
	# patterns
	'path =~ "^/data"' => '@path ~ /^\/data/',
	'path !~ "^/data"' => '@path !~ /^\/data/',
	'path =~ "\.so(\.[0-9]+)*$"' => '@path ~ /\.so(\.[0-9]+)*$/',
	'path =~ "\\\\.so$"' => '0 && @path',
	'path =~ "(?i)^/data"' => 'tolower(@path) ~ /^\/data/',
	'path =~ "tab\there"' => '@path ~ /tab\\\\there/',
	'path =~ "[[:cntrl:]]"' => '@path ~ /\\\\(x01|t)/ && @path !~ /back/',
	'path =~ "q\"q"' => '@path ~ /q\\\\"q/',
	'path =~ ""' => '1',
	'args =~ "O_(SYNC|CLOEXEC)"' => '@args ~ /O_(SYNC|CLOEXEC)/',
	'args =~ "\\\\t"' => '@args ~ /\\\\t/',
	'not path =~ "a" and not path !~ "/"' => '@path !~ /a/ && @path ~ /\//',
	'stack =~ "(^|;)read_all(;|$)"' => '@stack ~ /(^|;)read_all(;|$)/',
	'fd =~ "^2"' => '@fd ~ /^2/',
	# sets
	'syscall in {read, write,pread64}' => '@syscall ~ /^(read|write|pread64)$/',
	'syscall not in {read}' => '@syscall != "read"',
	'not syscall in {read, ""}' => '@syscall != "read" && @syscall != ""',
	'syscall in {}' => '0 && @syscall',
	'errno in {"", ENOENT}' => '@errno == "" || @errno == "ENOENT"',
	'pid in {7, 12}' => '@pid == 7 || @pid == 12',
	'ret in {-1, 0x19, 3}' => 'n(@ret) && (@ret == -1 || @ret == 25 || @ret == 3)',
	'dur in {1us, 250us, ""}' => '@dur_ns == 1000 && n(@dur_ns) || @dur_ns == 250000 || @dur_ns == ""',
	'path in {/etc/passwd, "/tmp/tab\there", socket:[1234]}' =>
	    '@path == "/etc/passwd" || @path == "/tmp/tab\\\\there" || @path == "socket:[1234]"',
	'comm in {"a,b", 12, nginx}' => '@comm == "a,b" || @comm "" == "12" || @comm == "nginx"',
	# and, or, not
	'dur > 1ms and path =~ "^/data" and errno == ""' =>
	    'n(@dur_ns) && @dur_ns > 1000000 && @path ~ /^\/data/ && @errno == ""',
	'pid == 7 or pid == 8 and fd == 3' => '@pid == 7 || @pid == 8 && @fd "" == "3"',
	'(pid == 7 or pid == 8) and fd == 3' => '(@pid == 7 || @pid == 8) && @fd "" == "3"',
	'pid == 7 || pid == 8 && fd == 3' => '@pid == 7 || @pid == 8 && @fd "" == "3"',
	'!(pid == 7 || pid == 8)' => '@pid != 7 && @pid != 8',
	'not not pid == 7' => '@pid == 7',
	'not pid == 7 and kind == "call"' => '@pid != 7 && @kind == "call"',
	' ( ( (pid==7) ) ) ' => '@pid == 7',
	# calculating
	'offset % 4KiB == 0' => 'n(@offset) && @offset % 4096 == 0',
	'offset % 4KiB != 0' => 'n(@offset) && @offset % 4096 != 0',
	'bytes * 2 > 8K' => 'n(@bytes) && @bytes * 2 > 8192',
	'bytes / 2 > 2047.5' => 'n(@bytes) && @bytes > 4095',
	'bytes / 3 == 33.333333333333336' => 'n(@bytes) && @bytes == 100',
	'offset + bytes >= 8KiB' => 'n(@offset) && n(@bytes) && @offset + @bytes >= 8192',
	'ret - bytes == 0' => 'n(@ret) && n(@bytes) && @ret == @bytes',
	'ret + 1 > 9223372036854775806' => '0 && @ret',
	'ret * ret > 4KiB' => 'n(@ret) && @ret * @ret > 4096 && @ret * @ret <= 9223372036854775807',
	'-ret == 1' => 'n(@ret) && @ret == -1',
	'- (fd + 1) == -4' => '@fd "" == "3"',
	'fd * 2 + 1 == 7' => '@fd "" == "3"',
	'fd - 1 - 1 == 1' => '@fd "" == "3"',
	'1 + fd * 2 == 7 and (1 + fd) * 2 == 8' => '@fd "" == "3"',
	'fd / 0 == 0 or fd % 0 == 0' => '0 && @fd',
	# columns against columns
	'tid == pid' => '@tid == @pid',
	'tid != pid' => '@tid != @pid',
	'ret == bytes' => 'n(@ret) && n(@bytes) && @ret == @bytes',
	'path < comm' => '@path "" < @comm ""',
	'start + dur > 12:33' => 'n(@dur_ns) && @start_ns + @dur_ns > 45180000000000',
	# columns that the event table does not know
	'shard == 3' => 'n(@shard) && @shard == 3',
	'shard < 5 and shard != ""' => 'n(@shard) && @shard < 5',
	'shard in {1, 2, 30}' => 'n(@shard) && (@shard == 1 || @shard == 2)',
	'label == "ab"' => '@label == "ab"',
	'label == "a\\\\b"' => '@label == "a\\\\\\\\b"',
	'label in {a, "b"}' => '@label == "a" || @label == "b"',
	'label == "1"' => '@label "" == "1"',
	'label == shard' => 'n(@label) && n(@shard) ? @label + 0 == @shard + 0 : @label "" == @shard ""',
	'label < shard' => 'n(@label) && n(@shard) ? @label + 0 < @shard + 0 : @label "" < @shard ""',
	'ratio > 0.3' => 'n(@ratio) && @ratio > 0.3',
	'ratio == 12.25' => 'n(@ratio) && @ratio == 12.25',
	'ratio < 0' => 'n(@ratio) && @ratio < 0',
	'ratio in {0.5, 100}' => 'n(@ratio) && (@ratio == 0.5 || @ratio == 100)',
	'total > 4ms' => 'n(@total_ns) && @total_ns > 4000000',
	'total_ns == 5s' => 'n(@total_ns) && @total_ns == 5000000000',
	# time
	'start >= 12:31' => '@start_ns >= 45060000000000',
	'start < 12:31:00.5' => '@start_ns < 45060500000000',
	'start >= 12:31:00.5 and start < 12:31:10' => '@start_ns >= 45060500000000 && @start_ns < 45070000000000',
	'12:31 <= start and start_ns <= 45070000000000' => '@start_ns >= 45060000000000 && @start_ns <= 45070000000000',
	'elapsed < 10s' => '@start_ns - start < 10000000000',
	'elapsed >= 10s and elapsed < 10.5s' => '@start_ns - start >= 10000000000 && @start_ns - start < 10500000000',
);
for (my $i = 0; $i < @same; $i += 2) {
	my ($expression, $condition) = @same[ $i, $i + 1 ];
	my $want = gawk($condition, $table);
	my $file = write_file("$tmp/expression", $expression);
	my ($got, $err, $status) = run("sp-select --where \"\$(cat $file)\" $table");
	same_rows($expression, $got, $want, $condition =~ /^0 /);
	is "$status $err", '0 ', "$expression: nothing to complain about" if $err ne '' || $status;
	($got) = run("sp-select -v --where \"\$(cat $file)\" $table");
	$condition = "!($condition)";
	same_rows("-v $expression", $got, gawk($condition, $table), 1) if $i % 8 == 0;
}

# Options, and gawk again.
my @options = (
	'' => '1',
	'-e read' => '@syscall == "read"',
	'-e trace=read,write' => '@syscall ~ /^(read|write)$/',
	'-e t=0,1' => '@syscall ~ /^(read|write)$/',
	"-e '!read,write'" => '@syscall !~ /^(read|write)$/',
	"-e '!read,!write'" => '@syscall !~ /^(read|write)$/',
	"--trace='trace=!futex'" => '@syscall != "futex"',
	'-e %file' => '@syscall ~ /^(openat|newfstatat)$/',
	'-e file' => '@syscall ~ /^(openat|newfstatat)$/',
	"-e 'desc,!read,!pread64'" => '@syscall ~ /^(write|openat|close|fsync|mmap|newfstatat|lseek|epoll_wait)$/',
	"-e '%net'" => '@syscall ~ /^(socket|connect)$/',
	"-e 'network,%memory,!brk'" => '@syscall ~ /^(socket|connect|mmap)$/',
	"-e '/^p?read'" => '@syscall ~ /^p?read/',
	"-e '/^p?read/,!read'" => '@syscall == "pread64"',
	"-e '/e{1,2}/,!/n{1,1}e/'" => '@syscall ~ /e/ && @syscall !~ /ne/',
	"-e '?frobnicate,?nonesuch'" => '@syscall == "frobnicate"',
	"-e '!?frobnicate'" => '@syscall != "frobnicate"',
	"-e '/^(frob|fsyn)'" => '@syscall ~ /^(frobnicate|fsync)$/',
	"-e '?/^frob'" => '@syscall == "frobnicate"',
	"-e all" => '1',
	"-e none" => '0 && @syscall',
	"-e 'all,!%desc'" => '@syscall ~ /^(futex|clone3|brk|syscall_0x1ff|frobnicate|socket|connect|)$/',
	'--pid 7' => '@pid == 7',
	'--pid 7,8 --pid 12' => '@pid ~ /^(7|8|12)$/',
	'--tid 13' => '@tid == 13',
	'--comm nginx,12' => '@comm == "nginx" || @comm "" == "12"',
	"--comm 'x\"y' --comm 'back\\slash'" => '@comm == "x\\\\\"y" || @comm == "back\\\\\\\\slash"',
	'--failed' => '@errno != ""',
	'-Z --pid 7' => '@errno != "" && @pid == 7',
	"-e read --where 'bytes > 4K' --where 'fd == 3'" => '@syscall == "read" && n(@bytes) && @bytes > 4096 && @fd "" == "3"',
	"-v -e read --where 'bytes > 4K'" => '!(@syscall == "read" && n(@bytes) && @bytes > 4096)',
	'--from 12:31' => '@start_ns >= 45060000000000',
	'--from 12:31:00.5 --to 12:32' => '@start_ns >= 45060500000000 && @start_ns < 45120000000000',
	'--from +10s --to +11s' => '@start_ns - start >= 10000000000 && @start_ns - start < 11000000000',
	'--from 45060000000000 --to 45120s' => '@start_ns >= 45060000000000 && @start_ns < 45120000000000',
	'--from 12:31 --to 00:10' => '@start_ns >= 45060000000000 && @start_ns < 87000000000000',
	'--from 45060.5' => '@start_ns >= 45060500000000',
);
for (my $i = 0; $i < @options; $i += 2) {
	my ($option, $condition) = @options[ $i, $i + 1 ];
	my ($got, $err, $status) = run("sp-select $option $table");
	same_rows("sp-select $option", $got, gawk($condition, $table), $condition =~ /^0 /);
	is "$status $err", '0 ', "sp-select $option: nothing to complain about" if $err ne '' || $status;
}

# Times since the Epoch mean local time. Berlin went from summer to winter time on 2026-10-25, 01:00 UTC.
my @dated = (
	'TZ=UTC sp-select --from 12:30:20 --to 12:30:40' => 1795264220, 1795264240,
	'TZ=CET-1CEST,M3.5.0,M10.5.0/3 sp-select --from 13:30:20 --to 13:30:40' => 1795264220, 1795264240,
	'sp-select --from 2026-11-21T12:30:20 --to "2026-11-21 12:30:40"' => 1795264220, 1795264240,
	'TZ=EST5 sp-select --from 2026-11-21T12:30:20Z --to 2026-11-21T07:30:40' => 1795264220, 1795264240,
	'sp-select --from 1795264220.0 --to 1795264240.000000' => 1795264220, 1795264240,
	'sp-select --where "start >= 12:30:20 and start < 12:30:40"' => 1795264220, 1795264240,
);
while (my ($command, $from, $to) = splice @dated, 0, 3) {
	my ($got) = run("$command $dated");
	same_rows($command, $got, gawk("\@start_ns >= ${from}000000000 && \@start_ns < ${to}000000000", $dated));
}
my $change = "start_ns\n1792886400000000000\n1792898999000000000\n1792899000000000000\n";
is((run("TZ=CET-1CEST,M3.5.0,M10.5.0/3 sp-select --from 4:10", stdin => $change))[0],
	"start_ns\n1792898999000000000\n1792899000000000000\n", 'a clock time after the end of summer time');
is((run("sp-select --where 'start >= 25:10'", stdin => "start_ns\n3600000000000\n90599999999999\n90600000000000\n"))[0],
	"start_ns\n90600000000000\n", 'hours go on after 24');

# A repeated header begins a new trace: it passes, columns may move, times begin anew.
my $joined = "syscall\tdur_ns\tstart_ns\nread\t5\t1000\nwrite\t\t2000\nstart_ns\tdur_ns\tshard\tsyscall\n"
    . "9000\t7\tx\tread\n9500\t1\ty\tread\nsyscall\tdur_ns\tstart_ns\n";
is((run("sp-select", stdin => $joined))[0], $joined, 'without options everything passes');
is((run("sp-select --where 'dur > 4'", stdin => $joined))[0],
	"syscall\tdur_ns\tstart_ns\nread\t5\t1000\nstart_ns\tdur_ns\tshard\tsyscall\n9000\t7\tx\tread\nsyscall\tdur_ns\tstart_ns\n",
	'columns are found again after a header');
is((run("sp-select --from +400ns", stdin => $joined))[0],
	"syscall\tdur_ns\tstart_ns\nwrite\t\t2000\nstart_ns\tdur_ns\tshard\tsyscall\n9500\t1\ty\tread\nsyscall\tdur_ns\tstart_ns\n",
	'elapsed begins anew');
is((run("sp-select --slowest 1", stdin => $joined))[0], "start_ns\tdur_ns\tshard\tsyscall\n9000\t7\tx\tread\n",
	'the slowest comes with its header');
is((run("sp-select --slowest 2", stdin => $joined))[0],
	"syscall\tdur_ns\tstart_ns\nread\t5\t1000\nstart_ns\tdur_ns\tshard\tsyscall\n9000\t7\tx\tread\n", 'the two slowest, in order');
is((run("sp-select --slowest 3 -e write", stdin => $joined))[0], "syscall\tdur_ns\tstart_ns\n", 'none with a duration');
{
	my ($out, $err, $status) = run("sp-select --where 'shard == \"x\"'", stdin => $joined);
	is $status, 2, 'a column that is missing in one trace is an error';
	like $err, qr/column 1: there is no column shard; there are: syscall dur_ns start_ns/, '... that names those there are';
}

# The slowest, by sort: duration down, then order of the input.
for my $n (1, 2, 3, 10, 100, 1000, 10000) {
	my @number = map { (split /\t/, $rows[$_])[1] ne '' ? $_ : () } 0 .. $#rows;
	@number = sort { (split /\t/, $rows[$b])[1] <=> (split /\t/, $rows[$a])[1] || $a <=> $b } @number;
	splice @number, $n if @number > $n;
	my ($got) = run("sp-select --slowest $n $table");
	same_rows("--slowest $n", $got, join '', map { "$_\n" } $header, @rows[ sort { $a <=> $b } @number ]);
}

# Samples: of the right size, the same every time, nested, whole in the chosen column.
my ($tenth) = run("sp-select --sample 1/10 $table");
my $size = ($tenth =~ tr/\n//) - 1;
ok $size > 300 && $size < 500, "--sample 1/10 of 4000 rows: $size";
my ($fifth) = run("sp-select --sample 1/5 $table | sp-select --sample 2/20");
is $fifth, $tenth, 'a sample of a sample';
is((run("sp-select --sample 3/3 $table"))[0], read_file($table), '--sample 3/3 is everything');
is((run("tac $table | sp-select --sample 1/10", stdin => ''))[2], 2, 'rows without a header');
my ($by_shard) = run("sp-select --sample 1/2:shard $table");
my %in = map { (split /\t/, $_, -1)[16] => 1 } grep { !/^start_ns/ } split /\n/, $by_shard;
my $whole = join '', map { "$_\n" } $header, grep { $in{ (split /\t/, $_, -1)[16] } } @rows;
ok keys %in > 1 && keys %in < 10, 'some shards are in the sample';
is $by_shard, $whole, '... and all rows of them';

# What strace itself keeps of a program that always makes the same calls.
SKIP: {
	my ($probe) = have('strace') ? run("strace -o /dev/stdout -e trace=execve true 2>/dev/null") : '';
	skip 'strace cannot trace here', 1 unless $probe =~ /^execve/;
	run("strace -o $tmp/full ls / >/dev/null");
	for my $set ('file', '%desc', '!%desc', 'memory,read', '/^m.*p', '/^(mmap|munmap)$,read', '!/at', '%process', '%stat', '%%stat',
		'%fstat', '%statfs', '%signal', '%creds', '%pure', '?nonesuch,close', '9', 'all', 'none', '!all') {
		my ($theirs, $err) = run("strace -e 'trace=$set' -o $tmp/part ls / >/dev/null; sp-parse -q --columns syscall $tmp/part");
		my ($ours) = run("sp-parse -q --columns kind,syscall,ret $tmp/full | sp-select -e 'trace=$set'");
		$theirs = join ' ', grep { /./ } split /\n/, $theirs;
		$ours = join ' ', grep { /./ } map { (split /\t/, $_, -1)[1] } split /\n/, $ours;
		is $ours, $theirs, "strace -e trace=$set";
	}
}
done_testing;
