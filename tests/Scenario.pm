package Scenario;    # strace output from a few lines that say what happens how often
#
#     # a comment
#     repeat 1000                             what follows up to `end`, so often
#     [12] write(3</log>, "x", 1) = 1 <20us>  a line of strace -f -ttt -T -y; 12 is the thread, 10 without it
#     pread64(3</db>, ..., 512, {i*512}) = 512 <5us>
#                                             {i} counts the turns of the innermost loop from 0, {j} those
#                                             of the one around it; * + % take a number
#     pread64(3</db>, ..., 512, {r*512}) = 512 <5us>
#                                             {r} is below 100,000 and without order, the same on each run;
#                                             {s} is the last {r} again
#     sleep 10ms                              nothing happens for so long
#     end
#
# One thing happens at a time: each line begins when the one before it has ended, a microsecond later.
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(scenario);

my %unit = (ns => 1e-3, us => 1, ms => 1e3, s => 1e6);

sub us {
	my ($text) = @_;
	my ($n, $unit) = $text =~ /^([\d.]+)(ns|us|ms|s)$/ or die "not a time: $text\n";
	return $n * $unit{$unit};
}

sub scenario {
	my ($text) = @_;
	my @lines = grep { /\S/ && !/^\s*#/ } split /\n/, $text;
	my ($clock, $random, $last, $out) = (1_700_000_000_000_000, 1, 0, "");
	my $block;
	$block = sub {
		my ($from, @turn) = @_;
		my $n = $from;
		for (; $n < @lines; $n++) {
			my $line = $lines[$n] =~ s/^\s+|\s+$//gr;
			return $n if $line eq 'end';
			if ($line =~ /^repeat (\d+)$/) {
				my $end;
				$end = $block->($n + 1, $_, @turn) for 0 .. $1 - 1;
				$n = $end;
			} elsif ($line =~ /^sleep (\S+)$/) {
				$clock += us($1);
			} else {
				$line =~ s{\{([ijrs])(?:([*+%])(\d+))?\}}{
					my $v = $1 eq 'i' ? $turn[0] : $1 eq 'j' ? $turn[1]
					    : $1 eq "s" ? $last
					    : ($last = ($random = ($random * 1103515245 + 12345) & 0x7fffffff) / 256 % 100_000);
					$v = int $v;
					!$2 ? $v : $2 eq '*' ? $v * $3 : $2 eq '+' ? $v + $3 : $v % $3;
				}ge;
				my $tid = $line =~ s/^\[(\d+)\] // ? $1 : 10;
				my $dur = $line =~ s/ <([\d.]+(?:ns|us|ms|s))>$// ? us($1) : undef;
				$out .= sprintf "%d %d.%06d %s%s\n", $tid, $clock / 1e6, $clock % 1_000_000, $line,
				    defined $dur ? sprintf(' <%.6f>', $dur / 1e6) : '';
				$clock += ($dur // 0) + 1;
			}
		}
		return $n;
	};
	$block->(0, 0, 0);
	return $out;
}

1;
