#!/usr/bin/perl
# compressed: traces in .gz .bz2 .xz .zst .lz4 give the same bytes as plain ones, by name and from
# standard input; damage is reported with the file's name, after the events before it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my %tools = (gz => 'gzip -c', bz2 => 'bzip2 -c', xz => 'xz -c', zst => 'zstd -q -c', lz4 => 'lz4 -q -B4 -c');

# Two megabytes that do not shrink to nothing, so that there is much before the damage.
srand 1;
my @letters = ('a' .. 'z', 'A' .. 'Z', 0 .. 9);
sub line {
	my ($n) = @_;
	my ($bytes, $text) = (int(rand 4096), join '', map { $letters[rand @letters] } 1 .. 32);
	return sprintf "7 00:00:%09.6f pread64(3, \"%s\"..., %d, %d) = %d <0.%06d>\n",
	    $n / 1e3, $text, $bytes, $n * 4096, $bytes, rand 5000;
}
write_file("$tmp/trace", join '', map { line($_) } 1 .. 20000);
my ($plain, undef, $status) = run("sp-parse -q $tmp/trace");
is $status, 0, 'plain';
my $rows = $plain =~ tr/\n//;

for my $type (sort keys %tools) {
	my ($program) = split / /, $tools{$type};
	SKIP: {
		skip "$program is not installed", 1 unless have($program);
		run("$tools{$type} <$tmp/trace >$tmp/trace.$type");

		my ($out, $err, $status) = run("sp-parse -q $tmp/trace.$type");
		ok $out eq $plain && $status == 0 && $err eq '', "$type by name" or diag $err;
		($out, $err, $status) = run("sp-parse -q <$tmp/trace.$type");
		ok $out eq $plain && $status == 0 && $err eq '', "$type from standard input" or diag $err;
		($out, $err, $status) = run("cat $tmp/trace.$type | sp-parse -q -");
		ok $out eq $plain && $status == 0 && $err eq '', "$type from a pipe" or diag $err;

		# Two compressed files joined are one file to every tool.
		run("cat $tmp/trace.$type $tmp/trace.$type >$tmp/two.$type");
		my ($twice) = run("cat $tmp/trace $tmp/trace | sp-parse -q");
		($out, $err, $status) = run("sp-parse -q $tmp/two.$type");
		ok $out eq $twice && $status == 0, "$type: joined files" or diag "$status: $err";

		# Its dialect stands in another line than the first, in front of which is the mark of an editor.
		my @lines = split /^/, "\xef\xbb\xbf" . read_file("$root/testdata/perf_script/other-events.trace");
		write_file("$tmp/other", join '', @lines);
		my ($other) = run("sp-parse -q $tmp/other");
		write_file("$tmp/line.$_", $lines[$_]) for 0 .. $#lines;
		run("for line in " . join(' ', 0 .. $#lines) . "; do $tools{$type} <$tmp/line.\$line; done >$tmp/other.$type");
		($out, $err, $status) = run("sp-parse -q $tmp/other.$type");
		ok $out eq $other && $out =~ tr/\n// > 1, "$type: a part for each line" or diag $out . $err;

		run("$tools{$type} </dev/null >$tmp/none.$type");
		($out, $err, $status) = run("sp-parse -q $tmp/none.$type");
		ok $status == 0 && $err eq '' && $out eq ($plain =~ m{\A(.*\n)})[0], "$type of nothing" or diag $err;

		my $packed = read_file("$tmp/trace.$type");
		write_file("$tmp/cut.$type", substr $packed, 0, length($packed) * 3 / 4);
		($out, $err, $status) = run("sp-parse -q $tmp/cut.$type");
		ok $status == 2 && $err =~ m{^sp-parse: \Q$tmp/cut.$type\E:}, "$type: a truncated file is reported"
		    or diag "status $status: $err";
		# The last row may come from half a line. Up to one block of the compression is lost.
		my $kept = $out =~ tr{\n}{};
		my $before = $out =~ s{[^\n]*\n\z}{}r;
		ok $kept > $rows / 4 && substr($plain, 0, length $before) eq $before,
		    "$type: $kept of $rows rows stand before the cut";

		# Large enough for a thread that decompresses: the same rows, and the same words about damage.
		write_file("$tmp/large.$type", $packed x 9 . substr $packed, 0, length($packed) / 2);
		my ($alone, $words, $failed) = run("sp-parse --no-threads $tmp/large.$type");
		($out, $err, $status) = run("sp-parse $tmp/large.$type");
		ok $out eq $alone && $err eq $words && $status == $failed && $status == 2, "$type: by a thread" or diag "$status: $err";
		cmp_ok $out =~ tr/\n//, '>', 9 * ($rows - 1), "$type: and all of it";

		my $garbage = $packed;
		substr($garbage, length($garbage) / 2, 64) = 'x' x 64;
		write_file("$tmp/bad.$type", $garbage);
		($out, $err, $status) = run("sp-parse -q $tmp/bad.$type $tmp/trace.$type --columns syscall,args");
		ok $status == 2 && $err =~ m{^sp-parse: \Q$tmp/bad.$type\E:}, "$type: garbage in the middle is reported"
		    or diag "status $status: $err";
		cmp_ok $out =~ tr/\n//, '>=', $rows, "$type: and the next file is read";

		write_file("$tmp/head.$type", substr($packed, 0, 8) . 'not compressed data at all' x 100);
		($out, $err, $status) = run("sp-parse -q $tmp/head.$type");
		ok $status == 2 && $err =~ m{\Q$tmp/head.$type\E}, "$type: garbage after the magic is reported"
		    or diag "status $status: $err";
	}
}

# What is special about .gz.
SKIP: {
	skip 'gzip is not installed', 1 unless have('gzip');
	my $packed = read_file("$tmp/trace.gz");

	# gzip itself says what can be read in front of damage, and how much of it is whole lines.
	my $flipped = $packed;
	substr($flipped, length($flipped) / 2, 1) ^= "\1";
	my %damaged = (cut => substr($packed, 0, length($packed) / 2), flipped => $flipped);
	for my $kind (sort keys %damaged) {
		write_file("$tmp/$kind.gz", $damaged{$kind});
		run("gzip -dc <$tmp/$kind.gz >$tmp/$kind");
		my ($want) = run("sp-parse -q $tmp/$kind");
		my ($out, $err, $status) = run("sp-parse -q $tmp/$kind.gz");
		is $status, 2, "gz: $kind is reported: $err";
		ok $out eq $want, "gz: $kind: all that gzip decodes is read: " . ($out =~ tr/\n//) . ' rows';
	}

	# Stored, not deflated: only the checksum can tell.
	my $member = sub {
		my ($text, $crc) = @_;
		return "\x1f\x8b\x08" . "\0" x 6 . "\3\1" . pack('vv', length $text, ~length($text) & 0xffff) . $text . pack 'VV', $crc, length $text;
	};
	my $line = "7 close(3) = 0\n";
	my $good = $member->($line, 0x4c33dec4);
	my %joined = (
		'a member'                        => [$good, 1, 0],
		'a wrong checksum'                => [$member->("7 close(4) = 0\n", 0x4c33dec4), 1, 2],
		'a wrong checksum, then a member' => [$member->("7 close(4) = 0\n", 0x4c33dec4) . $good, 1, 2],
		'zeros at the end'                => [$good . "\0" x 1000, 1, 0],
		'zeros, then a member'            => [$good . "\0" x 1000 . $good, 2, 0],
		'garbage at the end'              => [$good . 'garbage', 1, 2],
		'half a header at the end'        => [$good . "\x1f\x8b\x08", 1, 2],
	);
	for my $what (sort keys %joined) {
		my ($bytes, $rows, $expected) = @{ $joined{$what} };
		write_file("$tmp/joined.gz", $bytes);
		for my $from ("$tmp/joined.gz", "<$tmp/joined.gz") {
			my ($out, $err, $status) = run("sp-parse -q --columns syscall $from");
			ok $out eq "syscall\n" . "close\n" x $rows && $status == $expected, "gz: $what"
			    or diag "status $status: $err$out";
		}
	}

	# A compressed trace is read while it is written.
	my ($out, $err, $status) = run("((perl -MCompress::Zlib -e '
		\$| = 1;
		my \$z = deflateInit(-WindowBits => 31);
		print scalar \$z->deflate(qq{7 close(3) = 0\n} x 2), scalar \$z->flush(Z_SYNC_FLUSH);
		sleep 3' | sp-parse -q --columns syscall) || :) | timeout 2 grep -q -m1 '^close'");
	is $status, 0, 'gz: a quiet live pipe shows what is known';
}
done_testing;
