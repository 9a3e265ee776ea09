#!/usr/bin/perl
# ring: rows that go through memory come out as they do through pipes, or the reader says that they do not.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# Enough rows to go round several times, some of them longer than a block.
my $header = "start_ns\tdur_ns\tpid\ttid\tkind\tsyscall\tret\terrno\tfd\tbytes\toffset\tcomm\tpath\tnote\targs\n";
sub row {
	my ($i, $path) = @_;
	my $size = $i * 7919 % 100003;
	return join("\t", 1000 * $i, $i % 997, 7, 7, 'call', $i % 3 ? 'read' : 'write', $size, '', 3, $size, '', 'x', $path, '', "(3, \"...\", $size)") . "\n";
}
my $table = $header . join '', map { row($_, $_ % 40_000 ? '/var/lib/data.' . $_ % 300 : '/' . 'long' x (100 * $_ / 20)) } 1 .. 260_000;
my $file = write_file("$tmp/table", $table);
my $ring = "$tmp/ring";
my $ring_in = "--ring-in=$ring";

my ($plain) = run("sp-fdmap $file | md5sum");
my ($io) = run("sp-fdmap $file | sp-io -o tsv | md5sum");
my ($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | sp-select --ring-in=$ring | md5sum");
is $out, $plain, 'one reader' or diag $err;
my ($first) = run("sp-select $file | md5sum");
($out, $err, $status) = run("sp-select --ring-next=$ring.1 $file | sp-fdmap --ring-in=$ring.1 --ring-out=$ring.2 | sp-io -o tsv --ring-in=$ring.2 | md5sum");
is $out, $io, 'one ring behind the other' or diag $err;

# From traces, too, whatever their rows are like.
for my $trace (glob("$root/testdata/demo/*.log"), write_file("$tmp/odd.log", join '', map { "$_  1714521600.000001 write(3</a\tb>, \"" . 'x' x ($_ * 70 % 70001) . "\", 9) = 9 <0.000001>\n" } 1, 22, 999_999_999, 123_456_789_012_345, '1234567890123456', '123456789012345678', 2 .. 999)) {
	for my $options ('', '--with line', '--with host,file,line --host h', '--columns syscall,pid,args,dur_ns', '--no-threads', '--no-avx2') {
		my ($expected) = run("sp-parse -q $options $trace | sp-select | md5sum");
		($out, $err, $status) = run("sp-parse -q $options --ring-next=$ring $trace | sp-select $ring_in | md5sum");
		is $out, $expected, "sp-parse $options" or diag $err;
	}
	my ($expected) = run("sp-parse -q $trace | sp-fdmap | sp-stats -o tsv --by pid,tid,path,args,fdtype,fdgen");
	($out, $err, $status) = run("sp-parse -q --ring-out=$ring.1 $trace | sp-fdmap --ring-in=$ring.1 --ring-out=$ring.2 | sp-stats -o tsv --by pid,tid,path,args,fdtype,fdgen --ring-in=$ring.2");
	is $out, $expected, 'and sp-fdmap' or diag $err;
}

# What is told is copied as it is: whatever the command line says, a row is text.
my $control = "--with file --host \"\$(printf 'h\\001')\"";
($out, $err, $status) = run("{ echo 'getpid() = 7'; sleep 0.3; echo 'getpid() = 7'; } | sp-parse -q $control --ring-out=$ring.1 | sp-fdmap --ring-in=$ring.1 | cut -f 6,17,18");
is $out, "syscall\tfile\thost\ngetpid\t-\th\\x01\ngetpid\t-\th\\x01\n", 'a host with a control byte' or diag "$err$status";
($out) = run("echo 'close(3) = 0' | sp-parse -q --host \"\$(printf 'a\\tb')\" | cut -f 6,17-");
is $out, "syscall\thost\nclose\ta\\tb\n", 'or with a TAB';

# Rows that lack columns which nobody asks for, or have more than the header.
my $uneven = write_file("$tmp/uneven", join '', map { join("\t", @$_) . "\n" } [qw(syscall ret args path more most)], map { ['close', $_, "($_)", "/$_", ('x') x (1 + $_ % 3)] } 1 .. 9);
my ($even) = run("sp-fdmap $uneven");
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $uneven | sp-select $ring_in --where 'ret > 0'");
is $out, (run("sp-fdmap $uneven | sp-select --where 'ret > 0'"))[0], 'rows of other lengths than the header' or diag $err;
is scalar(split /^/, $even), 10, 'all of them';

# Rows whose columns end farther back than can be told, until their paths are resolved; the header is in a block of its own.
my $resolved = write_file("$tmp/resolved", join '', map { "$_\n" } join("\t", qw(ret syscall path args)), map { join("\t", $_, 'openat', 'a/../' x 13_105 . 'f', '(AT_FDCWD)') } 3 .. 12);
($out, $err, $status) = run("{ head -n 1 $resolved; sleep 0.3; tail -n +2 $resolved; } | sp-fdmap --cwd /srv --ring-out=$ring | sp-stats -o tsv --by path,args,fdtype --columns path,args,fdtype,calls $ring_in");
is $out, "path\targs\tfdtype\tcalls\n/srv/f\t(AT_FDCWD)\tfile\t10\n", 'rows that get much shorter' or diag "$err$status";

# What the writer tells of rows is what readers would find out: numbers of all lengths, and none; calls that are alike, and
# more different ones than are told apart.
srand 7;
my @syscalls = (qw(openat read write pread64 lseek close fstat connect getpid clone epoll_wait no_such_call), 'name_of_more_than_sixteen_bytes');
my @errors = (('') x 12, qw(ENOENT EAGAIN ENAMETOOLONG ERESTARTNOHAND_OF_MORE_THAN_SIXTEEN), map { "E$_" } 1 .. 3000);
my @durations = ('', 0, 7, 99_999_999, 100_000_000, 4_294_967_294, 4_294_967_295, 4_294_967_296, 10**15, 'x');
my @kinds = (('call') x 20, qw(unfinished signal exit async), '', 'calls');
sub any { $_[rand @_] }
for my $columns ([qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path note args)], [qw(pid dur_ns syscall ret errno fd bytes path args start_ns)]) {
	my ($now, @rows) = (5);
	for (1 .. 20_000) {
		$now = any(100_000, 12_345_678_901, 1_714_521_600_000_000_000) if $_ % 997 == 0;
		$now += int rand 50_000;
		my $fd = int rand 9;
		my %row = (start_ns => any(($now) x 9, '', 'x'), dur_ns => any(map({ int rand 1e6 } 1 .. 20), @durations), pid => 1 + int rand 3, kind => any(@kinds), syscall => any(@syscalls),
			ret => any($fd, 17, ''), errno => any(@errors), fd => any($fd, $fd, ''), bytes => any('', 17, 4096), comm => 'c', path => any('', '/a', '/b/' . int rand 50), args => '("/a", O_RDWR)');
		push @rows, join "\t", map { $row{$_} // '' } @$columns;
	}
	my $odd = write_file("$tmp/odd.tsv", join "\n", join("\t", @$columns), @rows, '');
	for my $reader ('sp-advise -o tsv', 'sp-io -o tsv --by fd', 'sp-stats -o tsv', 'sp-hist --partial --by syscall,errno,fdtype --slices 40 --also /dev/stderr=category,slice_ns --also-sums /dev/stderr=pid,tid,comm', 'sp-stats -o tsv --by errno,fdtype --unfinished') {
		my ($want_out, $want_err, $want_status) = run("sp-fdmap $odd 2>/dev/null | $reader");
		($out, $err, $status) = run("sp-fdmap $odd --ring-out=$ring 2>/dev/null | $reader $ring_in");
		is "$out$err$status", "$want_out$want_err$want_status", "$reader: all that is told of " . @$columns . ' columns';
	}
}

# Blocks whose last columns end where there is just room for it: what is told of their first rows stays.
my @wide = (qw(start_ns dur_ns pid kind syscall ret errno args path), map { "c$_" } 10 .. 49);
my $filled = write_file("$tmp/filled.tsv", join "\n", join("\t", @wide),
	(map { my $row = join "\t", 1_000_000_000 + 10 * $_, 123, 5, 'call', 'getpid', 5, '', '()', '', ('') x 39; $row . "\t" . 'x' x (($_ % 10 ? 204 : 203) - 4 - length $row) } 1 .. 20_000), '');
my ($filled_out) = run("sp-fdmap $filled | sp-hist --partial --by syscall,errno");
($out, $err, $status) = run("sp-fdmap $filled --ring-out=$ring | sp-hist --partial --by syscall,errno $ring_in");
is $out, $filled_out, 'blocks full of ends' or diag "$err$status";

# Readers that are slow, that read little, that die.
my $read = "--ring-in=$ring";
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | sp-tee --ring -c 'sp-select $read | md5sum >$tmp/1' -c 'sleep 0.3; sp-select $read | md5sum >$tmp/2' "
	. "-c 'sp-select $read | { head -c 5000000; sleep 0.3; cat; } | md5sum >$tmp/3' -c 'sp-select $read | head -c 10 >/dev/null' | sp-io -o tsv $read | md5sum");
is $out, $io, 'several readers: standard output' or diag $err;
is read_file("$tmp/$_"), $plain, "command $_" for 1 .. 3;
($out, $err, $status) = run("sp-fdmap --ring-next=$ring $file | { sleep 0.3; sp-select $read; } | { head -c 5000000; sleep 0.3; cat; } | md5sum");
is $out, $plain, 'the next program alone' or diag $err;
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | sp-tee --ring -c 'sp-select $read | md5sum >$tmp/1' -c 'exit 0' | sp-io -o tsv $read --by fdtype >/dev/null");
is read_file("$tmp/1"), $plain, 'one that reads nothing is left alone' or diag $err;

# Small ones, and none.
for my $rows (0, 1, 2) {
	my $small = write_file("$tmp/small", $header . join '', map { row($_, '/a') } 1 .. $rows);
	my ($expected) = run("sp-fdmap $small");
	($out, $err, $status) = run("sp-fdmap --ring-out=$ring $small | { sleep 0.1; sp-select $read; }");
	is $out, $expected, "$rows rows, of a program that has ended" or diag $err;
}
($out, $err, $status) = run(": | sp-stats $read");
my ($none, $why, $code) = run(': | sp-stats');
is "$out$err$status", "$none$why$code", 'nothing at all';

# Rows come at once where the writer waits.
($out, $err, $status) = run("({ printf 'close(3) = 0\\n'; sleep 3; } | sp-parse -q --ring-out=$ring | sp-select $read || :) | timeout 2 grep -q start_ns");
is $status, 0, 'the rows of a quiet stream' or diag $err;

# No ring: text.
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file >$tmp/written; md5sum <$tmp/written");
is $out, $plain, 'into a file go rows' or diag $err;
($out, $err, $status) = run("sp-fdmap --ring-out=/proc/none $file | sp-tee --ring -c 'sp-select $read | md5sum >$tmp/1' | sp-io -o tsv $read | md5sum");
is $out . read_file("$tmp/1"), $io . $plain, 'where there can be no ring, text goes through the pipe' or diag $err;
($out, $err, $status) = run("(ulimit -f 1000; sp-fdmap --ring-out=$ring $file) | sp-io -o tsv $read | md5sum");
is $out, $io, 'or where files may not be so large' or diag $err;

# What keeps tokens: the reader finds out.
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | perl -e 'local \$/; print <STDIN>' | sp-select $read");
is $status, 2, 'rows that were written over: exit status';
like $err, qr/^sp-select: -: cannot read: rows of the ring were written over before they were read$/m, 'and a message';
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | sp-select --ring-in=$tmp/nothing");
ok $status == 2 && $err =~ m{cannot open: \S*/nothing: No such file}, 'no such ring' or diag "$status $err";
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | sp-select --ring-in=$file");
ok $status == 2 && $err =~ m{cannot open: \S*/table: }, 'a file that is no ring' or diag "$status $err";
($out, $err, $status) = run("sp-fdmap --ring-out=$ring $file | head -c 5000 | sp-select $read");
ok $status == 2 && $err =~ /cannot read: /, 'a token that is cut' or diag "$status $err";
($out, $err, $status) = run("sp-tee --ring -c true $file >/dev/null");
ok $status == 2 && $err =~ /standard output is no pipe/, 'sp-tee --ring into a file' or diag "$status $err";

done_testing;
