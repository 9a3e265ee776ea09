#!/usr/bin/perl
# report: what sp-report makes of folders of tables: pages whose markup is sp-report's alone, whatever
# the tables hold; nothing that asks another place for anything; and nothing left out without a word.
use strict;
use warnings;
use Digest::SHA qw(sha256_base64);
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# ---- what a page may consist of ----

my %may = map { $_ => 1 } qw(html head meta title style body a header h1 h2 h3 section dl div dt dd details summary ul li nav
    main span article p strong b svg rect path text table thead tbody tr th td figure footer script);
my %empty = map { $_ => 1 } qw(meta rect path);
my $attribute = qr/\s+(?:lang|charset|http-equiv|content|name|class|href|id|aria-(?:label|labelledby|hidden)|data-(?:table|v|d|run|chart|time)|
	scope|colspan|tabindex|role|width|height|x|y|d|viewBox|preserveAspectRatio|type)="[^"<>]*"|\s+open/x;

my $turns = qr/\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]/;

# All markup is known, balanced, and asks for nothing; returns the text between.
sub check_page {
	my ($html, $name) = @_;
	my ($style) = $html =~ m{<style>(.*?)</style>}s;
	my ($script) = $html =~ m{<script>(.*?)</script>\n</body>}s;
	my ($data) = $html =~ m{<script type="application/json" id="data">(.*?)</script>}s;
	my ($policy) = $html =~ m{<meta http-equiv="Content-Security-Policy" content="([^"]*)">};
	ok defined $style && defined $script && defined $data && defined $policy, "$name: a page" or return '';
	is $policy, "default-src 'none'; script-src 'sha256-" . padded($script) . "'; style-src 'sha256-" . padded($style)
	    . "'; base-uri 'none'; form-action 'none'", "$name: the policy names these very blocks";
	ok $data !~ /[<>&']|\xe2\x80[\xa8\xa9]|\\(?!u(?:00|202[89]))/, "$name: data without markup";
	s{<style>.*?</style>}{}s, s{<script>.*?</script>(?=\n</body>)}{}s, s{<script type.*?</script>}{}s for my $rest = $html;

	my (@open, @bad, $text);
	$rest =~ s/^<!DOCTYPE html>\n//;
	while ($rest =~ /\G([^<]*)(?:<(\/?)([a-z0-9]+)((?:$attribute)*)(\s*\/?)>|(<)|\z)/gc) {
		my ($before, $end, $tag, $attributes, $wrong) = ($1, $2, $3, $4, $6);
		$text .= $before;
		push @bad, 'raw < before ' . substr $rest, pos $rest, 40 if $wrong;
		last unless defined $tag;
		push @bad, $tag unless $may{$tag};
		push @bad, "$1" if $attributes =~ /\bhref="([^#"][^"]*)"/;
		if ($end) {
			my $was = pop @open;
			push @bad, "$was ended by $tag" if $was ne $tag;
		} elsif (!$empty{$tag}) {
			push @open, $tag;
		}
	}
	is join("\n", @bad[0 .. ($#bad < 5 ? $#bad : 5)], @open), '', "$name: known markup, balanced";
	unlike $html, qr/[^\n\t\x20-\x7e\x80-\xff]/, "$name: no control byte";
	unlike $html, $turns, "$name: nothing that turns text around";
	ok utf8::decode(my $copy = $html), "$name: UTF-8";
	return $text // '';
}

sub padded { my $hash = sha256_base64($_[0]); $hash . '=' x (-length($hash) % 4) }

sub folder {
	my ($name, %tables) = @_;
	mkdir "$tmp/$name";
	unlink glob "$tmp/$name/*";
	write_file("$tmp/$name/$_.tsv", $tables{$_}) for keys %tables;
	return "$tmp/$name";
}

sub tsv { join '', map { join("\t", @$_) . "\n" } @_ }

# ---- every table, and every one of them full of what could do harm ----

sub everything {
	my ($evil) = @_;
	return (
		summary => tsv([qw(name value)], [ 'command', $evil ], [ 'lacks', $evil ], [ $evil, $evil ], [ 'wall_ns', 60e9 ]),
		syscalls => tsv([qw(syscall calls errors total_ns time_percent p99_ns)], [ $evil, 5, 1, 1000, '62.50', 300 ], [ 'read', 1, 0, 600, '37.50', 600 ]),
		categories => tsv([qw(category calls total_ns)], [ $evil, 5, 1000 ]),
		activity => tsv([qw(category calls total_ns active_percent)], [ $evil, 5, 1000, '100.00' ]),
		errors => tsv([qw(syscall errno calls)], [ $evil, $evil, 5 ], [ 'ok', '', 7 ]),
		hist => tsv([qw(syscall low_ns high_ns calls calls_percent)], [ $evil, 0, 1000, 5, '100.00' ]),
		modes => tsv([qw(syscall mode low_ns high_ns calls_percent name)], map { [ $evil, $_, 0, 1000, '50.00', $evil ] } 1, 2),
		heat => tsv([qw(slice_ns low_ns high_ns calls syscall)], map { [ $_ * 1000, 64, 128, 5, $evil ] } 1 .. 9),
		timeline => tsv([qw(slice_ns calls errors total_ns bytes category)], map { [ $_ * 1000, 5, 1, 100, 4096, $evil ] } 1 .. 9),
		files => tsv([qw(path pattern calls total_ns)], [ $evil, $evil, 5, 1000 ]),
		sockets => tsv([qw(path calls total_ns)], [ $evil, 5, 1000 ]),
		pipes => tsv([qw(path calls total_ns)], [ $evil, 5, 1000 ]),
		findings => tsv([qw(severity rule subject calls total_ns evidence fix saves_ns)], [ $evil, $evil, $evil, 5, 1000, $evil, $evil, 300 ]),
		threads => tsv([qw(pid tid comm calls errors total_ns)], [ 7, 7, $evil, 5, 1, 1000 ], [ 7, 8, $evil, 5, 1, 1000 ], [ 9, 9, $evil, 1, 0, 1 ]),
		tree => tsv([qw(parent child)], [ 7, 9 ], [ 9, 7 ]),
		stacks => tsv([qw(stack calls total_ns)], [ "main;$evil;x", 5, 1000 ]),
		fds => tsv([qw(start_ns pid open)], map { [ $_ * 1000, 7, $_ ] } 1 .. 9),
	);
}

my @sections = qw(findings pattern syscalls latency timeline heat files sockets pipes errors categories threads flame fds);
my %evil = (
	'plain' => 'plain',
	'end of script' => '</script><script>document.title="x"</script>',
	'an image' => q{<img src=x onerror="document.title='x'">},
	'quotes' => q{x" onmouseover="y' onclick='z" `},
	'entities' => '&lt;b&gt;&#60;',
	'a comment' => '<!-- <![CDATA[ ]]> -->',
	'control bytes' => "a\x01\x1b[31m\x07\x7f\0b",
	'bad UTF-8' => "\xff\xc3\xe2\x80",
	'separators' => "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae",
	'directions' => "\xe2\x80\xaegpj.exe\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9\xe2\x81",
	'1 MB' => '<' x (1 << 20),
);
for my $name (sort keys %evil) {
	my $dir = folder('evil', everything($evil{$name}));
	my ($html, $err, $status) = run("sp-report $dir");
	is $status, 0, "$name: html" or diag $err;
	my $text = check_page($html, $name);
	is join(' ', grep { $html !~ /<section id="$_"/ } @sections), '', "$name: every section";
	cmp_ok length $html, '<', 1 << 20, "$name: below 1 MB";
	my ($both) = run("sp-report -t '$name' $dir " . folder('other', everything("other $evil{$name}")));
	check_page($both, "$name, twice");

	(my $md, $err, $status) = run("sp-report -o md $dir");
	is $status, 0, "$name: md" or diag $err;
	unlike $md, qr/[^\n\x20-\x7e\x80-\xff]|$turns/, "$name: md without control bytes";
	unlike $md, qr/(?<!\\)<|(?<!\\)`/, "$name: md without markup";
	cmp_ok length $md, '<', 1 << 17, "$name: md is short";
}

my ($turned) = run('sp-report ' . folder('turned', files => tsv([qw(path calls)], [ "/srv/\xe2\x80\xaegpj.exe", 1 ])));
like $turned, qr{>/srv/\\u202egpj\.exe<}, 'a name is shown in the order of its bytes';

# ---- what is missing is said, and what is not there makes no section ----

my ($html, $err, $status) = run('sp-report ' . folder('nothing'));
is $status, 0, 'an empty folder' or diag $err;
unlike check_page($html, 'an empty folder'), qr/nan|-nan|inf\b/, 'an empty folder: no odd number';
is join(' ', grep { $html =~ /<section id="$_"/ } @sections), '', 'an empty folder: no section';
like $html, qr/Not in this report: syscalls\.tsv, .*hist\.tsv, .*fds\.tsv, summary\.tsv/, 'an empty folder: what is lacking';

my %all = everything('x');
my %empty_tables = map { $_ => $all{$_} =~ s/\n.*/\n/sr } keys %all;
($html, $err, $status) = run('sp-report ' . folder('empty', %empty_tables));
is $status, 0, 'tables of no rows' or diag $err;
check_page($html, 'tables of no rows');
is join(' ', grep { $html =~ /<section id="$_"/ } @sections), 'findings', 'tables of no rows: nothing found';
like $html, qr/<li>No durations, so no latencies: strace records them with -T\./, 'tables of no rows: what the trace lacks';
for my $table (sort keys %all) {
	my ($one, $why, $how) = run('sp-report ' . folder('one', $table => $all{$table}));
	is $how, 0, "only $table" or diag $why;
	is scalar(() = $one =~ /<section id="(?!summary)/g), { map { $_ => 0 } qw(summary modes tree) }->{$table} // 1, "only $table: its section"
	    or diag join ' ', $one =~ /<section id="(\w+)/g;
	check_page($one, "only $table");
	my ($md) = run("sp-report -o md $tmp/one");
	like $md, qr/^# /, "only $table: md";
}

# ---- long tables say how long they are ----

my $long = folder('long', files => tsv([qw(path calls total_ns)], map { [ "/f$_", 1, $_ ] } 1 .. 10_000));
($html) = run("sp-report $long");
is scalar(() = $html =~ m{<th scope="row" class="t">/f}g), 200, 'the largest files are shown';
like $html, qr{/f10000<}, 'the very largest';
like $html, qr{9,800 more rows are in files\.tsv}, 'and how many more there are';
($html) = run('sp-report ' . folder('equal', syscalls => tsv([qw(syscall calls total_ns)], [ 'most', 1, 9 ], map { [ sprintf('c%03d', 700 - $_), 1, 5 ] } 0 .. 699)));
is join(' ', $html =~ m{<th scope="row" class="t">(\w+)</th>}g), join(' ', 'most', map { sprintf 'c%03d', $_ } 1 .. 599),
    'of many that are as large, those that come first by name, wherever they are';
my ($md) = run("sp-report -o md $long");
like $md, qr/^9,990 more rows are in files\.tsv\.$/m, 'in Markdown, too';

# ---- tables are loaded at once, and what is wrong with them is said in their order ----

my @bad = (files => tsv([qw(path calls)], (map { [ "/f$_", 1 ] } 1 .. 20_000), [ '/bad', 'x' ]), errors => tsv([qw(syscall errno calls)], [ 'read', 'EIO', 'y' ]),
	heat => tsv([qw(slice_ns low_ns high_ns calls)], [ 'z', 1, 2, 3 ]));
(undef, $err, $status) = run('sp-report ' . folder('wrong', @bad));
is $status, 2, 'damaged tables: exit status';
is join(' ', $err =~ m{(\w+)\.tsv:\d+:}g), 'files errors heat', 'and a message for each, in their order';

# ---- slices are put together, and nothing is lost by it ----

my @slices = map { [ 1_700_000_000_000_000_000 + $_ * 1_000_000, $_ % 7, 1, $_ % 3, 10, ('disk', 'net')[ $_ % 2 ] ] } 0 .. 4999;
my $times = folder('times', timeline => tsv([qw(slice_ns calls errors total_ns bytes category)], @slices),
	heat => tsv([qw(slice_ns low_ns high_ns calls)], map { [ $_->[0], 1000 << $_->[1], 2000 << $_->[1], 3 ] } @slices),
	fds => tsv([qw(start_ns pid open)], map { [ $_->[0], 7 + $_->[1] % 2, $_->[1] ] } @slices));
($html) = run("sp-report $times");
my %lines;
while ($html =~ /"(timeline|heat|fds)":\{"first":[0-9.]+,"slice":([0-9.]+),"lines":\[(.*?\])\}\]\}/g) {
	my ($grid, $slice, $all) = ($1, $2, $3);
	while ($all =~ /"name":"([^"]*)","low":\d+,"high":\d+,"values":\[([-0-9,]*)\]/g) {
		$lines{$grid}{$1} = [ $slice, split /,/, $2 ];
	}
}
sub sum { my $sum = 0; $sum += $_ for @_; return $sum }
my %column = (calls => 1, errors => 2, total_ns => 3, bytes => 4);
for my $name (sort keys %column) {
	my ($slice, @values) = @{ $lines{timeline}{$name} };
	is sum(@values), sum(map { $_->[ $column{$name} ] } @slices), "slices of $name add up";
	is scalar(@values), 385, "$name: few slices";
	is $slice, '0.013000000', "$name: of thirteen each";
}
my $waited = folder('waited', timeline => tsv([qw(slice_ns calls total_ns wait_ns)], [ 0, 1, 70, 30 ], [ 1000, 1, 50, '' ]));
($html) = run("sp-report $waited");
like $html, qr/"name":"total_ns","low":0,"high":0,"values":\[40,50\]/, 'waiting is left out of the time';
like $html, qr/active time, at most 50 ns a slice/, 'and that is said';
is sum(@{ $lines{timeline}{disk} }[ 1 .. 385 ]), sum(map { $_->[5] eq 'disk' ? $_->[3] : 0 } @slices), 'categories, too';
is join(' ', map { sum(@{ $lines{heat}{$_} }[ 1 .. $#{ $lines{heat}{$_} } ]) } map { 1000 << $_ } 0 .. 6),
    join(' ', map { my $i = $_; 3 * grep { $_->[1] == $i } @slices } 0 .. 6), 'the heat map adds up';
is join(' ', map { my ($most) = sort { $b <=> $a } @{ $lines{fds}{$_} }; $most } 7, 8), '6 5', 'descriptors keep their maximum';

# Of many processes the largest are shown, whenever they came; each keeps its level until the next row, and no longer.
my $many = folder('descriptors', fds => tsv([qw(start_ns pid open file)], (map { [ $_, $_, 1 + ($_ == 150) * 8, 'a.log' ] } 1 .. 200),
	[ 150, 150, 20, 'b.log' ], [ 170, 150, 0, 'a.log' ], [ 200, 150, 3, 'b.log' ]));
($html) = run("sp-report $many");
like $html, qr{<li class="c0">process 150 in b\.log: at most 20</li><li class="c1">process 150 in a\.log: at most 9</li>}, 'processes with the most descriptors, by trace';
like $html, qr/195 more processes are in fds\.tsv/, 'and how many others there are';
my ($goes_on, $ended) = $html =~ /"name":"150 in [ab]\.log","low":0,"high":0,"values":\[([-0-9,]*)\]/g;
is $ended, join(',', (-1) x 149, (9) x 21, (0) x 30), 'a process that ended has none';
is $goes_on, join(',', (-1) x 149, (20) x 51), 'one that goes on has what it had';
# A table that is too long to be kept is read twice: it gives the same lines, and says as often what is wrong with it.
sub levels { return [ run('sp-report ' . folder('levels', fds => tsv([qw(start_ns pid open file)], @_))) ] }
my @levels = ((map { [ $_, $_, 1 + ($_ == 150) * 8, 'a.log' ] } 1 .. 200), [ 200, 150, 3, 'a.log' ]);
my @fill = ([ 1, 1, 0, 'a.log' ]) x 140_000;
is_deeply levels(@fill, @levels), levels(@levels), 'descriptors in a long table';
my ($short, $long_one) = map { levels(@$_, [ 200, 150, 'x', 'a.log' ], @levels) } [], \@fill;
is $long_one->[0], $short->[0], 'and in a damaged one';
is $long_one->[1] =~ s/140002/2/gr, $short->[1], 'of which as much is said';
like $short->[1], qr{levels/fds\.tsv:2:9: bad row: open is not a number: x}, 'as it is of a short one';

# ---- reads of sockets and pipes are waiting, whatever the name of the call ----

my $kinds = folder('kinds', activity => tsv([qw(category fdtype calls total_ns wait_ns active_ns active_percent mean_ns p99_ns)],
	[qw(disk_read file 10 600 0 600 20.00 60 90)], [qw(disk_read block 5 150 0 150 5.00 30 40)], [qw(disk_read pipe 3 2000 0 2000 70.00 9 9)],
	[qw(disk_read socket 1 100 0 100 2.00 9 9)], [qw(disk_write pipe 2 250 0 250 3.00 9 9)], [qw(network_wait socket 4 999 999 0), '', 9, 9 ]));
($md) = run("sp-report -o md $kinds");
is_deeply [ $md =~ /^\| ([a-z ]+ \| [0-9.]+ [nu]s \| [0-9.]* \| [a-z, ]*)\|$/mg ], [ 'disk read | 750 ns | 75.00 | bottleneck ', 'pipes | 250 ns | 25.00 |  ',
	'pipe read wait | 2.00 us |  | waiting, kept out of the shares ', 'network wait | 999 ns |  | waiting, kept out of the shares ',
	'network read wait | 100 ns |  | waiting, kept out of the shares ' ], 'shares of what is work' or diag $md;

# ---- trees of any shape ----

my $chain = folder('chain', threads => tsv([qw(pid tid comm calls errors total_ns)], map { [ $_, $_, "c$_", 1, 0, 1000 - $_ ] } 1 .. 250),
	tree => tsv([qw(parent child)], map { [ $_ - 1, $_ ] } 2 .. 250),
	stacks => tsv([qw(stack calls total_ns)], [ join(';', map { "f$_" } 1 .. 1000), 3, 1000 ], [ 'f1', 1, 500 ]));
($html, $err, $status) = run("sp-report $chain");
is $status, 0, 'a chain of processes and a deep stack' or diag $err;
check_page($html, 'a chain of processes');
is join(' ', $html =~ m{<th scope="row" class="i\d">process (\d+) }g), join(' ', 1 .. 250), 'each below its parent';
like $html, qr{<title>f1: 1\.50 us, 100\.0 %, 4 calls</title>}, 'the outermost frame has all';
like $html, qr{<title>f2: 1\.00 us, 66\.7 %, 3 calls</title>}, 'the next one its part';
like $html, qr{smaller or deeper frames are not drawn}, 'the inner ones are counted';

my $wide = folder('wide', stacks => tsv([qw(stack calls total_ns)], map { my $at = $_; [ join(';', map { "$at.$_" } 1 .. 190), 1, '9223372036854775807' ] } 1 .. 5));
($html, $err, $status) = run("timeout 60 sp-report $wide");
is $status, 0, 'more frames than can be drawn, each with as much time as can be counted' or diag $err;
is scalar(() = $html =~ m{<svg class="f}g), 1, 'none but the outermost is';
like $html, qr{950 smaller or deeper frames are not drawn}, 'the others are counted';

my ($raw) = run('sp-report ' . folder('raw', fds => tsv([qw(start_ns pid open file)], [ 1000, 7, 3, "a\x01" ])));
like $raw, qr{"fds":\{[^\]]*"values":\[3\]}, 'descriptors of a process whose trace has a control byte in its name';

my ($unnamed) = run('sp-report ' . folder('unnamed', threads => tsv([qw(pid tid comm calls errors total_ns)], [ 7, 7, 'sh', 2, 0, 9 ], [ 7, 7, '', 1, 0, 5 ])));
is join(', ', map { s/\s*<[^>]*>\s*/ /gr =~ s/ +$//r } $unnamed =~ m{<th scope="row" class="i\d">(.*?)</th>}g), 'process 7 sh, as sh, without a name', 'a process under two names, one of them unknown';

# ---- numbers of any size ----

my @extreme = ('9223372036854775807', '-9223372036854775808', '-1', '0', '1');
my %extreme = map { my ($head, $row) = split /\n/, $all{$_};
	my @text = map { /^(?:name|value|syscall|category|path|pattern|comm|errno|stack|severity|rule|subject|evidence|fix)$/ } split /\t/, $head;
	my @cells = split /\t/, $row;
	$_ => "$head\n" . join '', map { my $number = $_; join("\t", map { $text[$_] ? $cells[$_] : $number } 0 .. $#text) . "\n" } @extreme
} keys %all;
$extreme{summary} = tsv([qw(name value)], map { [ $_, $extreme[0] ] } qw(first_ns last_ns wall_ns calls errors total_ns));
my $edge = folder('extreme', %extreme);
($html, $err, $status) = run("sp-report $edge");
ok $status <= 2 && $err !~ /Sanitizer|runtime error/, 'numbers at the edge' or diag $err;
unlike check_page($html, 'numbers at the edge'), qr/\bnan\b|\binf\b/, 'numbers at the edge: no odd number';
($html, $err, $status) = run("sp-report $edge $tmp/evil && sp-report -o md $edge && sp-report -o md $tmp/evil $edge");
ok $status <= 2 && $err !~ /Sanitizer|runtime error/, 'numbers at the edge, compared' or diag $err;

# ---- totals ----

my @calls = ([ 'read', 100, 1000 ], [ 'poll', 4, 5000 ]);
my @plain = map { (run('sp-report -o md ' . folder('same', syscalls => tsv([qw(syscall calls total_ns)], @$_))))[0] }
    [@calls], [ @calls, [ 'total', 104, 6000 ], [ 'waiting', 4, 5000 ], [ 'active', 100, 1000 ] ];
is $plain[1], $plain[0], 'what sp-stats --total adds is no row';
is +(run('sp-report -o md ' . folder('top', syscalls => tsv([qw(syscall calls total_ns)], @calls, [ 'total', 204, 7000 ], [ 'waiting', 4, 5000 ], [ 'active', 200, 2000 ]))))[0] =~ s/ top$/ same/mr,
    $plain[0], 'with --top, too';
is +(run('sp-report ' . folder('same', stacks => tsv([qw(stack calls total_ns)], [ 'a;b', 2, 10 ], [ 'total', 2, 10 ]))))[0],
    (run('sp-report ' . folder('same', stacks => tsv([qw(stack calls total_ns)], [ 'a;b', 2, 10 ]))))[0], 'nor is it a stack';
like +(run('sp-report -o md ' . folder('own', syscalls => tsv([qw(syscall calls total_ns)], @calls, [ 'total', 7, 6000 ]))))[0],
    qr/^\| total \| 7 \|/m, 'another one of that name is';

# ---- two runs ----

my $before = folder('before', syscalls => tsv([qw(syscall calls total_ns p99_ns)], [ 'read', 100, 1000, 10 ], [ 'open', 4, 50, 9 ]),
	findings => tsv([qw(severity rule subject)], [qw(high both all)], [qw(low first all)]));
my $after = folder('after', syscalls => tsv([qw(syscall calls total_ns p99_ns)], [ 'read', 150, 500, 10 ], [ 'write', 9, 70, 7 ]),
	findings => tsv([qw(severity rule subject)], [qw(high both all)], [qw(info second all)]));
($html) = run("sp-report $before $after");
my $text = check_page($html, 'two runs');
like $text, qr/before and after/, 'two runs: the title';
my @changes = map { [ m{class="t">(\w+)</th>}, m{<td class="d[^>]*>([^<]*)</td>}g ] } $html =~ m{(<tr><th scope="row" class="t">.*?</tr>)}g;
is_deeply \@changes, [ [ 'read', '+50.0 %', '-50.0 %', '+0.0 %' ], [ 'write', 'new', 'new', 'new' ], [ 'open', 'gone', 'gone', 'gone' ] ],
    'two runs: the largest difference first';
is join(' ', $html =~ m{</span> (\w+) <span class="subject">all</span> <span class="badge">only here}g), 'first second',
    'two runs: findings of one alone';

my $untimed = folder('untimed', syscalls => tsv([qw(syscall calls total_ns p99_ns)], [ 'read', 150, '', '' ]));
for my $form ('html', 'md') {
	my ($out) = run("sp-report -o $form $before $untimed");
	my ($read) = $form eq 'md' ? $out =~ /^(\| read .*)/m : $out =~ m{(<tr><th scope="row" class="t">read</th>.*?</tr>)};
	ok $read =~ /\+50\.0 %/ && $read !~ /gone/, "two runs: times that one does not know are not gone ($form)" or diag $read;
}

# ---- folders that are none ----

for (['/nonexistent/folder', qr{/nonexistent/folder}], [ "$root/README.md", qr{README\.md} ]) {
	my ($dir, $name) = @$_;
	my ($out, $why, $how) = run("sp-report $dir");
	ok $how == 2 && $out eq '' && $why =~ /^sp-report: .*$name/, "$dir is no folder" or diag "$how $why";
}
(my $out, $err, $status) = run("sp-report -o md $long >/dev/full");
ok $status == 2 && $err =~ /No space left/, 'a full disk' or diag "$status $err";
(undef, $err, $status) = run('sp-report ' . folder('bad', syscalls => "syscall\tcalls\nread\tmany\nwrite\t3\n"));
ok $status == 2 && $err =~ /syscalls\.tsv:2:6: .*not a number: many/, 'a bad number' or diag "$status $err";
($out, $err, $status) = run("sp-report " . folder('binary', map { $_ => read_file("$build/sp-report") } keys %all));
ok $status <= 2 && $err !~ /Sanitizer|runtime error/, 'bytes that are no tables' or diag $err;
check_page($out, 'bytes that are no tables') if $out ne '';
done_testing;
