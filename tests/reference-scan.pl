#!/usr/bin/perl
# reference-scan.pl [FILE...]: the calls of strace logs, read without any of sp-parse's code, for the
# tests to compare with. Slow and plain: one rule, from left to right. Prints a line a call:
#
#     syscall <TAB> args <TAB> ret <TAB> errno
#
# in the order in which they end; those that never return follow at the end.
use strict;
use warnings;
no warnings 'portable';

my $string  = qr/"(?:[^"\\]|\\.)*"/s;
my $comment = qr{(?<c>/\*(?:(?&c)|(?!/\*|\*/).)*\*/)}s;
my $group   = qr{(?<g><(?:(?&g)|->(?=[\d\[])|[^<>])*>)}s;    # 3</etc/passwd>, 0</dev/null<char 1:3>>
my $message = qr{(?:(?:\.{0,2}/[\w.-]+(?:/[\w.-]+)*/|\./)?strace:\ )?
	Process\ \d+\ (?:attached|detached|suspended|resumed)(?:\ with\ \d+\ threads)?(?:\ \(.*\)|\ -\ .*)?}x;

# Where the arguments that begin at the first ( end; undef when they do not.
sub args_end {
	my ($text) = @_;
	my $depth = 0;
	pos($text) = index $text, '(';
	while (pos($text) < length $text) {
		if    ($text =~ /\G$string/gc)                             { }
		elsif ($text =~ /\G$comment/gc)                            { }
		elsif ($text =~ /\G(?<=[0-9a-fA-F)\/]|FDCWD)(?!<[<=])$group/gc) { }
		elsif ($text =~ /\G["]/gc)                                 { return undef }
		elsif ($text =~ /\G[(\[{]/gc)                              { $depth++ }
		elsif ($text =~ /\G[)\]}]/gc)                              { return pos $text if --$depth == 0 }
		else                                                       { pos($text)++ }
	}
	return undef;
}

# pid, and what follows the leader.
sub leader {
	my ($line) = @_;
	my $pid = '';
	$line =~ s/^\s+(?=\S)// unless $line =~ /^ +\d+(?:\.\d+)? /;
	if    ($line =~ s/^\[pid +(\d+)(?:<[^>]*>)?\] //)            { $pid = $1 }
	elsif ($line =~ s/^(\d{1,7})(?:<[^>]*>)? +(?=\S)//)          { $pid = $1 }
	$line =~ s/^\[[\w:.,-]*:[\w:.,-]*\] //;
	$line =~ s/^(?:\d\d:\d\d:\d\d|\d{9,11})(?:\.\d+)? //;
	$line =~ s/^(?:\(\+ *\d+(?:\.\d+)?\)| *\d+(?:\.\d+)?) //;
	$line =~ s/^\[(?: *\d+|\?\?\?)\] //;
	$line =~ s/^\[(?:[0-9a-f]{8}|[0-9a-f]{16}|\?+)\] //;
	return ($pid, $line);
}

sub number {
	my ($word) = @_;
	return unpack 'q', pack 'Q', hex $word if $word =~ /^0x/;
	return oct $word if $word =~ /^0\d/;
	return $word;
}

my @order;

sub emit { push @order, join "\t", @_ }

# A whole call: name(args) = value.
sub call {
	my ($text) = @_;
	my $end = args_end($text) // return 0;
	my ($name) = $text =~ /^([^(]*)\(/;
	my $args = substr $text, length $name, $end - length $name;
	my ($value) = substr($text, $end) =~ /^ += (.*)/s or return 0;
	if ($value =~ /^\?(?: (E[A-Z_]+))?/) {
		my $errno = $1 // '';
		$args =~ s/ <unfinished \.\.\.>\)$/)/ if $errno eq '' && $value !~ /unavailable/;
		emit($name, $args, '', $errno);
	} elsif ($value =~ /^-1 (E[A-Z0-9_]+)\b/) {
		emit($name, $args, -1, $1);
	} elsif ($value =~ /^(-?\d\w*)/) {
		emit($name, $args, number($1), '');
	} else {
		return 0;
	}
	return 1;
}

sub never { emit("$_[0])" =~ /^([^(]*)(\(.*)/s ? ($1, $2) : ($_[0], ''), '', '') }

sub scan {
	my (@lines) = @_;
	my (%open, $begun);
	for (@lines) {
		s/\e\[[\d;]*m//g;
		s/\r?\n?\z//;
		if (defined $begun) {
			$_ = $begun . $_;
			undef $begun;
		}
		if (/^(.*\S.*?)\s?$message$/s && leader($1) ne '' && $1 =~ /\w\(|resumed>/) {
			($begun) = /^(.*?)$message$/s;
			next;
		}
		next if /^ [>|*] / || /^$message$/;
		my ($pid, $body) = leader($_);
		if ($body =~ /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/) {
			$open{$pid} = delete $open{$1} if defined $open{$1};
		} elsif ($body =~ /^\+\+\+ (?:exited|killed) /) {
			never(delete $open{$pid}) if defined $open{$pid};
		} elsif ($body =~ /^<\.\.\. (\S+) resumed>(.*)/s) {
			my ($name, $rest) = ($1, $2);
			my $is = sub { defined $open{ $_[0] } && index($open{ $_[0] }, "$name(") == 0 };
			my ($key) = grep { $is->($_) } $pid, '', $name =~ /^execve/ || $pid eq '' ? sort keys %open : ();
			$rest =~ s/^ // unless $rest =~ /^ (?:=>|<unfinished)/;
			my $text = (defined $key ? delete $open{$key} : "$name(...") . $rest;
			if ($text =~ s/ <unfinished \.\.\.>\z//) {
				$open{$pid} = $text;
			} else {
				call($text);
			}
		} elsif ($body =~ /^\w+\(|^\?\?\?\(/) {
			if ($body =~ s/ <(?:unfinished|detached) \.\.\.>\z//) {
				never($open{$pid}) if defined $open{$pid};
				$open{$pid} = $body;
			} elsif ($body =~ s/ <pid changed to (\d+) \.\.\.>\z//) {
				$open{$1} = $body;
			} else {
				call($body);
			}
		}
	}
	never($open{$_}) for sort keys %open;
}

my %text;
for my $file (@ARGV ? @ARGV : '-') {
	open my $in, $file eq '-' ? '<&STDIN' : "<$file" or die "$file: $!\n";
	binmode $in;
	scan(<$in>);
}
binmode STDOUT;
print "$_\n" for @order;
