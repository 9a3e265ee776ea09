#!/usr/bin/perl
# manuals: every filter has one, mandoc has nothing to say against any page, and its examples are true. In
# an mdoc page, a .Bd -literal block of the section EXAMPLES that has lines "$ COMMAND" is a transcript:
# each command is run in the top folder of the tree and must print what the block shows below it, to
# the letter (standard output; standard error only where the command says 2>&1). Blocks without such
# a line are not run. A command may go on in the next line after a backslash (\e in mdoc).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# The text of a literal block, as mandoc would show it.
sub plain {
	my ($text) = @_;
	$text =~ s/^\\&//mg;
	$text =~ s/\\&//g;
	$text =~ s/\\-/-/g;
	$text =~ s/\\\(aq/'/g;
	$text =~ s/\\\(dq/"/g;
	$text =~ s/\\\(ti/~/g;
	$text =~ s/\\\(ha/^/g;
	$text =~ s/\\t/\t/g;
	$text =~ s/\\e/\\/g;
	return $text;
}

for my $filter (filters) {
	my $page = manual($filter);
	ok defined $page, "$filter has a manual" or next;
	my $text = read_file($page);

	# Every long option of --help is in the manual, and no other.
	my ($help) = run("$filter --help");
	my %real = map { $_ => 1 } $help =~ /--([a-z][a-z0-9-]+)/g;
	my %told = map { s/\\-/-/gr => 1 } $text =~ /\bFl (?:Fl |-|\\-)([a-z][a-z0-9\\-]+)/g;
	delete @real{qw(help usage version)};
	delete @told{qw(help usage version)};
	is join(' ', grep { !$told{$_} } sort keys %real), '', "$filter: no option missing from the manual";
	is join(' ', grep { !$real{$_} } sort keys %told), '', "$filter: no option only in the manual";

	my ($section) = $text =~ /^\.Sh EXAMPLES\n(.*?)(?=^\.Sh |\z)/ms;
	my $run = 0;
	for my $block (($section // '') =~ /^\.Bd [^\n]*-literal[^\n]*\n(.*?)^\.Ed/msg) {
		my @parts = split /^\$ ((?:.*\\\n)*.*)\n/m, plain($block);
		shift @parts;    # what stands before the first command
		while (my ($command, $expected) = splice @parts, 0, 2) {
			my ($out, $err, $status) = run($command);
			is $out, $expected // '', "$filter: $command" or diag $err;
			$run++;
		}
	}
	ok $run > 0, "$filter: the manual has an example";
}

SKIP: {
	skip 'mandoc is not installed', 1 unless have('mandoc');
	for my $page (glob "$root/filters/*.1 $root/filters/*/*.[15] $root/scripts/*.1") {
		next if read_file($page) =~ /^\.so /;    # that of a part is the whole's
		my ($out, $err) = run("mandoc -T lint -W warning $page");
		is $out . $err, '', $page =~ s{.*/}{}r . ': lint';
	}
}
done_testing;
