#!/usr/bin/perl
# select-faults: sp-select says what is wrong with an expression or an option, and where; what is odd in the
# rows is counted.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;
use Time::HiRes 'time';

my $table = write_file("$tmp/table.tsv", join("\t", qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path
	note args stack shard label ratio total_ns)) . "\n");

# What is wrong, and where. The column counts from 1.
my @faults = (
	'dur >' => 6, 'ends too early',
	'' => 1, 'ends too early',
	'durr > 1ms' => 1, 'no column durr; the nearest is dur$',
	'pid == 7 and syscal == "read"' => 14, 'no column syscal; the nearest is syscall$',
	'errno == ENOENT' => 10, 'no column ENOENT; if it is text, it needs quotes: "ENOENT"',
	'label == tty' => 10, 'no column tty; if it is text, it needs quotes: "tty"',
	'nonesuch == 1' => 1, 'no column nonesuch; there are: start_ns dur_ns pid',
	'dur > 1xs' => 7, '1xs is no number; numbers are like',
	'dur > 4KiB' => 7, 'dur is a time, but 4KiB is a size',
	'4KiB < dur' => 1, '4KiB is a size, but dur is a time',
	'bytes > 1ms' => 9, 'bytes is a size, but 1ms is a time',
	'pid == 1s' => 8, 'pid is a plain number, but 1s is a time',
	'dur > 12:30' => 7, 'dur is a time, but 12:30 is a clock time',
	'pid == "7"' => 8, 'pid is a number, but "7" is text',
	'path > 3' => 8, 'path is text, but 3 is a number',
	'fd == path' => 7, 'fd is a number, but path is text',
	'dur' => 1, 'no condition: compare it with something',
	'pid == 7 and dur' => 14, 'no condition: compare it with something',
	'not pid' => 5, 'no condition',
	'pid == 7 pid == 8' => 10, 'and, or or an operator is missing here',
	'1 < pid < 3' => 9, 'comparisons do not chain: join them by and',
	'(pid == 7) == (tid == 7)' => 2, 'a condition cannot be compared',
	'(pid == 7' => 1, 'this parenthesis is not closed',
	'pid == 7)' => 9, 'no parenthesis is open here',
	'pid = 7' => 5, '= is written == or =~ here',
	'pid == 7 & tid == 7' => 10, '& is written and here',
	'pid <> 7' => 5, '<> is written != here',
	'path =~ "[a"' => 12, 'bad pattern: missing terminating ]',
	'path =~ /a/' => 9, 'a pattern in quotes is expected here',
	'path =~ "(*UTF)a"' => 16, 'bad pattern: using UTF is disabled',
	'fd + 1 =~ "a"' => 1, 'only a column can be matched',
	'path == "abc' => 9, 'the string that begins here does not end',
	'path == "a\qb"' => 11, 'unknown escape; a backslash itself is written',
	'syscall in read' => 12, 'a set is expected here',
	'syscall in {read write}' => 18, 'a comma or } is expected here',
	'syscall in {read,}' => 18, 'an element of the set is expected here',
	'syscall in {read' => 17, 'a comma or } is expected here',
	'pid in {7, x}' => 12, 'pid is a number, but this is text',
	'dur in {1ms, 4K}' => 14, 'dur is a time, but this is a size',
	'pid not 7' => 9, 'only in can follow not here',
	'path + 1 == 2' => 1, 'only numbers can be calculated with',
	'-path == 2' => 2, 'only a number can have a minus',
	'pid == 7 and #' => 14, 'no name, number, string or operator begins here',
	'dur > 99999999999999999999' => 7, 'is no number',
	'start > 12:60' => 9, 'is no number',
	'start > 2026-11-22' => 9, 'dates are for sp-select --from and --to',
	'start > 2026-11-22T12:00' => 9, 'dates are for sp-select --from and --to',
	('(' x 300) . 'pid == 7' => 201, 'nested too deeply',
	('not ' x 300) . 'pid == 7' => 801, 'nested too deeply',
	('-' x 300) . '1 == pid' => 201, 'nested too deeply',
	join(' + ', (1) x 30000) . ' == pid' => qr/\d+/, 'too long',
);
while (my ($expression, $column, $what) = splice @faults, 0, 3) {
	my $file = write_file("$tmp/expression", $expression);
	my ($out, $err, $status) = run("sp-select --where \"\$(cat $file)\" $table");
	my $short = length $expression > 60 ? substr($expression, 0, 20) . '...' : $expression;
	ok $status == 2 && $out eq '' && $err =~ /^sp-select: usage: --where, column $column: .*$what/m, "fault: $short"
	    or diag "status $status, expected column $column: $what\n$err";
	next if ref $column || $expression eq "" || length $expression > 60;
	my ($line, $mark) = $err =~ /^    (.*)\n    ( *)\^$/m;
	ok defined $mark && $line eq $expression && length $mark == $column - 1, "mark: $short" or diag $err;
}
my @other_faults = (
	"-e reed" => 1, 'no system call reed; the nearest is read',
	"-e trace=read,opena" => 12, 'no system call opena; the nearest is open',
	"-e %fiel" => 1, 'no class %fiel; the nearest is %file',
	"-e '/^xyz'" => 1, 'no system call matches this pattern',
	"-e 'read,/(a'" => 9, 'bad pattern: missing closing parenthesis',
	"-e read," => 6, 'a system call is expected here',
	"-e read\@64" => 1, 'an event does not tell its personality',
	"-e 'read,!?/x['" => 11, 'bad pattern',
);
while (my ($option, $column, $what) = splice @other_faults, 0, 3) {
	my ($out, $err, $status) = run("sp-select $option $table");
	ok $status == 2 && $err =~ /^sp-select: usage: -e, column $column: .*\Q$what\E/m, "fault: $option"
	    or diag "status $status, expected column $column: $what\n$err";
}
for my $usage ('-e read -e write', '--sample 2/1', '--sample 1', '--sample 0/3', '--sample 1/3:', '--slowest 0', '--slowest x',
	'--pid x', '--pid 1,', '--from noon', '--from 2026-11-21', '--to 1y', '--sample 1/2:nonesuch') {
	my ($out, $err, $status) = run("sp-select $usage $table");
	ok $status == 2 && $out eq '' && $err =~ /^sp-select: ./, "usage: $usage" or diag "status $status: $err";
}

# An expression of several lines, as in a script.
{
	my ($out, $err, $status) = run("sp-select --where 'dur > 1ms and\n  pid = 7' $table");
	like $err, qr/column 21: = is written == or =~ here\n      pid = 7\n          \^\n/, 'the line with the fault is shown';
}

# A pattern that would take for ever is given up, and that is said.
{
	my $slow = "dur_ns\tpath\n" . join '', map { "$_\t/" . ('a' x 40) . "!\n" } 1 .. 20000;
	my $begin = time;
	my ($out, $err, $status) = run("sp-select --where 'path =~ \"^/(a|a)+\$\" or dur == 17'", stdin => $slow);
	my $seconds = time - $begin;
	is $out, "dur_ns\tpath\n17\t/" . ('a' x 40) . "!\n", 'a value that is given up does not match';
	like $err, qr/^sp-select: warning: --where: the pattern ".*" is too slow: given up on 20000 values \(19000 of them untried\)/,
	    'values given up are counted';
	is $status, 0, '... as a warning';
	cmp_ok $seconds, '<', 20, sprintf 'it took %.1f s', $seconds;
}

# Fields that should be numbers and are not.
{
	my ($out, $err, $status) = run("sp-select --where 'dur >= 0 or ret == 1.5'", stdin => "dur_ns\tret\n1\t\nx\t1\n12y\t1.5\n");
	is $out, "dur_ns\tret\n1\t\n12y\t1.5\n", 'a field that is no number is missing';
	like $err, qr/warning: --where: 2 fields are not numbers and count as missing, first dur: x$/, '... and counted';
}

done_testing;
