#!/usr/bin/perl
# completion: bash completes the options of every program that people run, from its --help.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# What bash offers behind `command word`.
sub offers {
	my ($command, $word) = @_;
	my ($out) = run("bash -c '. scripts/completion.bash; COMP_WORDS=($command $word); COMP_CWORD=1; compopt() { echo nospace; }; _sp_options $command; printf \"%s\\n\" \"\${COMPREPLY[@]}\"'");
	return [ sort grep { $_ ne '' } split /\n/, $out ];
}

is_deeply offers('sp-stats', '--by'), ['--by=', 'nospace'], 'an option with a value';
is_deeply offers('sp-stats', '--p'), ['--partial'], 'one without';
is_deeply offers('sp-parse', '--col'), ['--columns=', 'nospace'], 'of another filter';
is_deeply offers('sp-batch', '--resu'), ['--resume'], 'of a script';
cmp_ok scalar @{ offers('sp-stats', '--') }, '>', 10, 'all of them';
is_deeply offers('sp-stats', '--by=sys'), [], 'values are files, or anything';
is_deeply offers('sp-stats', 'trace'), [], 'so are arguments';

my ($out) = run('bash -c ". scripts/completion.bash; complete -p"');
my %complete = map { $_ => 1 } $out =~ /-F _sp_options (\S+)/g;
my @parts = grep { read_file($_) =~ /Part\s+of\s+(?:#\s+)?sp-/ } glob "$root/scripts/sp-*[a-z]";
my %part = map { s{.*/}{}r => 1 } @parts;
my @programs = (filters(), map { s{.*/}{}r } grep { !/\.1$/ && !$part{ s{.*/}{}r } } glob "$root/scripts/sp-*");
for my $program (sort keys %complete) {
	my %offered = map { s/=//r => 1 } @{ offers($program, '--') };
	my ($help) = run("$program --help");
	is join(' ', grep { !$offered{$_} } $help =~ /(--[a-z][a-z-]+)/g), '', "every option of $program";
}
is join(' ', sort keys %complete), join(' ', sort @programs), 'every program but the parts of scripts';
done_testing;
