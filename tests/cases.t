#!/usr/bin/perl
# cases: every testdata/**/NAME.expected is the standard output that one command must give.
#
#     testdata/strace/split.trace       the input: a .trace goes through sp-parse, a .tsv through the
#                                       program that its folder is named after
#     testdata/strace/split.expected    standard output
#     testdata/strace/split.cmd         optional: the command instead (bash, run in the case's folder,
#                                       pipefail); it may use any file there, so one input can serve
#                                       several cases, or none
#     testdata/strace/split.err         optional: standard error; not looked at without this file
#     testdata/strace/split.status      optional: exit status; 0 without this file
#
# A new case is an input (or a .cmd), then `make bless CASE=strace/split`, then a look at what that wrote.
# CASE may be a pattern: 'strace/*'. An empty .err asks bless to record standard error.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use File::Find;
use Sp;
use Test::More;

my %files;    # case -> extension -> 1
find({ no_chdir => 1, wanted => sub {
	return unless m{^\Q$root\E/testdata/(.+)\.(trace|tsv|cmd|expected|err|status)$};
	$files{$1}{$2} = 1;
} }, "$root/testdata");

sub command {
	my ($case) = @_;
	my $name = basename $case;
	return read_file("$root/testdata/$case.cmd") if $files{$case}{cmd};
	return "sp-parse $name.trace" if $files{$case}{trace};
	return basename(dirname $case) . " $name.tsv";
}

sub run_case {
	my ($case) = @_;
	return run(command($case), dir => dirname("$root/testdata/$case"));
}

sub bless_case {
	my ($case) = @_;
	my $base = "$root/testdata/$case";
	my ($out, $err, $status) = run_case($case);
	write_file("$base.expected", $out);
	write_file("$base.err", $err) if $files{$case}{err};
	unlink "$base.status";
	write_file("$base.status", "$status\n") if $status;
	print "$case: ", ($out =~ tr/\n//), " lines, status $status\n";
}

if (@ARGV) {
	my ($option, $pattern) = @ARGV;
	die "usage: cases.t [--bless CASE]\n" unless $option eq '--bless' && $pattern;
	$pattern = join '', map { $_ eq '*' ? '.*' : quotemeta } split //, $pattern;
	my @cases = grep { /^$pattern$/ && ($files{$_}{trace} || $files{$_}{tsv} || $files{$_}{cmd}) } sort keys %files;
	die "no such case\n" unless @cases;
	bless_case($_) for @cases;
	exit 0;
}

for my $case (sort keys %files) {
	next unless $files{$case}{expected} || $files{$case}{cmd};
	my $base = "$root/testdata/$case";
	unless ($files{$case}{expected}) {
		fail "$case: nothing expected: make bless CASE=$case";
		next;
	}
	my ($out, $err, $status) = run_case($case);
	my ($want_out, $want_err, $want_status) =
	    map { $files{$case}{$_} ? read_file("$base.$_") : undef } qw(expected err status);
	chomp($want_status //= 0);
	ok($out eq $want_out && $status == $want_status && (!defined $want_err || $err eq $want_err), $case)
	    or diag join "\n", "command: " . command($case), "status $status, expected $want_status",
	    unified_diff($want_out, $out),
	    defined $want_err ? unified_diff($want_err, $err) : "stderr: " . substr($err, 0, 2000);
}

# An input that no command reads tests nothing.
my $commands = join '', map { command($_) } grep { $files{$_}{cmd} } keys %files;
for my $case (sort keys %files) {
	my ($input) = grep { $files{$case}{$_} } qw(trace tsv);
	next if !$input || $files{$case}{expected};
	my $file = basename("$case.$input");
	ok $commands =~ /(?<![\w-])\Q$file\E/, "$case.$input is used by a case";
}
done_testing;
