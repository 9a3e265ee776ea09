#!/usr/bin/perl
# log: a trace reads the same behind what journals and the logs of containers put in front of each of
# its lines, whatever the tracer.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use Sp;
use Test::More;

my @fronts = (
	'Nov  1 17:00:01 web1 strace[123]: ',
	'Nov 21 17:00:01.123456 web1 root: ',
	'2024-03-31T01:59:59.123456+01:00 web1 strace[123]: ',
	'2024-03-31 01:59:59,123+0100 web1 strace[123]: ',
	'2024-03-31T01:59:59.123456789Z ',
	'2024-03-31T01:59:59.123456789Z stderr F ',
	'web-1  | ',
	'web-1  | 2024-03-31T01:59:59Z ',
	'[pod/web-5d4/main] ',
	'[pod/web-5d4/main] 2024-03-31T01:59:59.123456789Z ',
);
for my $dialect (qw(strace perf_trace perf_script ftrace bpftrace)) {
	my $n = 0;
	for my $trace (glob "$root/testdata/$dialect/*.trace") {
		my $front = $fronts[$n++ % @fronts];
		my $text = read_file($trace);
		next if $text eq '' || $trace =~ /byte-order-mark|in-a-journal/; # they begin with something else
		write_file("$tmp/plain", $text);
		write_file("$tmp/logged", $text =~ s/^(?!\z)/$front/gmr);
		my ($plain) = run("sp-parse -q $tmp/plain");
		my ($logged) = run("sp-parse -q $tmp/logged");
		is $logged, $plain, "$dialect/" . basename($trace) . ": $front";
	}
}
done_testing;
