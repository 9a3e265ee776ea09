#!/usr/bin/perl
# interrupt: Ctrl-C, which goes to every program of a pipe. Those behind a tracer take what it still has to tell
# and write their results before they end; a second Ctrl-C ends them at once, as the first does without a pipe.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;
use Time::HiRes 'sleep';

# A tracer: shows a call when it has begun, and one more before it ends of the signal. Another ends of the second one.
my $call = '1714521600.000001 getpid() = 1 <0.000001>\n';
write_file("$tmp/tracer", "#!/usr/bin/perl\n\$| = 1; \$SIG{INT} = sub { print qq($call); exit 130 }; print qq($call); sleep 1 while 1;\n");
write_file("$tmp/deaf", "#!/usr/bin/perl\n\$| = 1; \$SIG{INT} = sub { exit if \$n++ }; print qq($call); sleep 1 while 1;\n");
chmod 0755, "$tmp/tracer", "$tmp/deaf";

# The processes of a group, but for shells: name, whether it has a handler for SIGINT, and whether it has begun a
# group of its own, as sp-analyze does for its work.
sub members {
	my ($group) = @_;
	my @members;
	for my $pid (grep { $_ != $group } split ' ', `pgrep -g $group`) {
		my $status = eval { read_file("/proc/$pid/status") } or next;
		my ($name) = $status =~ /^Name:\t(.*)/m;
		my $handles = hex($status =~ /^SigCgt:\t.*(.)$/m ? $1 : 0) & 2;
		my $works = grep { $_ != $group } split ' ', `ps -o pgid= --ppid $pid`;
		push @members, [$name, $handles && ($works || $name ne 'sp-analyze')] if $name ne 'sh';
	}
	return @members;
}

sub wait_until {
	my ($condition) = @_;
	for (1 .. 400) {
		return 1 if $condition->();
		sleep 0.05;
	}
	return 0;
}

# Runs a pipeline in a group of its own; when programs of these names have come, and handle SIGINT where
# $handled, sends that as a terminal would. Its output, errors and the statuses of its programs.
sub interrupted {
	my ($pipeline, $names, $handled, $times) = @_;
	my $group = fork // die "fork: $!\n";
	if ($group == 0) {
		setpgrp;
		$SIG{$_} = 'DEFAULT' for qw(INT PIPE);
		chdir $root;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$tmp/out";
		open STDERR, '>', "$tmp/err";
		exec 'bash', '-c', "trap : INT; $pipeline; echo \"\${PIPESTATUS[*]}\" >$tmp/statuses" or die;
	}
	unlink "$tmp/statuses";
	my $wanted = join ' ', sort @$names;
	for (1 .. $times // 1) {
		wait_until(sub {
			my @there = grep { $_->[1] || !$handled } members($group);
			return join(' ', sort map { $_->[0] } @there) eq $wanted;
		}) or diag "not there: $wanted";
		kill INT => -$group;
		$handled = 0 if $times;
	}
	wait_until(sub { -s "$tmp/statuses" }) or diag('it did not end'), kill(KILL => -$group);
	waitpid $group, 0;
	my @said = map { read_file("$tmp/$_") } qw(out err);
	return (@said, -s "$tmp/statuses" ? read_file("$tmp/statuses") : '');
}

my $note = "interrupted: the result is of what had come by then\n";
my ($out, $err, $statuses) = interrupted("$tmp/tracer | sp-parse -q | sp-stats -c calls", [qw(tracer sp-parse sp-stats)], 1);
is $out, "syscall\tcalls\ngetpid\t2\n", 'what a tracer tells on its end is in the table';
is $err, "sp-stats: $note", 'the last of the pipe says that it was interrupted';
is $statuses, "130 130 130\n", 'and all have ended of the signal, for loops of the shell';

($out, $err, $statuses) = interrupted("$tmp/tracer | sp-parse -q | sp-fdmap | sp-select -e getpid | sp-tee -c 'sp-stats -c calls >$tmp/calls' | sp-normalize --text",
	[qw(tracer sp-parse sp-fdmap sp-select sp-tee sp-stats sp-normalize)], 1);
is $out, "=== 1\n" . "getpid() = PID2\n" x 2, 'filters that write rows pass on all of them';
is read_file("$tmp/calls"), "syscall\tcalls\ngetpid\t2\n", 'so do the commands of sp-tee';
is join('', sort split /^/, $err), join('', map { "$_: $note" } 'sp-normalize', 'sp-stats'), 'sp-tee says nothing of commands that ended so, too';

($out, $err, $statuses) = interrupted("$tmp/tracer | sp-parse -q /dev/stdin | sp-tee /dev/stdin | sp-stats -c calls /dev/fd/0",
	[qw(tracer sp-parse sp-tee sp-stats)], 1);
is $out, "syscall\tcalls\ngetpid\t2\n", 'standard input may be named by its path';

($out, $err, $statuses) = interrupted("$tmp/deaf | sp-parse -q | sp-stats -c calls", [qw(deaf sp-parse sp-stats)], 1, 2);
is $out, '', 'a second time, nothing is waited for';
is $statuses, "0 130 130\n", 'but all end' or diag $err;

my $trace = write_file("$tmp/trace", "1714521600.000001 getpid() = 1 <0.000001>\n" x 100_000);
run("mkfifo $tmp/full");
($out, $err, $statuses) = interrupted("exec 3<>$tmp/full; sp-parse -q $trace >&3", ['sp-parse'], 0);
is $statuses, "130\n", 'a filter that reads a file ends at once';
is $err, '', 'without a word';

($out, $err, $statuses) = interrupted("$tmp/tracer | sp-analyze -o - -", [qw(tracer sp-analyze)], 1);
like $out, qr/^\| getpid \| +2 \|/m, 'sp-analyze reports what had come';
like $err, qr/^sp-analyze: interrupted: the report is of what had come by then\n/, 'and says so';

# A script that is ended by a signal to it alone, while a filter of its last steps is at work.
sub ended {
	my ($script, $filter, $arguments) = @_;
	my $dir = "$tmp/$script";
	run("mkdir -p $dir/bin; cp $root/scripts/$script* $dir/bin");
	write_file("$dir/bin/$filter", "#!/bin/sh\necho \$\$ >$dir/new && mv $dir/new $dir/began\nexec sleep 60\n");
	chmod 0755, "$dir/bin/$filter";
	run("$dir/bin/$script $arguments & timeout 60 sh -c 'until [ -e $dir/began ]; do sleep 0.05; done'; kill \$!; wait \$!");
	my $at_work = read_file("$dir/began") + 0;
	ok wait_until(sub { !readlink "/proc/$at_work/exe" }), "nothing of $script goes on" or kill TERM => $at_work;
	my ($left) = run("find $dir -name '.*'; find $dir -name 'report*' -o -name 'summary*'");
	is $left, '', 'and nothing is left behind that is not complete';
}
ended('sp-analyze', 'sp-report', "-q -o $tmp/sp-analyze/report.html $trace");
run("for i in 1 2; do cp $trace $tmp/a_\$i.log; cp $trace $tmp/b_\$i.log; done");
ended('sp-compare', 'sp-diff', "-d $tmp/sp-compare --pairs '$tmp/a_*.log' '$tmp/b_*.log'");
done_testing;
