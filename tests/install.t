#!/usr/bin/perl
# install: `make install DESTDIR= PREFIX=` puts programs, scripts, manuals and rules in their places,
# and `make uninstall` takes them away.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use Sp;
use Test::More;

# Not the make that runs these tests: its jobserver and variables are its own.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES)};
my ($out, $err, $status) = run("make BUILD=$build install DESTDIR='$tmp/a d' PREFIX=/opt/sp");
is $status, 0, 'make install' or diag $err;
my $bin = "$tmp/a d/opt/sp/bin";
for my $filter (filters) {
	($out, $err, $status) = run("'$bin/$filter' --version");
	is $status, 0, "$filter is installed and runs" or diag $err;
}
for my $page (map { basename $_ } glob "$root/filters/*.1 $root/filters/*/*.[15] $root/scripts/*.1") {
	ok -s "$tmp/a d/opt/sp/share/man/man" . substr($page, -1) . "/$page", "$page is installed";
}
ok -x "$bin/" . basename($_), basename($_) . ' is installed' for grep { !/\.1$/ } glob "$root/scripts/sp-*";
ok -s "$tmp/a d/opt/sp/share/sp/rules/" . basename($_), basename($_) . ' is installed' for glob "$root/rules/*";
ok -s "$tmp/a d/opt/sp/share/sp/" . basename($_), basename($_) . ' is installed' for glob "$root/scripts/*.bt";
($out) = run("'$bin/sp-analyze' -o - testdata/demo/orders.log 2>&1");
like $out, qr/^## Findings/m, 'the scripts find the filters, and those their rules';
write_file("$tmp/a d/opt/sp/share/sp/rules/mine.yaml", '');
($out, $err, $status) = run("make BUILD=$build uninstall DESTDIR='$tmp/a d' PREFIX=/opt/sp && find '$tmp/a d' ! -type d");
is $out =~ s/.*\n(?=\Q$tmp\E)//sr, "$tmp/a d/opt/sp/share/sp/rules/mine.yaml\n", 'nothing is left behind but what others put there' or diag $err;
done_testing;
