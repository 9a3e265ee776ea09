#!/usr/bin/perl
# install: `make install DESTDIR= PREFIX=` puts programs, scripts, manuals and rules in their places.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Basename;
use Sp;
use Test::More;

# Not the make that runs these tests: its jobserver and variables are its own.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES)};
my ($out, $err, $status) = run("make BUILD=$build install DESTDIR=$tmp/d PREFIX=/opt/sp");
is $status, 0, 'make install' or diag $err;
my $bin = "$tmp/d/opt/sp/bin";
for my $filter (filters) {
	($out, $err, $status) = run("$bin/$filter --version");
	is $status, 0, "$filter is installed and runs" or diag $err;
}
for my $page (map { basename $_ } glob "$root/filters/*.1 $root/filters/*/*.[15] $root/scripts/*.1") {
	ok -s "$tmp/d/opt/sp/share/man/man" . substr($page, -1) . "/$page", "$page is installed";
}
ok -x "$bin/" . basename($_), basename($_) . ' is installed' for grep { !/\.1$/ } glob "$root/scripts/sp-*";
ok -s "$tmp/d/opt/sp/share/sp/rules/" . basename($_), basename($_) . ' is installed' for glob "$root/rules/*";
ok -s "$tmp/d/opt/sp/share/sp/" . basename($_), basename($_) . ' is installed' for glob "$root/scripts/*.bt";
done_testing;
