#!/usr/bin/perl
# strace-laws: what holds for any trace of strace.
#
#   - Taking -y's annotations out of the text changes nothing but the column path.
#   - strace -ff's files, merged, tell what one file of strace -f tells, but for order and times.
#   - sp-parse and tests/reference-scan.pl, which share no code, find the same calls.
#   - Whatever becomes of other lines, a whole call on a whole line comes out; every line is counted once.
#
# The damage is done at random: SP_SEED=N repeats it, SP_ROUNDS=N does more of it than the usual 25.
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

my $seed = $ENV{SP_SEED} // time ^ $$ << 8;
srand $seed;
note "SP_SEED=$seed";
my $rounds = $ENV{SP_ROUNDS} // 25;

my @programs = qw(odd_text family interrupted);
for my $program (@programs) {
	my (undef, $err, $status) =
	    run("cc -std=gnu17 -D_GNU_SOURCE -O1 -pthread -o $tmp/$program $root/tests/workloads/$program.c");
	plan skip_all => "$program does not compile: $err" if $status;
}

# Traces a command of sh and returns the trace's file, which FILE in the options stands for; without it
# what came on stderr.
my $traces = 0;
sub record {
	my ($options, $command) = @_;
	my $folder = "$tmp/record." . ++$traces;
	mkdir $folder;
	mkdir "$tmp/here";
	my $err = $options =~ s{FILE}{$folder/trace} ? "$tmp/stderr" : "$folder/trace";
	run("setarch -R strace $options -- $command 2>$err", dir => "$tmp/here");
	return "$folder/trace";
}

sub table {
	my ($out) = @_;
	my ($header, @lines) = split /\n/, $out;
	my @columns = split /\t/, $header;
	return map { my %row; @row{@columns} = split /\t/, $_, -1; \%row } @lines;
}

sub parse {
	my ($arguments) = @_;
	my ($out, $err, $status) = run("sp-parse -q $arguments");
	die "sp-parse $arguments: status $status: $err" if $status;
	return table($out);
}

# ---- annotations ----

# What -y and -yy put behind a number or AT_FDCWD, outside strings: 3</etc/passwd>, 0</dev/null<char 1:3>>,
# 5<TCP:[127.0.0.1:1->127.0.0.1:2]>. The names that -Y puts behind the pid in front of a line are not theirs.
my $string = qr/"(?:[^"\\]|\\.)*+(?:"|$)/s;
my $annotation = qr{(?<a><(?:(?&a)|(?<=-)>(?=[\d\[])|[^<>])*>)(?:\(deleted\))?}s;

sub strip {
	my ($text) = @_;
	$text =~ s{$string(*SKIP)(*FAIL)|(?:(?<=[0-9a-f])|(?<=FDCWD)|(?<=FDCWD \*/))(?!<[<=])$annotation}{}g;
	return $text;
}

sub strip_line {
	my ($line) = @_;
	my $leader = $line =~ s/^((?:\[pid +)?\d+<[^>]*>)// ? $1 : '';
	return $leader . strip($line);
}

sub same_but_path {
	my ($name, $trace) = @_;
	my $stripped = "$tmp/stripped";
	write_file($stripped, join '', map { strip_line($_) } split /^/, read_file($trace));
	my @with = parse($trace);
	my @without = parse($stripped);
	my @wrong = @with == @without ? () : sprintf '%d events with annotations, %d without', scalar @with, scalar @without;
	my $paths = 0;
	for my $i (0 .. ($#with < $#without ? $#with : $#without)) {
		my ($x, $y) = ($with[$i], $without[$i]);
		$paths += $x->{path} ne $y->{path};
		$x->{$_} = strip($x->{$_}) for qw(args note);
		push @wrong, map { "$x->{syscall}$x->{args}: $_ is '$x->{$_}' with, '$y->{$_}' without" }
		    grep { $_ ne 'path' && $x->{$_} ne $y->{$_} } sort keys %$x;
	}
	ok !@wrong, "without annotations: $name" or diag join "\n", splice @wrong, 0, 10;
	return $paths;
}

my $paths = 0;
for my $program (@programs) {
	for my $options ('-f -y -o FILE', '-f -yy -Y -tt -T', '-f -y -X verbose -r -o FILE', '-f -yy -xx --decode-pids=comm') {
		$paths += same_but_path("strace $options $program", record($options, "$tmp/$program"));
	}
}
cmp_ok $paths, '>', 100, "$paths paths stood in annotations";
same_but_path($_ =~ s{.*/}{}r, $_) for sort glob "$root/testdata/strace/*.trace";

# ---- one file or a file for each thread ----

# Threads are called P, P.1, P.2, P.2.1: the n-th that one made.
sub lineage {
	my (@rows) = @_;
	my ($first) = grep { $_->{syscall} eq 'set_tid_address' } @rows;
	my (%parent, %nth, %made);
	for my $row (grep { $_->{syscall} =~ /^(?:clone3?|v?fork)$/ && $_->{ret} =~ /^[1-9]/ } @rows) {
		($parent{ $row->{ret} }, $nth{ $row->{ret} }) = ($row->{tid}, ++$made{ $row->{tid} });
	}
	my %name = ($first->{ret} => 'P');
	while (my @known = grep { !$name{$_} && $name{ $parent{$_} } } keys %parent) {
		$name{$_} = "$name{ $parent{$_} }.$nth{$_}" for @known;
	}
	return \%name;
}

# Thread -> what it did, in order, without what depends on chance: futex, calls begun anew after a signal, and
# SIGCHLD, which meets any thread and may stand for several children.
sub histories {
	my (@rows) = @_;
	my $name = lineage(@rows);
	my (%history, %signals);
	my $with_numbers = qr/^(?:clone3?|v?fork|wait4|kill|tgkill|getp?pid|gettid|set_tid_address|)$/;
	for my $row (@rows) {
		next if $row->{syscall} eq 'futex' || $row->{errno} =~ /^ERESTART/ || $row->{note} eq 'SIGCHLD';
		my %seen = %$row;
		delete @seen{qw(start_ns dur_ns)};
		$seen{args} = '' if $seen{syscall} eq 'getrandom';
		s{(?:pipe|socket):\[\K\d+}{N}g for @seen{qw(args path)};
		$seen{args} =~ s{0x[0-9a-f]+ (/\* \d+ vars \*/)}{ENVP $1};    # of strace itself, the first time
		$seen{args} =~ s{parent_tid=\[\d+\]}{parent_tid=[N]};    # printed before or after it is written
		if ($seen{kind} =~ /signal|exit/ || $seen{syscall} =~ $with_numbers) {
			s/(?<![\w-])([1-9]\d*)\b/$name->{$1} || $1/ge for @seen{qw(args ret note)};
		}
		$seen{$_} = $name->{ $seen{$_} } // "unknown $seen{$_}" for qw(pid tid);
		if ($seen{kind} eq 'signal') {
			delete $seen{tid};
			$signals{ join "\t", map { "$_=$seen{$_}" } sort keys %seen } = 1;
			next;
		}
		push @{ $history{ $seen{tid} } }, join "\t", map { "$_=$seen{$_}" } grep { $seen{$_} ne '' } sort keys %seen;
	}
	$history{signals} = [sort keys %signals];
	return \%history;
}

sub first_difference {
	my ($x, $y) = @_;
	for my $thread (sort keys %{ { %$x, %$y } }) {
		my ($left, $right) = ($x->{$thread} // [], $y->{$thread} // []);
		for my $i (0 .. ($#$left > $#$right ? $#$left : $#$right)) {
			my ($l, $r) = ($left->[$i] // 'nothing', $right->[$i] // 'nothing');
			return "$thread, event " . ($i + 1) . "\n-f:  $l\n-ff: $r" if $l ne $r;
		}
	}
	return '';
}

for my $program (qw(family odd_text)) {
	for my $options ('-ttt -T', '-y --absolute-timestamps=format:unix,precision:ns') {
		my $one = histories(parse(record("-f $options -o FILE", "$tmp/$program")));
		my $folder = record("-ff $options -o FILE", "$tmp/$program") =~ s{/trace$}{}r;
		my $difference = first_difference($one, histories(parse("--merge $folder")));
		ok $difference eq '', "strace -f and -ff $options: $program" or diag $difference;
	}
}

# ---- the reference ----

sub reference {
	my ($trace) = @_;
	my ($out, $err, $status) = run("$root/tests/reference-scan.pl $trace");
	die "reference-scan.pl $trace: $err" if $status;
	return split /\n/, $out;
}

# A row as the reference prints it.
sub as_reference { join "\t", @{ $_[0] }{qw(syscall args ret errno)} }

my @recordings;
my $work = 'sh -c "exec 2>/dev/null; ls -lR /etc/apt /nonexistent | sort -r | head -5; cat /etc/passwd /etc/group | wc; (sleep 0.02 & wait); cd /; pwd"';
for (['-f -o FILE', $work], ['-f -tt -T', $work], ['-f -yy -ttt -v -s 200 -o FILE', $work],
	['-f -k -o FILE', "$tmp/odd_text"], ['-f', "$tmp/family"], ['-f -tt -y -Y -T', "$tmp/family"],
	['-f -xx -o FILE', "$tmp/odd_text"], ['-f -r -n -i -yy -o FILE', "$tmp/interrupted"], ['-o FILE', "$tmp/odd_text"]) {
	my ($options, $command) = @$_;
	my $trace = record($options, $command);
	my $name = "strace $options " . ($command =~ /^sh/ ? 'sh' : $command =~ s{.*/}{}r);
	my @want = sort(reference($trace));
	my @got = sort map { as_reference($_) } grep { $_->{kind} =~ /^(?:call|unfinished)$/ } parse($trace);
	my ($differs) = grep { ($want[$_] // '') ne ($got[$_] // '') } 0 .. ($#want > $#got ? $#want : $#got);
	ok !defined $differs && @want > 20, "the reference agrees: $name: " . @want . ' calls'
	    or diag defined $differs ? "reference: " . ($want[$differs] // 'nothing') . "\nsp-parse:  " . ($got[$differs] // 'nothing') : '';
	push @recordings, [$name, $trace];
}

# ---- damage ----

sub pick { $_[rand @_] }

my @fragments = ('"', '\\', '<', '>', '(', ')', '{', '[', '/*', '*/', "\0", "\r", "\e[31m", "\377", ') = ', ' = ?', ' = -1 ',
	' <unfinished ...>', '<... read resumed>', ' <detached ...>', '[pid 7] ', '+++ exited with 0 +++', '--- SIG', ' > ', ' | 00000 ',
	'clone(', 'execve("', "strace: Process 7 attached", '99999999999999999999', '0x', '-', ' <0.00001>', '...', "\t", '% time  calls');

sub damage_text {
	my ($text) = @_;
	my $at = int rand 1 + length $text;
	my $how = int rand 5;
	return substr $text, 0, $at if $how == 0;
	return substr $text, $at if $how == 1;
	return substr($text, 0, $at) . pick(@fragments) . substr $text, $at if $how == 2;
	substr($text, $at, 1 + rand 20) = '' if $how == 3;
	substr($text, $at, 1) = chr rand 256 if $how == 4;
	return $text;
}

# Lines are [text, number of the line it was]; the number is undef for what is not whole any more.
sub damage {
	my (@lines) = @_;
	for (1 .. pick(1, 3, 10, 40)) {
		my $i = int rand @lines;
		my $how = int rand 9;
		my $next = $i + 1 < @lines ? $lines[$i + 1][0] : '';
		if ($how < 3) {
			$lines[$i] = [damage_text($lines[$i][0])];
		} elsif ($how == 3 && $i + 1 < @lines) {    # joined, or one inside the other
			my $at = pick(length $lines[$i][0], int rand 1 + length $lines[$i][0]);
			my $text = $lines[$i][0];
			substr($text, $at, 0) = $next;
			splice @lines, $i, 2, [$text];
		} elsif ($how == 4) {    # torn apart
			my $at = int rand 1 + length $lines[$i][0];
			splice @lines, $i, 1, [substr $lines[$i][0], 0, $at], [substr $lines[$i][0], $at];
		} elsif ($how == 5) {    # what stands there was never a line of strace
			splice @lines, $i, 0, [join '', map { pick(@fragments, chr rand 256, ' ', 'word', 17) } 0 .. rand 12];
		} elsif ($how == 6) {
			splice @lines, $i, pick(1, 1, 5);
		} elsif ($how == 7) {    # whole lines, but in other places
			my $other = int rand @lines;
			@lines[$i, $other] = @lines[$other, $i];
		} else {
			splice @lines, $i, 0, $lines[rand @lines];
		}
		@lines = (['']) unless @lines;
	}
	# Damage may have made two lines of one.
	return map { my ($text, $n) = @$_; map { [$_, $n] } length $text ? split /\n/, $text, -1 : $text } @lines;
}

sub damaged_trace_tells {
	my ($calls, @lines) = @_;
	my $file = "$tmp/damaged";
	write_file($file, join("\n", map { $_->[0] } @lines) . pick("\n", ''));
	my $options = pick('', '', '--slow ', '--lenient ');
	my ($out, $err, $status) = run("timeout 20 sp-parse --format strace --summary=json $options--with line $file");
	return "status $status: " . substr $err, 0, 2000 if $status;
	my %count = $err =~ /"(\w+)":(\d+)/g;
	my $sum = $count{event_lines} + $count{part_lines} + $count{skipped_lines} + $count{rejected_lines};
	my $lines = () = read_file($file) =~ /[^\n]*\n|[^\n]+\z/g;
	return "$lines lines: $err" if $lines != $count{lines} || $sum != $lines;
	my %rows;
	for my $row (table($out)) {
		my $text = as_reference($row);
		$rows{ $row->{line} }{$text} = 1 if $row->{kind} =~ /call|unfinished/;
	}
	for my $i (0 .. $#lines) {
		my $want = defined $lines[$i][1] ? $calls->[ $lines[$i][1] ] // next : next;
		next if $rows{ $i + 1 }{$want};
		return "line " . ($i + 1) . ": $lines[$i][0]\nis lost: " . join ' and ', 'got', sort keys %{ $rows{ $i + 1 } };
	}
	return '';
}

my $whole = qr/^[^"]*?\w\(.*\) += (?:\?|-?\d)/;
my $half = qr/<(?:unfinished|detached) \.\.\.>|resumed>|<pid changed|Process \d+ (?:at|de)tached/;
for (@recordings) {
	my ($name, $trace) = @$_;
	my $kept = "$build/strace-laws.damaged";
	my @text = split /\n/, read_file($trace);
	splice @text, 400 if @text > 400;
	my @candidates = grep { $text[$_] =~ $whole && $text[$_] !~ $half } 0 .. $#text;
	my @calls;
	@calls[@candidates] = reference(write_file("$tmp/candidates", join '', map { "$text[$_]\n" } @candidates));
	is scalar(grep { defined } @calls), scalar @candidates, "whole calls on whole lines: $name";
	my $wrong = '';
	for my $round (1 .. $rounds) {
		my @lines = damage(map { [$text[$_], $_] } 0 .. $#text);
		$wrong = damaged_trace_tells(\@calls, @lines) or next;
		write_file($kept, read_file("$tmp/damaged"));
		last;
	}
	ok $wrong eq '', "damaged: $name" or diag "SP_SEED=$seed, the trace is $kept\n$wrong";
}
done_testing;
