#!/usr/bin/perl
# progress: a filter that reads files for more than a second says on a terminal how far it is, and only there.
# Reads are made slow by strace.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

plan skip_all => 'strace is not installed or may not trace' unless have('strace') && (run('strace -o /dev/null true'))[2] == 0;
plan skip_all => 'script(1) has no terminal to give' if system('script -qec true /dev/null </dev/null >/dev/null 2>&1') != 0;

my $line = qr/\r\S+: \d+ % of 1 MB, \d+ MB\/s, \d+ s left \e\[K/;
my $call = "1714521600.000001 read(3, \"" . 'x' x 900 . "\", 4096) = 900 <0.000001>\n";
write_file("$tmp/trace", $call x 1000 . "no call\n" . $call x 200);
run("sp-parse -q $tmp/trace >$tmp/table");

my @cases = (
	['a trace', "sp-parse $tmp/trace >$tmp/1", 1],
	['a table', "sp-stats $tmp/table >$tmp/2", 1],
	['a table as standard input', "sp-stats <$tmp/table >$tmp/3", 1],
	['not with --quiet', "sp-parse -q $tmp/trace >$tmp/4", 0],
	['not on the terminal that the result goes to', "sp-stats $tmp/table", 0],
	['not into a file', "sp-stats $tmp/table >$tmp/6 2>$tmp/7", 0],
	['not where the end is unknown', "sh -c \"cat $tmp/table | sp-stats >$tmp/8\"", 0],
);
# What a terminal would have shown; all at once.
my $slowly = "strace -f -o /dev/null -e trace=read -P $tmp/trace -P $tmp/table -e inject=read:delay_enter=450ms";
run(join(' & ', map { "script -qec '$slowly $cases[$_][1]' $tmp/shown.$_ >/dev/null" } 0 .. $#cases) . ' & wait');
my @shown = map { read_file("$tmp/shown.$_") } 0 .. $#cases;
for (0 .. $#cases) {
	my ($name, undef, $is) = @{ $cases[$_] };
	ok $is == ($shown[$_] =~ $line), $name or diag $shown[$_];
}
unlike read_file("$tmp/7"), $line, 'not into a file of errors';
like $shown[0], qr/\e\[Ksp-parse: [^\r]*rejected/, 'what is said takes its place';
unlike substr($shown[0], rindex $shown[0], 'rejected'), qr/ s left/, 'and it is gone at the end';
done_testing;
