#!/usr/bin/perl
# advice: five pieces of advice, followed in small programs, save what was estimated.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use Sp;
use Test::More;

plan skip_all => 'strace cannot trace here' if (run('strace -o /dev/null true'))[2];
my ($out, $err, $status) = run('scripts/check-advice');
is $status, 0, 'estimates are within a factor of two' or diag $err;
diag $out;
my @programs = $out =~ /^(\w+) .* ok$/mg;
is scalar @programs, 5, 'of five programs';
done_testing;
