#!/usr/bin/perl
# fdmap: does sp-fdmap find out what descriptors referred to, on recorded traces and, where strace
# works, on live ones; and the laws it keeps. What each call does is in testdata/sp-fdmap/.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my $recorded = "$root/testdata/fdmap";
my $strip = "$root/tests/workloads/strip-annotations.pl";

sub rows {
	my ($table) = @_;
	my ($header, @lines) = split /\n/, $table;
	my @names = split /\t/, $header // '';
	return map { my %row; @row{@names} = split /\t/, $_, -1; \%row } @lines;
}

# Against what strace -yy printed.
sub agrees {
	my ($name, $least, @arguments) = @_;
	my ($out, $err, $status) = run(join ' ', "check-fdmap --least $least", @arguments);
	ok $status == 0 && $out =~ /^\w+ +\d+ +[1-9]/m, $name or diag $out, $err;
}

# fdtorture writes to every descriptor the name of what it should refer to.
sub says_so {
	my ($name, $command) = @_;
	my ($out, $err, $status) = run("$command | sp-fdmap");
	my ($writes, @wrong) = (0);
	for my $row (rows $out) {
		next unless $row->{syscall} eq 'write' && $row->{args} =~ /^\(\d+(?:<[^"]*>)?(?:\(deleted\))?, "([a-z][^"]*)"/;
		my $said = $1;
		$writes++;
		push @wrong, "$row->{pid} write$row->{args}: $row->{path}"
		    unless $said eq 'pipe' ? $row->{path} =~ /^pipe:/ : $row->{path} =~ m{(^|/)\Q$said\E$};
	}
	ok $status == 0 && $writes > 100 && @wrong == 0, "$name: $writes writes" or diag @wrong[0 .. 9], $err;
}

# ---- recorded ----

for my $trace (glob "$recorded/*.trace.gz") {
	my ($name) = $trace =~ m{([^/]+)\.trace\.gz$};
	# A port that the kernel chose is known when getsockname() tells it: one call of loopback's.
	my $least = $name eq 'loopback' ? 99 : 100;
	agrees "$name, recorded, agrees with the kernel", $least, '--trace', $trace, '--cwd /tmp';
	my ($annotated) = run("sp-parse -q $trace | sp-fdmap");
	my ($plain) = run("gzip -dc $trace | $strip | sp-parse -q | sp-fdmap");
	is join("\n", map { "$_->{syscall} $_->{fdtype} $_->{fdgen}" } rows $plain),
	    join("\n", map { "$_->{syscall} $_->{fdtype} $_->{fdgen}" } rows $annotated),
	    "$name: types and incarnations do not depend on annotations";

	write_file("$tmp/plain.tsv", $plain);
	my ($twice) = run("sp-fdmap $tmp/plain.tsv");
	is $twice, $plain, "$name: a second time changes nothing";
	my ($both) = run("sp-fdmap $tmp/plain.tsv $tmp/plain.tsv");
	is $both, $plain . $plain, "$name: two traces in one input are two traces";
}
says_so 'fdtorture, recorded', "sp-parse -q $recorded/fdtorture.trace.gz";
says_so 'fdtorture, recorded, without annotations', "gzip -dc $recorded/fdtorture.trace.gz | $strip | sp-parse -q";

# ---- laws ----

my ($out, $err, $status) = run(q{awk 'BEGIN { OFS = "\t"; print "tid", "syscall", "ret", "fd", "path", "args"
	for (i = 0; i < 300000; i++) { f = i % 1000
		print 7, "openat", 3, 3, "/d/" i, "(AT_FDCWD, \"/d/" i "\", O_RDONLY)"
		print 7, "close", 0, 3, "", "(3)" } }' >} . "$tmp/pairs.tsv");
SKIP: {
	skip 'no /usr/bin/time', 1 unless -x '/usr/bin/time';
	skip 'a build with sanitizers', 1 if $build =~ /san/;
	($out, $err, $status) = run("/usr/bin/time -f '%M' sp-fdmap $tmp/pairs.tsv | tail -1");
	my ($kib) = $err =~ /(\d+)$/;
	cmp_ok $kib, '<', 6 * 1024, "300,000 files opened and closed take $kib KiB";
}
($out) = run("sp-fdmap --leaks -o tsv $tmp/pairs.tsv");
is $out =~ tr/\n//, 1, '... and none of them leaks';
($out, $err, $status) = run("sp-fdmap --counts $tmp/counts $tmp/pairs.tsv >&-");
ok $status == 2 && $err =~ /cannot write: standard output/ && read_file("$tmp/counts") !~ /openat/, 'without standard output no rows get into other files'
    or diag "status $status: $err";
unlink "$tmp/pairs.tsv";

# A call that begins at the end of all numbers ends there, too, and not before the beginning.
write_file("$tmp/late.tsv", "start_ns\tdur_ns\ttid\tsyscall\tret\tfd\tpath\targs\n9223372036854775000\t5000\t1\topenat\t3\t3\t/a\t\n");
($out) = run("sp-fdmap --open-at end -o tsv $tmp/late.tsv");
like $out, qr/^1\t3\t1\tfile\t0\t9223372036854775807\t\/a$/m, 'a time beyond all numbers';

# ---- many processes that no clone() returned ----

# Their first rows wait for it, and so does all that follows.
sub strangers {
	my ($name, @rows) = @_;
	write_file("$tmp/strangers.tsv", join '', map { "$_\n" } "start_ns\ttid\tsyscall\tret\tpath\targs", "1\t999\tgetpid\t999\t\t", @rows);
	my ($out, $err, $status) = run("timeout 20 sp-fdmap $tmp/strangers.tsv | wc -l");
	ok $status == 0 && $out == @rows + 2, $name or diag "status $status: $out$err";
}
strangers '60,000 processes whose clone() is not in the trace', map { ($_ * 1000) . "\t" . ($_ + 1000) . "\topenat\t3\t/a\t" } 1 .. 60_000;
strangers '3,000 processes in a pid namespace, where clone() returns another number', map {
	my ($ns, $pid, $inside) = ($_ * 1000, $_ + 1000, $_ + 9);
	("$ns\t$pid\topenat\t3\t/a\t", "$ns\t999\tclone\t$inside\t\t", ("$ns\t$pid\tread\t1\t\t(3)") x 20) } 1 .. 3_000;

# ---- live ----

SKIP: {
	skip 'no strace, or it may not trace here', 6
	    unless have('strace', 'gcc') && (run('strace -o /dev/null true'))[2] == 0;
	agrees "$_, live, agrees with the kernel", $_ eq 'fdtorture' ? 100 : 99.9, $_ for qw(fdtorture shell tar threads);
	my $program = "$tmp/fdtorture";
	skip 'fdtorture does not compile', 2
	    if (run("gcc -D_GNU_SOURCE -O2 -pthread -o $program tests/workloads/fdtorture.c"))[2];
	run("strace -f -ttt -T -o $tmp/live.trace $program 100");
	says_so 'fdtorture, live', "sp-parse -q $tmp/live.trace";
	run("strace -f -o $tmp/live.trace $program 5");
	says_so 'fdtorture, live, without times', "sp-parse -q $tmp/live.trace";
}
done_testing;
