#!/usr/bin/perl
# percentiles: within 0.4 % of what sorting gives, whatever the distribution; counts, sums, minima
# and maxima exact; and the same when the events come in two files.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use List::Util qw(max min sum);
use Sp;
use Test::More;

srand 7;
my %make = (
	read => sub { rand() < 0.95 ? 1000 + int rand 90_000 : 1_000_000 + int rand 9_000_000 },    # bimodal
	write => sub { int exp(rand 25) },    # eleven decades
	fsync => sub { 20_000_000 },
	close => sub { int rand 300 },                                                             # small numbers
	futex => sub { int(1e6 / (rand() ** 1.2 + 1e-9)) },                                        # long tail
);
my %values;
my @halves = ("dur_ns\tkind\tsyscall\n") x 2;
for my $syscall (sort keys %make) {
	for my $i (1 .. 20_001) {
		my $value = $make{$syscall}->();
		push @{ $values{$syscall} }, $value;
		$halves[$i % 2] .= "$value\tcall\t$syscall\n";
	}
}
write_file("$tmp/$_.tsv", $halves[$_]) for 0, 1;

my ($out, $err, $status) = run("cat $tmp/0.tsv $tmp/1.tsv | sp-stats -o tsv");
is $status, 0, 'sp-stats' or diag $err;
my ($names, @rows) = map { [ split /\t/ ] } split /\n/, $out;
for my $row (@rows) {
	my %got;
	@got{@$names} = @$row;
	my @sorted = sort { $a <=> $b } @{ $values{ $got{syscall} } };
	is "@got{qw(calls total_ns min_ns max_ns)}", join(' ', scalar @sorted, sum(@sorted), min(@sorted), max(@sorted)),
	    "$got{syscall}: calls, sum, minimum and maximum are exact";
	for my $percent (50, 90, 95, 99) {
		my $exact = $sorted[ int(($percent * @sorted + 99) / 100) - 1 ];
		my $got = $got{"p${percent}_ns"};
		cmp_ok abs($got - $exact), '<=', 0.004 * $exact, "$got{syscall}: p$percent is $got for $exact";
	}
}
is scalar(@rows), 5, 'one row a system call';

my ($split) = run("sp-stats -o tsv $tmp/1.tsv $tmp/0.tsv");
is $split, $out, 'the same from two files in the other order';
my ($merged) = run("{ sp-stats --partial $tmp/1.tsv; sp-stats --partial $tmp/0.tsv; } | sp-stats -o tsv");
is $merged, $out, 'and merged from two partial tables';
done_testing;
