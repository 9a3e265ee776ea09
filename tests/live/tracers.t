#!/usr/bin/perl
# tracers: sp-trace records with each tracer that may trace here, keeps the command's exit status, stops
# when told to, leaves nothing running, and says what is missing where it cannot; and all tracers give
# the same answers about the same program. What needs a tool or a right that is not there is skipped.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use File::Basename;
use Sp;
use Test::More;
use Time::HiRes qw(sleep time);

# A recorder that does not end is a failure, not a reason to wait.
$SIG{ALRM} = sub { die "a recording did not end\n" };
alarm 300;

# The recorder knows which argument is a path from the table that all programs know it from.
my %table = read_file("$root/common/syscall.def") =~
    /^SYSCALL\((\d+),[^\n]*(?:\n[^S\n][^\n]*)*?\.path = (\d)/mg;
my %recorder = read_file("$root/scripts/record.bt") =~ /\@path\[(\d+)\] = (\d);/g;
is_deeply \%recorder, \%table, 'record.bt agrees with syscall.def about paths';

# ---- without tracers, without sense ----

my $trace = "$root/scripts/sp-trace";
my $bare = "$tmp/bare";
mkdir $bare;
for my $tool (qw(bash cat dirname id readlink sed true uname)) {
	my ($path) = grep { -x } map { "$_/$tool" } split /:/, $ENV{PATH};
	symlink $path, "$bare/$tool";
}
my ($out, $err, $status) = run("PATH=$bare $trace -o $tmp/x -- true");
is $status, 2, 'without any tracer: exit status 2';
like $err, qr/bpftrace: not installed.*; strace: not installed.*; perf: not installed/, 'and what is missing';
for my $backend (qw(strace perf perf-trace bpftrace)) {
	($out, $err, $status) = run("PATH=$bare $trace -b $backend -o $tmp/x -- true");
	ok $status == 2 && $err =~ /^sp-trace: \Q$backend\E: not installed/, "without $backend: says so";
}
for (["$trace", 'nothing to trace'], ["$trace -b nope true", 'no backend nope'], ["$trace --nope true", 'unknown option'],
	["$trace -p 99999999", 'no process'], ["$trace -p $$ true", 'not both'], ["$trace --duration x true", 'not a number'],
	["$trace -b strace --aggregate true", q(bpftrace's, not strace's)], ["$trace -o /nonexistent/x true", 'cannot write to'])
{
	my ($command, $says) = @$_;
	($out, $err, $status) = run($command);
	ok $status == 2 && $err =~ /\Q$says\E/, "$says: " . ($command =~ s/^\S+ ?//r) or diag "status $status: $err";
}
($out, $err, $status) = run("$trace /nonexistent/program");
is $status, 127, 'a command that is not there: 127';
($out, $err, $status) = run("$trace cd /");
is $status, 127, 'a command that only the shell has: 127';
($out, $err, $status) = run("$trace -o $tmp true");
ok $status == 2 && $err =~ /is a folder/, 'a trace cannot be a folder' or diag "status $status: $err";

# ---- with each ----

# Nothing that has this mark in its command line is left.
sub left_over {
	my ($mark) = @_;
	my @left;
	for (1 .. 20) {
		@left = grep { my $line = -r ? read_file($_) : ''; index($line, $mark) >= 0 } glob '/proc/[0-9]*/cmdline';
		last unless @left;
		sleep 0.1;
	}
	return join ' ', map { m{(\d+)/cmdline} && $1 } @left;
}

for my $backend (qw(strace perf perf-trace bpftrace)) {
	SKIP: {
		($out, $err, $status) = run("$trace -b $backend -o $tmp/t -- bash -c 'read x; echo \$x; echo err >&2; exit 3'",
			stdin => "word\n");
		my ($why) = $err =~ /^sp-trace: \Q$backend\E: (?!a program)(.*)/m;
		skip "$backend: $why", 16 if defined $why && $status == 2;
		is $status, 3, "$backend: keeps the exit status" or diag $err;
		is $out, "word\n", "$backend: leaves standard input and output alone";
		like $err, qr/^err$/m, "$backend: and standard error";
		my ($events, $account, $good) = run("sp-parse --strict -c kind,tid,syscall,ret $tmp/t");
		is $good, 0, "$backend: every line of the trace is understood" or diag $account;
		like $events, qr/^call\t\d+\texecve\t0$/m, "$backend: begins with the command's execve";

		($out, $err, $status) = run("$trace -b $backend -o $tmp/t -- bash -c 'kill -9 \$\$'");
		is $status, 137, "$backend: a command that is killed";

		# A name that awk would take for an assignment, and read standard input instead.
		($out, $err, $status) = run("mkfifo $tmp/never.$backend && timeout 30 $trace -b $backend -o run=1.log -- true <>$tmp/never.$backend", dir => "$tmp");
		ok $status == 0 && -s "$tmp/run=1.log", "$backend: a trace called run=1.log" or diag "status $status: $err";

		# strace would start a command of these names.
		($out, $err, $status) = run("timeout 30 $trace -b $backend -o '|cat >odd.$backend' -- true", dir => "$tmp");
		ok $status == 0 && -s "$tmp/|cat >odd.$backend" && !-e "$tmp/odd.$backend", "$backend: a trace called |cat" or diag "status $status: $err";
		# Small letters of large ones are others in Turkish.
		mkdir "$tmp/locales";
		run("localedef -i tr_TR -f UTF-8 $tmp/locales/tr_TR.UTF-8");
		($out, $err, $status) = run("LOCPATH=$tmp/locales LC_ALL=tr_TR.UTF-8 timeout 30 $trace -b $backend -o $tmp/turkish -- true");
		ok $status == 0 && -s "$tmp/turkish", "$backend: in Turkish" or diag "status $status: $err";
		unlink "$tmp/turkish";
		# What is no plain file stays what it is, and is not read.
		my $events_of = "sp-parse -q -c syscall | grep -c '^execve\$'";
		($out, $err, $status) = run("mkfifo $tmp/out.$backend; timeout 30 $trace -b $backend -o $tmp/out.$backend -- true & timeout 30 cat $tmp/out.$backend | $events_of; wait \$!");
		ok $status == 0 && $out >= 1 && -p "$tmp/out.$backend", "$backend: a trace through a named pipe" or diag "status $status: $out$err";
		($out, $err, $status) = run("timeout 30 $trace -b $backend -o /dev/stdout -- true | $events_of");
		ok $out >= 1, "$backend: a trace on standard output" or diag "status $status: $out$err";
		my $linked = write_file("$tmp/linked.$backend", "old\n");
		($out, $err, $status) = run("ln -s linked.$backend $tmp/link.$backend && timeout 30 $trace -b $backend -o $tmp/link.$backend -- true");
		ok $status == 0 && -l "$tmp/link.$backend" && -s $linked > 100, "$backend: a trace behind a link" or diag $err;
		ok !glob("$tmp/*.old"), "$backend: no second copy of the trace before";

		# Told to end: with what it has started.
		my $mark = 300 + $$ % 100 . '.75';
		my $pid = fork // die "fork: $!\n";
		if ($pid == 0) {
			open STDERR, '>', "$tmp/ended.err";
			exec $trace, '-b', $backend, '-o', "$tmp/ended", '--', 'bash', '-c', "sleep $mark & sleep $mark; true";
		}
		my $since = time;
		sleep 0.2 until sleeping($mark) == 2 || time - $since > 20;
		sleep 0.5;
		kill TERM => $pid;
		waitpid $pid, 0;
		is $? >> 8, 143, "$backend: SIGTERM ends the command";
		is left_over($mark), '', "$backend: and nothing is left running";

		my $target = fork // die "fork: $!\n";
		exec 'perl', '-e', 'while (1) { open my $f, "<", "/etc/passwd"; select undef, undef, undef, 0.05 }' if $target == 0;
		# On a busy machine a tracer may take a second to begin.
		my $opened = 0;
		for my $seconds (1, 5) {
			($out, $err, $status) = run("$trace -b $backend --duration $seconds -o $tmp/p -p $target");
			($opened) = run("sp-parse -q -c tid,syscall $tmp/p | grep -c '^$target\topenat\$'");
			last if $status || $opened > 3;
		}
		ok $status == 0 && $opened > 3 && kill(0, $target), "$backend: a second of a running process"
		    or diag "status $status, $opened: $err";
		kill KILL => $target;
		waitpid $target, 0;
	}
}

# How many such sleeps have begun.
sub sleeping {
	my ($seconds) = @_;
	return scalar grep { -r && read_file($_) eq "sleep\0$seconds\0" } glob '/proc/[0-9]*/cmdline';
}

SKIP: {
	($out, $err, $status) = run("$trace --aggregate -o $tmp/maps -- cat /etc/passwd /nonexistent");
	skip 'bpftrace: ' . ($err =~ /bpftrace: (.*)/)[0], 3 if $status == 2;
	my $maps = read_file("$tmp/maps");
	like $maps, qr/^\@calls\[read\]: count \d+, average \d+, total \d+$/m, '--aggregate counts calls by name';
	like $maps, qr/^\@errors\[openat, 2\]: \d+$/m, 'and errors';
	like $maps, qr/^\@ns\[write\]: \n\[\S+ \S+\)? .*\|$/m, 'and draws their times';
}

# ---- all of the same program ----

SKIP: {
	skip 'no compiler', 1 unless have('gcc');
	# A busy machine loses records: a difference that means something is there each time.
	my ($table, $why, $good);
	for (1 .. 3) {
		($table, $why, $good) = run("scripts/compare-tracers");
		skip "nothing can trace here: $table", 1 if $good == 2;
		last if $good == 0;
	}
	is $good, 0, 'all tracers tell the same of the same program' or diag $table . $why;
	note $table;
}
done_testing;
