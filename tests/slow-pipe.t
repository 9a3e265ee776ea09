#!/usr/bin/perl
# slow-pipe: what comes line by line, with pauses, is read as if it came at once: which dialect it is, the
# stack behind a call, the clock that a later line tells. And what is known is shown while the pipe is quiet.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IPC::Open2;
use Sp;
use Test::More;

write_file("$tmp/feed", <<'END');
$| = 1;
while (<STDIN>) { print; select undef, undef, undef, 0.002 if $. < 200 }
END
# Dialects by lines that are not the first, facts that lines share, and one of each kind of stack.
my @traces = qw(bpftrace/clock-comes-later ftrace/io-uring ftrace/stacks ftrace/trace-cmd
    perf_script/exec-of-a-32-bit-program perf_script/io-uring perf_script/other-events perf_script/stacks
    perf_script/times-are-deltas perf_trace/stack renacer/json renacer/stack-in-one-line strace/crlf
    strace/follower-stack strace/follower-stack-split);
for my $trace (@traces) {
	my $file = "$root/testdata/$trace.trace";
	my ($at_once) = run("sp-parse -q $file");
	my $slowly = '';
	# A busy machine may let the feeder sleep for as long as a quiet pipe is waited for.
	for (my $try = 0; $try < 5 && $slowly ne $at_once; $try++) {
		($slowly) = run("perl $tmp/feed <$file | sp-parse -q");
	}
	is $slowly, $at_once, $trace;
}

# Nothing that a tracer wrote: it is known as such at the end.
my ($out, $err, $status) = run('{ echo a; sleep 0.3; echo b; } | sp-parse');
like $err, qr/2 lines: 0 events.* 2 rejected/, 'lines of nobody are counted';

# Each event is shown before the next one is written; the first may have a stack until a line follows that is none.
for my $options ('', '--lenient') {
	my ($front, @options) = $options ? ('it says ', $options) : '7 00:00:00.000001 ';
	my $pid = open2(my $from, my $to, 'sp-parse', '-q', @options);
	my $seen = '';
	syswrite $to, "${front}close(3) = 0 <0.000001>\n";
	for my $event (1 .. 4) {
		syswrite $to, "${front}close($event) = 0 <0.000001>\n";
		my $until = time + 30;
		while ($seen !~ /\($event\)\t/ && time < $until) {
			my $ready = '';
			vec($ready, fileno $from, 1) = 1;
			sysread $from, $seen, 65536, length $seen if select $ready, undef, undef, 1;
		}
		like $seen, qr/\($event\)\t/, "$options event $event is shown before the next is written";
	}
	close $to;
	waitpid $pid, 0;
	is $?, 0, 'and the end';
}
done_testing;
