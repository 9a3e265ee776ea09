#!/usr/bin/perl
# faults: the filters where the system fails them; scripts/check-faults says how, and has longer ones.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;

exec "$root/scripts/check-faults" or die "check-faults: $!\n";
