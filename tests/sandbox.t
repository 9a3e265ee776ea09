#!/usr/bin/perl
# sandbox: a filter that waits for input is confined by seccomp and can gain no privileges, and with
# --no-sandbox it is not. What confinement means is in tests/unit/sandbox.c.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use POSIX 'mkfifo';
use Sp;
use Test::More;
use Time::HiRes 'usleep';

plan skip_all => 'the sanitizer needs more than a filter' if $build =~ /-san/;
plan skip_all => 'this kernel has no seccomp' unless read_file('/proc/self/status') =~ /^Seccomp:/m;

# Filters that start programs cannot be confined; others read more than standard input.
my %not = map { $_ => 1 } qw(sp-tee);
my %arguments = ('sp-diff' => '/dev/null', 'sp-report' => undef);

my $events = "start_ns\tdur_ns\tpid\ttid\tkind\tsyscall\tret\terrno\tfd\tbytes\tpath\targs\n";

# The filter's lines of /proc/PID/status while it reads from an empty pipe.
sub status_of {
	my ($command) = @_;
	my $pipe = "$tmp/pipe";
	-p $pipe or mkfifo $pipe, 0600 or die "mkfifo: $!\n";
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		open STDOUT, '>', '/dev/null';
		exec "exec $command <$pipe" or die "exec: $!\n";
	}
	open my $end, '>', $pipe or die "$pipe: $!\n";
	syswrite $end, $events;    # sp-diff opens its rules after the header
	my $status = "";
	for (1 .. 400) {    # it has got so far when it waits in read() of descriptor 0
		usleep 5000;
		$status = read_file("/proc/$pid/status");
		last if read_file("/proc/$pid/syscall") =~ /^0 0x0 /;
		last if $_ > 60 && $status =~ /^State:\s+S/m;
	}
	close $end;
	waitpid $pid, 0;
	return { $status =~ /^(Name|Seccomp|NoNewPrivs):\s*(.*)$/mg, exit => $? };
}

for my $filter (grep { !$not{$_} } filters) {
	next if exists $arguments{$filter} && !defined $arguments{$filter};
	my $command = join ' ', $filter, $arguments{$filter} // ();
	my $on = status_of($command);
	is $on->{Seccomp}, 2, "$command: has a seccomp filter";
	is $on->{NoNewPrivs}, 1, "$command: can gain no privileges";
	is $on->{exit}, 0, "$command: ends well";
	is status_of("$command --no-sandbox")->{Seccomp}, 0, "$command --no-sandbox: has none";
}

# The last of several files is read in it, the first ones before it.
write_file("$tmp/a", "read(3, \"x\", 1) = 1\n");
my ($out, $err, $status) = run("sp-parse -q -c syscall,line $tmp/a - $tmp/a </dev/null");
is $out, "syscall\tline\tfile\nread\t1\t$tmp/a\nread\t1\t$tmp/a\n", 'several files are read';
done_testing;
