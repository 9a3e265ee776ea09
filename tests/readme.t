#!/usr/bin/perl
# readme: what README.md shows is what happens. Fenced blocks marked `console` are sessions: each
# line "$ COMMAND" is run in the top folder, and what follows it is its standard output, to the
# letter. Blocks that need root, a live tracer or the clock are marked `sh` and are not run.
# `tests/readme.t --bless` writes the output into the file instead.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use Sp;
use Test::More;

my $readme = read_file("$root/README.md");

# "$ COMMAND" lines, each with the output that follows it, of one block.
sub sessions {
	my ($block) = @_;
	my @parts = split /^\$ ((?:.*\\\n)*.*)\n/m, $block;
	shift @parts;
	return @parts;
}

if (@ARGV && $ARGV[0] eq '--bless') {
	$readme =~ s{^```console\n(.*?)^```}{
		my @parts = sessions($1);
		my $new = '';
		while (my ($command) = splice @parts, 0, 2) {
			$new .= "\$ $command\n" . (run($command))[0];
		}
		"```console\n$new```";
	}msge;
	write_file("$root/README.md", $readme);
	exit 0;
}

my $run = 0;
for my $block ($readme =~ /^```console\n(.*?)^```/msg) {
	my @parts = sessions($block);
	while (my ($command, $expected) = splice @parts, 0, 2) {
		my ($out, $err, $status) = run($command);
		is $out, $expected // '', "README: $command" or diag $err;
		$run++;
	}
}
ok $run > 0, 'README has examples';

# The tables of programs name what there is.
my @named = sort $readme =~ /^\| \[?`([a-z0-9.-]+)`/mg;
my @there = sort(filters(), map { basename $_ } grep { !m{\.1$} && -f } glob "$root/scripts/*");
is_deeply \@named, \@there, 'README lists every filter and script, and no other';

# CI runs the very command that README gives.
my ($setup, $test) = $readme =~ /^(?:\$ )?(scripts\/setup .*&& make .*)$/mg;
is $setup, 'scripts/setup && make demo', 'the first command';
like read_file("$root/.ci/run"), qr/^step '\Q$test\E'$/m, 'the second command is what CI runs';

for my $link ($readme =~ /\]\((?!http)([^)#]+)\)/g) {
	ok -e "$root/$link", "README links to $link";
}
done_testing;
