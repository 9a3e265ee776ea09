#!/usr/bin/perl
# strace-options: options of strace change the form of a trace, not what happened. The programs of
# tests/workloads that do the same on each run are traced with many sets of options; sp-parse must
# give the same calls, results and errors for each thread, in order, and the same arguments where
# the options leave them alone.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

plan skip_all => 'strace is not installed' unless have('strace');
plan skip_all => 'strace may not trace here' if (run('strace -o /dev/null true'))[2];
plan skip_all => 'no C compiler' unless have('cc');
plan skip_all => 'setarch -R does not work here: addresses would differ' if (run('setarch -R true'))[2];

my @programs = qw(odd_text family interrupted);
for my $program (@programs) {
	my ($out, $err, $status) =
	    run("cc -std=gnu17 -D_GNU_SOURCE -O1 -pthread -o $tmp/$program $root/tests/workloads/$program.c");
	plan skip_all => "$program does not compile: $err" if $status;
}

# How strace is called; OUT is where it writes, without OUT it writes to standard error.
my @sets = (
	['-f -o OUT'],    # the one that the others are compared with
	['-f'],
	['-o OUT',                                           only => 'P'],
	['-ff -o OUT -ttt',                                  times => 1, merge => 1],
	['-ff -o OUT --absolute-timestamps=precision:ns -y', times => 1, merge => 1],
	['-f -tt -T -o OUT',                                 times => 1, durations => 1],
	['-f -tt -T',                                        times => 1, durations => 1],
	['-f -t -o OUT',                                     times => 1],
	['-f -r -o OUT',                                     times => 1],
	['-f -r -T',                                         times => 1, durations => 1],
	['-f --relative-timestamps=s -o OUT',                times => 1],
	['-f -tt -r -i -n -T -Y -o OUT',                     times => 1, durations => 1],
	['-f -ttt -r -i -n -T -Y',                           times => 1, durations => 1],
	['-f --absolute-timestamps=format:unix -o OUT',      times => 1],
	['-f --absolute-timestamps=format:unix,precision:ns --syscall-times=ns -o OUT', times => 1, durations => 1],
	['-f -n -o OUT'],
	['-f -y -o OUT'],
	['-f -y'],
	['-f -yy -Y -T -o OUT', durations => 1],
	['-f -yy -Y'],
	['-f -yy --decode-pids=comm,pidns -o OUT'],
	['-f -q -a 1 -o OUT'],
	['-f -qqq'],
	['-f -a 90 -C -o OUT'],
	['-f -k -o OUT', except => 'family'],    # 6.1 gives up at its execve: libunwind
	['-f -e read=all -e write=all'],
	['-f -D -o OUT'],
	['-f -x -o OUT',         text => 0],
	['-f -xx -y -o OUT',     text => 0],
	['-f -s 0 -o OUT',       text => 0],
	['-f -s 4096 -o OUT',    text => 0],
	['-f -v -o OUT',         text => 0],
	['-f -X raw -o OUT',     text => 0],
	['-f -X verbose -y',     text => 0],
	['-f -v -X verbose -k',  text => 0, except => 'family'],
	['-f -e raw=all -o OUT', text => 0],
	['-f --seccomp-bpf -e trace=write,close,wait4,/^v?fork,/^clone -o OUT', calls => qr/^(?:write|close|wait4|v?fork|clone3?)$/, except => 'family'],
);

my $group = qr{(?<g><(?:(?&g)|->(?=[\d\[])|[^<>])*>)(?:\(deleted\))?}s;

# Calls whose arguments or results hold numbers of threads.
my $with_pid = qr/^(?:clone3?|v?fork|wait4|kill|tgkill|getp?pid|gettid|set_tid_address)$/;

# Threads are called P, P.1, P.2, P.2.1: the n-th that one made.
sub threads_of {
	my ($rows) = @_;
	my ($first) = grep { $_->{syscall} eq 'set_tid_address' } @$rows;
	my $root = $first ? $first->{ret} : @$rows ? $rows->[0]{tid} : '';
	my (%parent, %nth, %made);
	for my $row (grep { $_->{syscall} =~ /^(?:clone3?|v?fork)$/ && $_->{ret} =~ /^[1-9]/ } @$rows) {
		my ($parent, $child) = ($row->{tid} || $root, $row->{ret});
		($parent{$child}, $nth{$child}) = ($parent, ++$made{$parent});
	}
	# A child's rows may come before its parent's clone: go on until all are known.
	my %name = ('' => 'P', $root => 'P');
	while (my @known = grep { !$name{$_} && $name{ $parent{$_} } } keys %parent) {
		$name{$_} = "$name{ $parent{$_} }.$nth{$_}" for @known;
	}
	return \%name;
}

# What the traced threads did, but for what depends on chance: futex, and a clone or wait4 that a signal of
# another thread made the kernel begin again. Name of the thread -> list of [syscall, ret, errno, args].
sub calls {
	my ($table, $name) = @_;
	my %calls;
	for my $row (grep { $_->{kind} =~ /^(?:call|unfinished)$/ && $_->{syscall} ne 'futex' && !($_->{errno} =~ m{^ERESTART} && $_->{syscall} =~ m{^(?:clone|wait4)$}) } @$table) {
		my ($ret, $args) = @$row{qw(ret args)};
		$args =~ s{ /\* \d+ in strace's PID NS \*/}{}g;
		$args =~ s{"(?:[^"\\]|\\.)*"(*SKIP)(*F)|(?<=[0-9]|FDCWD)(?!<[<=])$group}{}g;
		$args =~ s{0x[0-9a-f]+ (/\* \d+ vars \*/)}{ENVP $1};
		$args = '' if $row->{syscall} eq 'getrandom';
		$args =~ s{parent_tid=\[\d+\]}{parent_tid=[N]};    # printed before or after it is written
		if ($row->{syscall} =~ $with_pid) {
			$args =~ s/(?<![\w-])([1-9]\d*)\b/$name->{$1} || $1/ge;
			$ret = $name->{$ret} || $ret if $ret ne '';
		}
		push @{ $calls{ $name->{ $row->{tid} } // "unknown $row->{tid}" } }, [$row->{syscall}, $ret, $row->{errno}, $args];
	}
	return \%calls;
}

sub table {
	my ($out) = @_;
	my ($header, @lines) = split /\n/, $out;
	my @columns = split /\t/, $header;
	return [map { my %row; @row{@columns} = split /\t/, $_, -1; \%row } @lines];
}

# Where two lists of calls first differ; empty when they do not.
sub difference {
	my ($want, $got, $fields) = @_;
	for my $thread (sort keys %{ { %$want, %$got } }) {
		my ($w, $g) = ($want->{$thread} // [], $got->{$thread} // []);
		for my $i (0 .. ($#$w > $#$g ? $#$w : $#$g)) {
			my ($x, $y) = map { defined $_->[$i] ? join "\t", @{ $_->[$i] }[0 .. $fields - 1] : 'nothing' } $w, $g;
			return "thread $thread, call " . ($i + 1) . "\nexpected $x\ngot      $y" if $x ne $y;
		}
	}
	return '';
}

# Records the program with a set of options: what was seen, and what is wrong with it whatever was.
my $recordings = 0;

sub record {
	my ($program, $options, %with) = @_;
	my $folder = sprintf "%s/%s.%04d", $tmp, $program, ++$recordings;    # of one length: it is in the environment
	mkdir $folder;
	my $trace = "$folder/trace";
	(my $command = "strace $options") =~ s/OUT/$trace/;
	my (undef, $err, $status) = run("setarch -R $command $tmp/$program 2>$folder/err", dir => $folder);
	$trace = "$folder/err" unless $options =~ /OUT/;
	$trace = "$trace.*" if $options =~ /-ff/;
	my @files = glob $trace;
	return ({}, "strace exits with $status: " . substr read_file("$folder/err"), 0, 500) if !@files;
	my ($out, $account, $exit) = run('sp-parse --summary=json ' . ($with{merge} ? '--merge ' : '') . $trace);
	my $table = table($out);
	my @wrong;
	push @wrong, "exit status $exit: $account" if $exit;
	push @wrong, "rejects: $account" unless $account =~ /"rejected_lines":0\b/;
	push @wrong, 'a call without start_ns' if $with{times} && grep { $_->{start_ns} eq '' } @$table;
	push @wrong, 'a call without dur_ns' if $with{durations} && grep { $_->{dur_ns} eq '' && $_->{kind} eq 'call' && $_->{note} !~ /unavailable/ } @$table;
	return (calls($table, threads_of($table)), @wrong);
}

sub wanted {
	my ($reference, %with) = @_;
	return { $with{only} => $reference->{ $with{only} } } if $with{only};
	return $reference unless $with{calls};
	return { map { my $t = $_; my @c = grep { $_->[0] =~ $with{calls} } @{ $reference->{$t} }; @c ? ($t => \@c) : () } keys %$reference };
}

# On a busy machine a signal may come before the call that it should interrupt: the program has then done
# something else. So the reference is what two recordings agree on, and a difference must show in each of
# several recordings. A line that is rejected is wrong whenever it comes.
use constant TRIES => 5;

for my $program (@programs) {
	my ($reference, $before);
	for (1 .. TRIES * 2) {
		($reference) = record($program, '-f -o OUT');
		last if $before && !difference($before, $reference, 4);
		$before = $reference;
	}
	for my $set (@sets) {
		my ($options, %with) = @$set;
		next if ($with{except} // '') eq $program;
		my @wrong;
		for (1 .. TRIES) {
			my ($got, @always) = record($program, $options, %with);
			if ($with{calls}) {    # numbers without a name come too
				$_ = [grep { $_->[0] =~ $with{calls} } @$_] for values %$got;
			}
			@wrong = (@always, difference(wanted($reference, %with), $got, ($with{text} // 1) ? 4 : 3) || ());
			last if @always || !@wrong;
		}
		ok !@wrong, "$program: strace $options" or diag join "\n", @wrong;
	}
	cmp_ok scalar(map { @$_ } values %$reference), '>', 60, "$program: calls were seen";
}
done_testing;
