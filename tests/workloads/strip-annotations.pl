#!/usr/bin/perl
# strip-annotations.pl TRACE: takes out of a trace what strace -y and -yy put in: 3</etc/passwd>
# becomes 3. What is left reads as if it had been recorded without.
#
# An annotation follows a number or AT_FDCWD, outside strings; <char 1:3> nests in it, and the arrow of
# "a->b" is no end of it. <unfinished ...>, <... read resumed> and durations follow a blank or begin a
# line, and stay.
use strict;
use warnings;

while (my $line = <>) {
	my $out = '';
	pos($line) = 0;
	while (pos($line) < length $line) {
		if ($line =~ /\G("(?:[^"\\]|\\.)*"?)/gcs) {
			$out .= $1;
		} elsif ($line =~ /\G(?<=[0-9a-f]|FDCWD)(<(?:[^<>]|(?<=-)>(?=[0-9\[])|(?1))*>)(?:\(deleted\))?/gc) {
			# left out
		} elsif ($line =~ /\G([^"<]+)/gc || $line =~ /\G(.)/gcs) {
			$out .= $1;
		}
	}
	print $out;
}
