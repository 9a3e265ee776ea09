#!/usr/bin/perl
# formats: the event table loads with no options in the tools that people have, with the same rows
# and sums in all of them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# Beside a real trace, text that begins with quotes or holds only one.
my $quotes = <<'END';
7<"quoted"> 00:00:00.000001 openat(AT_FDCWD</srv/"a>, "\"b", O_RDONLY) = 3</srv/"a/"b> <0.000011>
7<"half> 00:00:00.000002 read(3</srv/"a/"b>, "\"\"\"", 3) = 3 <0.000012>
8<x "y" z> 00:00:00.000003 write(1, "", 0) = 0 <0.000013>
8<'> 00:00:00.000004 prctl(PR_SET_NAME, "\"" <unfinished ...>
8<"> 00:00:00.000005 <... prctl resumed>) = 0 (") <0.000014>
8<"> 00:00:00.000006 +++ exited with 0 +++
END
write_file("$tmp/quotes.trace", $quotes);

my $perl = q(perl -F'\t' -lane 'if ($. == 1) { @at{@F} = 0 .. $#F; next } $n++; $s += $F[$at{dur_ns}] || 0;
	$b += $F[$at{bytes}] || 0; END { print "$n $s $b" }');
my %readers = (
	gawk => q(gawk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ n++; s += $at["dur_ns"]; b += $at["bytes"] } END { print n, s, b }'),
	mawk => q(mawk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ n++; s += $at["dur_ns"]; b += $at["bytes"] } END { printf "%d %.0f %.0f\n", n, s, b }'),
	mlr => q(mlr --itsv --onidx stats1 -a sum,count -f dur_ns,bytes,kind then
		cut -o -f kind_count,dur_ns_sum,bytes_sum),
	sqlite3 => q(sqlite3 :memory: '.mode tabs' '.import /dev/stdin t' '.mode list' '.separator " "'
		'select count(*), cast(sum(dur_ns) as int), cast(sum(bytes) as int) from t'),
);
s{\n\s*}{ }g for values %readers;

for my $options ('--host h --with line -c syscall,ret', '-c syscall,ret --host h --with line', '--host h -c syscall,ret --with line') {
	my ($table) = run("sp-parse -q $options $tmp/quotes.trace");
	is +(split /\n/, $table)[0], "syscall\tret\thost\tline", "$options: columns are added, wherever they are asked for";
}

for my $trace ("$root/testdata/demo/orders.log", "$tmp/quotes.trace") {
	my ($name) = $trace =~ m{([^/]+)$};
	my ($table, $err, $status) = run("sp-parse -q $trace");
	is $status, 0, "$name is parsed";
	write_file("$tmp/table.tsv", $table);

	my @ragged = grep { tr/\t// != 15 } split /\n/, $table;
	is scalar(@ragged), 0, "$name: every row has all columns" or diag $ragged[0];
	unlike $table, qr/(?:^|\t)"/m, "$name: no field starts with a quote";
	unlike $table, qr/[\x00-\x08\x0b-\x1f\x7f]/, "$name: no control bytes";

	my ($expected) = run("$perl <$tmp/table.tsv");
	like $expected, qr/^[1-9]\d* [1-9]\d* \d+$/, "$name: rows, time and bytes: $expected";
	for my $reader (sort keys %readers) {
		SKIP: {
			skip "$reader is not installed", 1 unless have($reader);
			my ($out, $err) = run("$readers{$reader} <$tmp/table.tsv");
			is $out, $expected, "$name: the same in $reader" or diag $err;
		}
	}
	SKIP: {
		skip 'column is not installed', 1 unless have('column');
		my ($printed) = run("column -t -s\$'\\t' <$tmp/table.tsv | wc -l");
		is $printed, 1 + ($expected =~ /^(\d+)/)[0] . "\n", "$name: column -t shows all rows";
	}
}
done_testing;
