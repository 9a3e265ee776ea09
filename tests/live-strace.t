#!/usr/bin/perl
# live-strace: the figures of a trace taken now are strace's own; and the pipeline works live.
# scripts/check-against-strace without --short is the long form of this.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

plan skip_all => 'strace is not installed' unless have('strace');
plan skip_all => 'strace may not trace here' if (run('strace -o /dev/null true'))[2];
plan skip_all => 'gawk is not installed' unless have('gawk');

my ($out, $err, $status) = run('check-against-strace --short');
is $status, 0, 'check-against-strace' or diag $out, $err;
for my $line (grep { /^[a-z]/ && !/^workload/ } split /\n/, $out) {
	like $line, qr/ equal$/, (split ' ', $line)[0] . ': calls, errors and times are strace\'s';
}

# As typed at a terminal: strace's lines come by way of a pipe, with its [pid N] columns.
($out, $err, $status) = run(
	'strace -f -tt -T ls -R /usr/include/linux 2>&1 >/dev/null | sp-parse --strict | sp-stats -o tsv');
is $status, 0, 'strace | sp-parse | sp-stats' or diag $err;
my ($getdents) = $out =~ /^getdents64\t(\d+)/m;
ok $getdents, 'ls read directories';

# What is known is shown while the traced program still waits.
($out, $err, $status) = run(
	'(strace -o /dev/stdout -tt -T sh -c "echo x >/dev/null; exec sleep 3" | sp-parse -q --columns syscall) |
	 timeout 2 grep -q -m1 "^execve"');
isnt $status, 124, 'a quiet live pipe shows the calls so far' or diag $err;
# A terminal that closes and a service that is stopped send their signal to every process.
for my $signal (qw(TERM HUP)) {
	unlink "$tmp/began";
	(undef, $err, $status) = run("setsid timeout -s KILL 60 setsid sp-trace -b strace -o $tmp/$signal.log -- sh -c 'echo \$PPID >$tmp/began; exec sleep 60' &
		timeout 30 sh -c 'until [ -s $tmp/began ]; do sleep 0.05; done'
		kill -$signal -- -\$(ps -o pgid= -p \$(cat $tmp/began) | tr -d ' '); wait \$!");
	ok $status == { TERM => 143, HUP => 129 }->{$signal} && read_file("$tmp/$signal.log") =~ /began/, "sp-trace ends by SIG$signal to all"
	    or diag "status $status: $err";
}
done_testing;
