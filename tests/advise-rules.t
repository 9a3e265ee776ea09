#!/usr/bin/perl
# advise-rules: files of rules: what may be written in them, which one counts, how findings are put in order
# and shown, when a gate fails, and where what is wrong stands.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

sub rules { return write_file("$tmp/rules.yaml", $_[0]) }

# ---- a table without columns; unknown columns ----

my ($out, $err, $status) = run('sp-advise --no-default-rules --rules testdata/sp-advise/measures.yaml', stdin => "syscall\tdur_ns\nread\t5\n");
is $status, 0, 'a table of two columns';
like $err, qr/columns are missing.*: declared followed paired\n/s, 'rules that see nothing are named';
rules("rules: [{id: c, title: t, severity: low, columns: [color], scope: color, where: 'weight > 3', text: '{calls}'}]\n");
($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml", stdin => '');
ok $status == 2 && $err =~ /there is no column weight/, 'a column that is not declared';
rules("rules: [{id: c, title: t, severity: low, columns: [color, weight], scope: color, where: 'weight > 3', text: '{calls}'}]\n");
($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml | cut -f3,4", stdin => "dur_ns\tcolor\tweight\n5\tred\t4\n6\tblue\t2\n");
is $out, "subject\tcalls\nred\t1\n", 'one that is';

# ---- the order of findings, severities ----

rules(<<'END');
rules:
  - {id: b, title: t, severity: {critical: 'calls >= 4', medium: 'calls >= 2'}, scope: path, text: '{calls}', saves: {time: 'total * 9', calls: 'calls - 1'}}
  - {id: a, title: t, severity: info, when: 'total > 1s', text: never}
  - {id: z, title: t, severity: low, text: '{calls}'}
END
my $few = "start_ns\tdur_ns\ttid\tkind\tsyscall\tpath\n" . join '', map { ("0\t" . 10 * $_ . "\t7\tcall\tread\t/$_\n") x $_ } 1 .. 4;
($out) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml | cut -f1-5,8,9", stdin => $few);
is $out, <<'END', 'by severity, then by what is saved, which is never more than there was';
severity	rule	subject	calls	total_ns	saves_ns	saves_calls
critical	b	/4	4	160	160	3
medium	b	/3	3	90	90	2
medium	b	/2	2	40	40	1
low	z	all	10	300		
END
for my $gate (qw(critical high info)) {
	($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --fail-on $gate", stdin => $few);
	is $status, 1, "--fail-on $gate";
	like $err, qr/gate failed: \d finding/, 'says why';
}
($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --fail-on high --skip b", stdin => $few);
is $status, 0, 'without the rule there is nothing as bad';
($out) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --top 2 -o json", stdin => $few);
is scalar(() = $out =~ /^\{"severity":/mg), 2, '--top, JSON';
($out, $err) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --each 1 -o md", stdin => $few);
like $out, qr/^\| severity \| rule .*\n\|---.*\n\| critical \| b .*\n\| low \| z /, '--each, Markdown';
like $err, qr/2 more findings are not shown/, 'what is left out is said';
($out) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml -o tap --fail-on high", stdin => $few);
is $out, <<'END', 'TAP';
TAP version 13
1..3
not ok 1 - b: t
# critical: /4: 4 (00:00:00 read 40 ns tid 7, 00:00:00 read 40 ns tid 7, 00:00:00 read 40 ns tid 7)
# medium: /3: 3 (00:00:00 read 30 ns tid 7, 00:00:00 read 30 ns tid 7, 00:00:00 read 30 ns tid 7)
# medium: /2: 2 (00:00:00 read 20 ns tid 7, 00:00:00 read 20 ns tid 7)
ok 2 - a: t
ok 3 - z: t
# low: all: 10 (00:00:00 read 40 ns tid 7, 00:00:00 read 40 ns tid 7, 00:00:00 read 40 ns tid 7)
END

# ---- files of rules ----

write_file("$tmp/one.yaml", "rules:\n  - {id: x, title: one, severity: low, text: '{calls} once'}\n  - {id: y, title: two, severity: high, text: '{calls}'}\n");
write_file("$tmp/two.yaml", "rules:\n  - {id: x, severity: high}\n  - {id: y, severity: off}\n  - {id: w, title: three, severity: info, text: '{calls}'}\n");
mkdir "$tmp/config";
mkdir "$tmp/config/sp";
write_file("$tmp/config/sp/advice.yaml", "rules: [{id: own, title: own, severity: info, text: '{calls}'}]\n");
($out) = run("sp-advise --no-default-rules --rules $tmp/one.yaml --rules $tmp/two.yaml", stdin => $few);
is $out =~ s/\t.*//gr, "severity\nhigh\ninfo\n", 'a later file adds, changes and turns off';
like $out, qr/^high\tx\tall.*10 once/m, 'and keeps what it does not name';
($out) = run("XDG_CONFIG_HOME=$tmp/config sp-advise --list | grep -c '^own'");
is $out, "1\n", "the user's own file";
($out) = run("XDG_CONFIG_HOME=$tmp/config sp-advise --no-default-rules --list");
is $out, "rule\tseverity\tscope\tfollows\ttitle\n", '--no-default-rules';
($out) = run("sp-advise --no-default-rules --rules $tmp/one.yaml --rules $tmp/two.yaml --explain x");
is $out, "id: x\ntitle: one\nseverity: high\ntext: {calls} once\nfile: $tmp/two.yaml\n", '--explain';
($out) = run("sp-advise --list -o tsv | cut -f 1,4 | grep -E '^(sync-open|seek-then-read|stat-then-open|slow-flush)\t'");
is $out, "slow-flush\t\nsync-open\tfd\nseek-then-read\tfd\nstat-then-open\tfd\n", 'which rules follow descriptors';
write_file("$tmp/kinds.yaml", "rules:\n" . join '', map { "  - {id: kind-$_, title: t, severity: low, where: 'kind == \"$_\"', text: '{calls}'}\n" } '', 'call');
for my $kinds ([ '', 'call', '' ], [ 'call', '', '', 'none' ]) {
	($out) = run("sp-advise --no-default-rules --rules $tmp/kinds.yaml | cut -f 2,6", stdin => "kind\tsyscall\n" . join '', map { "$_\tread\n" } @$kinds);
	is $out, "rule\tevidence\nkind-\t2\nkind-call\t1\n", 'a call without a kind is none of the kind call: ' . join ',', @$kinds;
}
my ($example) = read_file("$root/filters/sp-advise/sp-advise-rules.5") =~ /^\.Sh EXAMPLES\n.*\n\.Bd -literal\n(.*?)^\.Ed/ms;
rules($example);
($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml --list");
ok $status == 0 && $out =~ tr/\n// == 8, "the manual's example of each kind is right" or diag $err;

my $base = "title: t, severity: low, text: x";
my %wrong = (
	"id: a, $base, sverity: low" => [ 53, 'a rule has no key sverity; the nearest is severity' ],
	"id: a, $base, when: 'shar > 1'" => [ 60, 'there is no measure shar; the nearest is share' ],
	"id: a, $base, where: 'syscal == 1'" => [ 61, 'there is no column syscal; the nearest is syscall' ],
	"id: a, $base, where: 'dur > '" => [ 67, 'the expression ends too early' ],
	"id: a, $base, calls: reed" => [ 60, 'there is no system call reed; the nearest is read' ],
	"id: a, $base, scope: 'comm,pth'" => [ 66, 'there is no column pth; the nearest is path' ],
	"id: a, $base, measures: {n: {cont: all}}" => [ 68, 'a measure has no key cont; the nearest is count' ],
	"id: a, $base, measures: {n: {count: all, sum: dur}}" => [ 80, 'a measure is one of count and sum' ],
	"id: a, $base, measures: {calls: {count: all}}" => [ 64, 'there is a measure calls already' ],
	"id: a, $base, measures: {n: {most: all}}" => [ 64, '`most` goes with `every`' ],
	"id: a, $base, sequence: {steps: [read]}" => [ 64, 'a sequence has 2 to 8 steps' ],
	"id: a, $base, sequence: {steps: [read, {calls: write, many: yes}]}" => [ 93, 'the last step' ],
	"id: a, $base, pairs: {open: open}" => [ 53, 'pairs need open and close' ],
	"id: a, $base, saves: {tme: 1}" => [ 61, 'saves has no key tme; the nearest is time' ],
	"id: a, $base, kind: calls" => [ 53, 'a kind is call' ],
	"id: A, $base" => [ 12, 'an id is lower-case' ],
	"id: a, title: t, severity: hgh, text: x" => [ 29, 'a severity is critical' ],
	"id: a, title: t, severity: low, text: '{cals}'" => [ 52, 'there is no measure cals; the nearest is calls' ],
	"id: a, title: t, severity: low, text: '{calls'" => [ 51, 'this brace is never closed' ],
	"id: a, title: t, severity: low, text: '{calls | ms}'" => [ 58, 'a value is shown as' ],
	"id: a, title: t, severity: low" => [ 11, 'the rule a has no text' ],
	"$base" => [ 11, 'a rule needs an id' ],
);
for my $rule (sort keys %wrong) {
	my ($column, $message) = @{ $wrong{$rule} };
	rules("# rules\nrules:\n        - {$rule}\n");
	my ($out, $err, $status) = run("sp-advise --no-default-rules --rules $tmp/rules.yaml", stdin => '');
	my ($at, $caret) = $err =~ /rules\.yaml:3:(\d+):.*\n.*\n( *)\^\n\z/;
	ok $status == 2 && $out eq '' && $err =~ /\Q$message/, $message or diag $err;
	ok defined $at && length($caret) >= 4, "$message: its place" or diag $err;
	is $at, $column, "$message: column";
}

done_testing;
