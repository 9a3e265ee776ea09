#!/usr/bin/perl
# hostile: what every filter must survive, whatever it does. A new filter is covered without a word
# here, unless it needs arguments: then it has a line in %arguments.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# What a filter cannot run without, before the file names.
my %arguments = ('sp-diff' => ['/dev/null']);

# Copies bytes, whatever they are.
my %verbatim = ('sp-tee' => 1);

my @rows = map { "${_}000\t$_\t7\t7\tcall\tread\t$_\t\t3\t$_\t\t\t/etc/passwd\t\t(3, \"x\", $_)\t" } 1 .. 3;
my $header = join "\t", qw(start_ns dur_ns pid tid kind syscall ret errno fd bytes offset comm path note args stack);
my $events = join '', map { "$_\n" } $header, @rows;
my @lines = map { "7 00:00:00.00000$_ read(3</etc/passwd>, \"x\", $_) = $_ <0.00000$_>" } 1 .. 3;
my $trace = join '', map { "$_\n" } @lines;

# These read folders of tables; their own tests have what follows for folders.
my %of_folders = ('sp-report' => 1);

# Every filter reads one of these two; given the other one it may complain but not crash.
my %inputs = (events => $events, trace => $trace);

# A crash, a sanitizer's report, or a status that no filter has.
sub survives {
	my ($name, $out, $err, $status) = @_;
	ok $status <= 2 && $err !~ /Sanitizer|runtime error/ && ($status == 0 || $err ne ''), $name
	    or diag "status $status\n" . substr $err, 0, 2000;
}

for my $filter (filters) {
	unless (ok -x "$build/$filter", "$filter is built") {
		next;
	}
	my $command = join ' ', $filter, map { "'$_'" } @{ $arguments{$filter} // [] };
	my ($out, $err, $status);

	for my $option (qw(--help --version --usage)) {
		($out, $err, $status) = run("$filter $option");
		ok $status == 0 && $out =~ /\Q$filter\E/ && $err eq '', "$filter $option";
		($out, $err, $status) = run("$filter $option >/dev/full");
		ok $status == 2 && $err =~ /^\Q$filter\E: .*No space left/m, "$filter $option >/dev/full"
		    or diag "status $status: $err";
	}
	($out, $err, $status) = run("$filter --help");
	ok((grep { length > 100 } split /\n/, $out) == 0, "$filter --help fits a terminal");

	($out, $err, $status) = run("$filter --no-such-option");
	ok $status == 2 && $out eq '' && $err =~ /^\Q$filter\E: .*no-such-option/, "$filter with an unknown option"
	    or diag "status $status: $err";

	next if $of_folders{$filter};
	($out, $err, $status) = run($command);
	survives("$filter on empty input", $out, $err, $status);
	is $status, 0, "$filter on empty input succeeds" or diag $err;

	($out, $err, $status) = run("$command /nonexistent/file");
	ok $status == 2 && $err =~ m{^\Q$filter\E: .*/nonexistent/file}, "$filter names a missing file"
	    or diag "status $status: $err";
	($out, $err, $status) = run("$command $tmp");
	ok $status == 2 && $err =~ m{^\Q$filter\E: .*\Q$tmp\E.* directory}, "$filter on a directory"
	    or diag "status $status: $err";

	my $file = write_file("$tmp/events", $events);
	my $other = write_file("$tmp/trace", $trace);
	my ($on_events) = run("$command $file");
	my ($on_trace) = run("$command $other");
	for my $input (sort keys %inputs) {
		my ($good, $good_err, $good_status) = run("$command $tmp/$input");
		survives("$filter on $input", $good, $good_err, $good_status);

		($out, $err, $status) = run($command, stdin => $inputs{$input});
		is $out, $good, "$filter: $input from standard input";
		($out, $err, $status) = run("$command - < $tmp/$input");
		is $out, $good, "$filter: $input from -";

		chomp(my $cut = $inputs{$input});
		($out, $err, $status) = run($command, stdin => $cut);
		survives("$filter: $input without its final newline", $out, $err, $status);
		is $out, $good, "$filter: $input without its final newline reads the same" unless $verbatim{$filter};

		(my $nul = $inputs{$input}) =~ s/"x"/"x\0x"/;
		($out, $err, $status) = run($command, stdin => $nul);
		survives("$filter: $input with a NUL byte", $out, $err, $status);
		unlike $out, qr/\0/, "$filter: no NUL byte of $input comes out" unless $verbatim{$filter};

		(my $raw = $inputs{$input}) =~ s/"x"/"\x1b[31m\x07\xff\xc3\x9b"/;
		($out, $err, $status) = run($command, stdin => $raw);
		survives("$filter: $input with control bytes", $out, $err, $status);
		unlike $out, qr/[\x00-\x08\x0b-\x1f\x7f]/, "$filter: no control byte of $input comes out" unless $verbatim{$filter};
		unlike $err, qr/[\x00-\x08\x0b-\x1f\x7f]/, "$filter: nor on stderr";

		my $long = 'y' x (1 << 20);
		(my $wide = $inputs{$input}) =~ s/"x"/"$long"/;
		($out, $err, $status) = run($command, stdin => $wide);
		survives("$filter: $input with a line of 1 MiB", $out, $err, $status);

		(my $dos = $inputs{$input}) =~ s/\n/\r\n/g;
		($out, $err, $status) = run($command, stdin => $dos);
		survives("$filter: $input with CRLF", $out, $err, $status);

		($out, $err, $status) = run($command, stdin => substr($inputs{$input}, 0, length($inputs{$input}) - 20));
		survives("$filter: $input cut in its last line", $out, $err, $status);

		next if $good eq '';
		($out, $err, $status) = run("$command $tmp/$input >/dev/full");
		ok $status == 2 && $err =~ /^\Q$filter\E: .*No space left/m, "$filter $input >/dev/full"
		    or diag "status $status: $err";

		# A reader that is gone before the first byte.
		($out, $err, $status) = run("{ sleep 0.1; $command $tmp/$input; echo \$? >$tmp/status; } | :");
		is read_file("$tmp/status"), 128 + 13 . "\n", "$filter: $input into a closed pipe";
		unlike $err, qr/pipe|cannot write/i, "$filter: quietly";
	}
	ok $on_events ne '' || $on_trace ne '', "$filter prints something for events or a trace";

	# Bytes that are neither: the lines of an ELF program.
	($out, $err, $status) = run("$command $build/$filter");
	survives("$filter on its own program file", $out, $err, $status);
	unlike $out . $err, qr/[\x00-\x08\x0b-\x1f\x7f]/, "$filter: none of its control bytes come out" unless $verbatim{$filter};
}

# What looks like a table of counts has names without end.
write_file("$tmp/names", "calls syscall\n" . join '', map { "1 a$_\n" } 1 .. 200_000);
my ($out, $err, $status) = run("timeout 20 sp-parse -q $tmp/names | wc -l");
ok $status == 0 && $out == 200_003, 'sp-parse: 200,000 names in a table of counts' or diag "status $status: $out$err";
done_testing;
