#!/usr/bin/perl
# compare: what sp-compare says of a planted pair of programs, and of folders of pairs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my ($out, $err, $status);

# ---- the planted pair ----

(undef, $err, $status) = run("$root/tests/compare-pair $tmp");
is $status, 0, 'the planted pair is made' or diag $err;
($out, $err, $status) = run("sp-compare $tmp/rust_put.strace $tmp/cpp_put.strace");
is $status, 0, 'sp-compare succeeds' or diag $err;
for my $line (
	'total\s+104\s+1,716\s+1,612\s+1550.00', 'file_ops\s+23\s+58\s+35\s+152.17', 'memory\s+47\s+37\s+-10\s+-21.28',
	'write_ops\s+6\s+396\s+390\s+6500.00', 'read_ops\s+11\s+397\s+386\s+3509.09', 'seek_ops\s+new\s+0\s+779\s+779',
	'other\s+17\s+49\s+32\s+188.24', 'zero writes\s+new\s+0\s+353\s+353\s+0.00\s+89.14',
	'data writes\s+6\s+43\s+37', 'small writes\s+2\s+21',
) {
	like $out, qr/^$line/m, "sp-compare says: $line";
}
like $out, qr/^zero writes seen in part\s+new\s+0\s+353/m, 'and that these zeros are cut';
like $out, qr/^lines_a +lines_b +common +similarity\n +1,718 +106 +80 +0\.087719$/m, 'and how alike they are: 2 * 80 / (1718 + 106)';

# ---- sp-compare on folders ----

run("mkdir -p $tmp/pairs; for n in a b; do cp $tmp/rust_put.strace $tmp/pairs/rust_\$n.strace; cp $tmp/cpp_put.strace $tmp/pairs/cpp_\$n.strace; done; cp $tmp/rust_put.strace $tmp/pairs/rust_c.strace");
($out, $err, $status) = run("sp-compare --pairs 'rust_*.strace' 'cpp_*.strace' -d $tmp/results", dir => "$tmp/pairs");
is $status, 0, 'sp-compare --pairs' or diag $err;
like $out . $err, qr/rust_c\.strace/, 'an unpaired file is named';
ok -s "$tmp/results/$_", "it writes $_" for map { ("$_/summary.txt", "$_/rust.txt", "$_/cpp.txt", "$_/diff", "$_/seek_ops.diff") } qw(a b);
# More loops than a pipe holds.
write_file("$tmp/loops.strace", join '', map { ("lseek(3, $_, SEEK_SET) = $_\n", ("getppid() = $_\n") x 3) } 1 .. 6000);
($out, $err, $status) = run("sp-compare -n 2 $tmp/loops.strace $tmp/cpp_put.strace");
ok $status == 0 && $out =~ /^Loops of loops\n(.* x 3.*\n){2}\n/m, 'sp-compare shows the first of many loops' or diag "exit $status", $out, $err;
# Names with blanks, and a folder whose name looks like an assignment of awk.
run("mkdir -p '$tmp/odd pairs'; cp $tmp/rust_put.strace '$tmp/odd pairs/my rust a.log'; cp $tmp/cpp_put.strace '$tmp/odd pairs/cpp a.log'");
($out, $err, $status) = run("sp-compare --pairs 'my rust *.log' 'cpp *.log' -d a=b", dir => "$tmp/odd pairs");
ok $status == 0 && $err eq '' && $out =~ /^a +[1-9]/m, 'names with blanks are paired' or diag $out . $err;
# The folder may be anybody's.
run("mkdir $tmp/full; touch $tmp/full/.bashrc $tmp/full/.aws $tmp/full/.names");
run("sp-compare -d $tmp/full $tmp/rust_put.strace $tmp/cpp_put.strace");
is join(' ', map { m{([^/]+)$} } glob "$tmp/full/.[a-z]*"), '.aws .bashrc .names', 'hidden files of the folder stay, none is added';
# A run called like the file that the summary goes into, and a folder with a backslash.
my ($alike) = (run("sp-compare -l r,c $tmp/rust_put.strace $tmp/cpp_put.strace"))[0] =~ /^(lines_a.*\n.*)/m;
run("cp $tmp/rust_put.strace $tmp/summary.log");
($out, $err, $status) = run("sp-compare -d '$tmp/back\\tslash' $tmp/summary.log $tmp/cpp_put.strace");
ok $status == 0 && index($out, $alike) >= 0 && -s "$tmp/back\\tslash/summary_.txt", 'a run called summary' or diag "status $status: $err";
# Event tables of any columns, compressed as they are, and through pipes.
my ($summary) = run("sp-compare -l r,c $tmp/rust_put.strace $tmp/cpp_put.strace | sed 1d");
run("sp-parse -q -c syscall,start_ns,dur_ns,pid,tid,kind,ret,errno,fd,bytes,path,args $tmp/rust_put.strace | zstd -q >$tmp/rust_put.tsv.zst");
($out, $err, $status) = run("sp-compare -l r,c $tmp/rust_put.tsv.zst <(cat $tmp/cpp_put.strace) | sed 1d");
ok $out eq $summary && length $out, 'a compressed table and a pipe' or diag unified_diff($summary, $out . $err);
for my $full ("-d /dev/null/x $tmp/rust_put.strace $tmp/cpp_put.strace", "$tmp/rust_put.strace $tmp/cpp_put.strace >/dev/full") {
	($out, $err, $status) = run("sp-compare $full");
	is $status, 2, "sp-compare $full: what cannot be written is no answer";
}
for my $bad ("$tmp/nonesuch $tmp/cpp_put.strace", "-l a/b,c $tmp/rust_put.strace $tmp/cpp_put.strace", "-r 's/(/x/' $tmp/rust_put.strace $tmp/cpp_put.strace", "/dev/null /dev/null") {
	($out, $err, $status) = run("sp-compare $bad");
	ok $status == 2 && $err =~ /^sp-\w+: /m, "sp-compare $bad is refused" or diag $out . $err;
}
done_testing;
