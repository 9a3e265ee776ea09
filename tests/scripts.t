#!/usr/bin/perl
# scripts: shell scripts are sound (bash -n, and shellcheck where it is installed), and so are the
# tests' own manners: everything here can be run. Wrong usage, and help that cannot be written, are exit status 2.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

for my $script (glob("$root/scripts/* $root/tests/workloads/* $root/.ci/run")) {
	next unless read_file($script) =~ /^#!.*\b(?:ba)?sh\b/;
	my $name = $script =~ s{^\Q$root\E/}{}r;
	ok -x $script, "$name can be run";
	my ($out, $err, $status) = run("bash -n $script");
	is $status, 0, "$name: bash -n" or diag $err;
	SKIP: {
		skip 'shellcheck is not installed', 1 unless have('shellcheck');
		($out, $err, $status) = run("shellcheck $script");
		is $out, '', "$name: shellcheck";
	}
}
for my $path (grep { !/\.1$/ } glob "$root/scripts/sp-*") {
	my $name = $path =~ s{.*/}{}r;
	my ($out, $err, $status) = run($name);
	ok $status == 2 && $err ne '' && $err !~ /: line \d+:/, "$name without arguments" or diag "status $status: $err";
	next if read_file($path) !~ /--help/ || $err =~ /: usage: /;
	($out, $err, $status) = run("$name --help >/dev/full");
	ok $status == 2 && $err =~ /\A[^\n]*No space left on device\n\z/, "$name --help on a full disk" or diag "status $status: $err";
}
ok -x $_, (s{^\Q$root\E/}{}r) . ' can be run' for glob "$root/tests/*.t";
done_testing;
