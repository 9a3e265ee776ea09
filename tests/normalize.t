#!/usr/bin/perl
# normalize: what sp-normalize promises: names that stay the same, folded loops, that normalising twice is
# normalising once, and the same text for two runs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

my ($out, $err, $status);
run("$root/tests/compare-pair $tmp");

# ---- names ----

sub text {
	my ($options, @rows) = @_;
	my $input = "start_ns\tdur_ns\tpid\ttid\tkind\tsyscall\tret\terrno\tfd\tpath\tnote\targs\n" . join '', map { "$_\n" } @rows;
	my ($text, $errors, $exit) = run("sp-normalize --text $options", stdin => $input);
	diag $errors if $exit;
	return $text;
}
sub call { my ($tid, $call, $ret, $args, %with) = @_;
	return join "\t", $with{start} // '', $with{dur} // '', $with{pid} // $tid, $tid, 'call', $call, $ret, $with{errno} // '',
	    $with{fd} // '', $with{path} // '', '', $args }
my $base = 0x7f12 << 32;
is text('', call(5, 'mmap', $base, '(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0)'),
	call(5, 'mprotect', 0, sprintf('(0x%x, 4096, PROT_READ)', $base + 4096)),
	call(5, 'munmap', 0, sprintf('(0x%x, 8192)', $base)),
	call(5, 'mmap', $base, '(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0)')),
	"=== 1\nmmap(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0) = ADDR1\nmprotect(ADDR1+0x1000, 4096, PROT_READ) = 0\n"
	. "munmap(ADDR1, 8192) = 0\nmmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = ADDR2\n",
	'addresses: offsets in a mapping; what is mapped anew is another thing';
is text('', call(5, 'openat', 7, '(AT_FDCWD, "/a", O_RDONLY)', fd => 7), call(5, 'close', 0, '(7)', fd => 7),
	call(5, 'openat', 7, '(AT_FDCWD, "/b", O_RDONLY)', fd => 7), call(5, 'dup2', 1, '(7, 1)', fd => 1), call(5, 'write', 1, '(1, "x", 1)', fd => 1)),
	"=== 1\nopenat(AT_FDCWD, \"/a\", O_RDONLY) = FD3\nclose(FD3) = 0\nopenat(AT_FDCWD, \"/b\", O_RDONLY) = FD4\n"
	. "dup2(FD4, 1) = 1\nwrite(1, \"x\", 1) = 1\n", 'descriptors: a number opened again is another one, 0 to 2 stay';
is text('', call(50, 'fork', 70, '()'), call(70, 'getpid', 70, '()'), call(50, 'fork', 61, '()'), call(61, 'kill', 0, '(50, SIGTERM)'),
	call(50, 'wait4', 61, '(-1, NULL, 0, NULL)')),
	"=== 1\nfork() = PID2\nfork() = PID3\nwait4(-1, NULL, 0, NULL) = PID3\n\n=== 1.1\ngetpid() = PID2\n\n=== 1.2\nkill(PID1, SIGTERM) = 0\n",
	'processes: by lineage';
# A child that ends at once interrupts the fork that made it; what write returned is no process.
is text('', call(50, 'fork', 70, '()'), call(50, 'rt_sigreturn', 70, '({mask=[]})'), call(50, 'rt_sigreturn', 80, '({mask=[]})'), call(70, 'getpid', 70, '()')),
	"=== 1\nfork() = PID2\nrt_sigreturn({mask=[]}) = 2\nrt_sigreturn({mask=[]}) = 80\n\n=== 1.1\ngetpid() = PID2\n", 'processes: behind a handler';
# A number is opened by one thread before the close by another one returns.
is text('', call(1, 'openat', 4, '("/a")', fd => 4, start => 100, dur => 10), call(2, 'openat', 4, '("/b")', pid => 1, fd => 4, start => 225, dur => 10),
	call(1, 'close', 0, '(4)', fd => 4, start => 220, dur => 30), call(2, 'close', 0, '(4)', pid => 1, fd => 4, start => 300, dur => 5)),
	"=== 1\nopenat(\"/a\") = FD3\nclose(FD3) = 0\n\n=== 2\nopenat(\"/b\") = FD4\nclose(FD4) = 0\n", 'threads: a close is of what was open when it began';
like text('', call(5, 'openat', 3, '(AT_FDCWD, "/tmp/abc.1/x", O_RDONLY)', fd => 3), call(5, 'unlink', 0, '("/home/ann/.cache/0123456789abcdef0123456789abcdef")'),
	call(5, 'openat', 3, '(AT_FDCWD, "/proc/5/maps", O_RDONLY)', fd => 3), call(5, 'connect', 0, '(3, {sin_port=htons(80)}, 16)', fd => 3),
	call(5, 'getsockname', 0, '(3, {sin_port=htons(51234)}, 16)', fd => 3)),
	qr{/tmp/TMP1/x.*/home/USER/\.cache/HASH1.*/proc/PID1/maps.*htons\(80\).*htons\(PORT1\)}s, 'temporary names, users, hashes, processes, ports';
like text('', call(5, 'read', 1024, '(3</proc/5/maps>, "55d8a47ec000-55d8a4800000 r--p 0"..., 1024)', fd => 3),
	call(5, 'read', 3, '(4</proc/5/maps.txt>, "abc", 1024)', fd => 4)), qr{\Q/proc/PID1/maps>, "SYSTEM", 1024) = 1024\E.*"abc"}s,
	'what /proc tells of memory';
like text("--rule 's/rust\\.ms|cpp\\.ms/TABLE.ms/'", call(5, 'unlink', 0, '("rust.ms")')), qr/unlink\("TABLE\.ms"\)/, '--rule';
like text("--rule 's/(a+)(b)/\$2\\1/'", call(5, 'unlink', 0, '("aab")')), qr/unlink\("baa"\)/, '--rule with groups';
($out, $err, $status) = run("sp-normalize --rule 's/a(/b/'");
ok $status == 2 && $err =~ /--rule:1:5.*parenthesis/s, 'a bad --rule is shown with its place' or diag $err;
write_file("$tmp/rules.yaml", "rules:\n  - name: X\n    match: '['\n");
($out, $err, $status) = run("sp-normalize --rules $tmp/rules.yaml");
ok $status == 2 && $err =~ /rules\.yaml:3:5: .*character class/, 'a bad rule in a file too' or diag $err;
write_file("$tmp/rules.yaml", "rules:\n  - id: mine\n    match: 'x(\\d+)'\n    name: X\n");
like text("--rules $tmp/rules.yaml", call(5, 'unlink', 0, '("x12-x7-x12")')), qr/"xX1-xX2-xX1"/, '--rules: the same text the same number';
like text("--keep mine --rules $tmp/rules.yaml", call(5, 'unlink', 0, '("x12")')), qr/"x12"/, '--keep';
($out, $err, $status) = run("sp-normalize --rule 's/(a|aa)+\$/x/' --text", stdin => "tid\tsyscall\targs\n1\tunlink\t(\"" . 'a' x 5000 . "b\")\n");
ok $status == 0 && $err =~ /match limit/, 'a rule that runs away is stopped, and said so';
($out, $err, $status) = run('sp-normalize --memory 1KiB', stdin => "tid\tsyscall\targs\n1\tread\t(3, \"" . 'a' x 1000 . "\", 1000)\n");
ok $status == 2 && $err =~ /--memory 1024/, 'a trace that does not fit is an error';
like text('--loops', map { (call(5, 'lseek', $_, "(4, $_, SEEK_SET)", fd => 4), call(5, 'write', 2, '(4, "\0\0", 2)', fd => 4)) } 1 .. 353),
	qr/^\(lseek, write zeros\) x 353 on FD3$/m, '--loops';
sub loops_of {
	my ($call, @sizes) = @_;
	my ($text) = run('sp-normalize --loops', stdin => "tid\tsyscall\tret\tfd\tbytes\targs\n"
		. join '', map { "5\t$call\t$_\t1\t$_\t(1, \"a\"..., 4096)\n" } @sizes);
	return $text;
}
is loops_of('write', 8, 54, 8, 8, 8, 79, 4000, 9), "=== 1\n(write 8-4000 data) x 8 on FD1\n", 'another size each time is a loop, too';
unlike loops_of('write', 8, 54, 5, 6, 8, 79, 4000), qr/ x /, 'seven of them are not';
is loops_of('write', (4096) x 5, 100, 7), "=== 1\n(write 4096 data) x 5 on FD1\nwrite(1, \"a\"..., 4096) = 100\nwrite(1, \"a\"..., 4096) = 7\n",
	'most of one size are told apart from the rest';
is loops_of('read', 5, 7, 3, 9, 2, 4, 6, 1, 0), "=== 1\n(read 1-9) x 8 on FD1\nread(1, \"a\"..., 4096) = 0\n", 'the end of a file is no other size';

# The text of perf trace, of perf script and of bpftrace.
like text('', call(5, 'openat', 3, '(dfd: CWD, filename: 0xa821d0b1, flags: RDONLY)', fd => 3), call(5, 'mmap', 140213551161344, '(len: 48699, prot: READ, flags: PRIVATE, fd: 3)', fd => 3),
	call(5, 'access', -1, '(filename: 0xa821d0b1, mode: R)', errno => 'ENOENT')),
	qr/^openat\(dfd: CWD, filename: ADDR(\d+), flags: RDONLY\) = FD3\nmmap\(len: 48699, prot: READ, flags: PRIVATE, fd: FD3\) = ADDR\d+\naccess\(filename: ADDR\1, mode: R\)/m, 'arguments with their names, and halves of pointers';
like text('', call(5, 'openat', 3, '(0xffffff9c, 0x7f85a821d0b1, 0x80000, 0)', fd => 3), call(5, 'read', 832, '(0x3, 0x7ffeb9a72688, 0x340)', fd => 3)),
	qr/^openat\(0xffffff9c, ADDR\d+, 0x80000, 0\) = FD3\nread\(FD3, ADDR\d+, 0x340\) = 832$/m, 'bare numbers';

# ---- laws ----

{
	for my $trace ("$root/testdata/demo/orders.log", "$tmp/rust_put.strace") {
		my ($once) = run("sp-parse -q $trace | sp-normalize");
		my ($twice) = run("sp-parse -q $trace | sp-normalize | sp-normalize");
		ok $once eq $twice, "normalised twice is normalised once: $trace" or diag unified_diff($once, $twice);
		my ($direct) = run("sp-parse -q $trace | sp-normalize --text");
		my ($later) = run("sp-parse -q $trace | sp-normalize | sp-normalize --text");
		ok $direct eq $later, "the text of normalised events is the same: $trace" or diag unified_diff($direct, $later);
		($once) = run("sp-parse -q $trace | sp-normalize --fold startup 2>/dev/null");
		($twice) = run("sp-parse -q $trace | sp-normalize --fold startup | sp-normalize --fold startup 2>/dev/null");
		ok $once eq $twice, "and folded: $trace" or diag unified_diff($once, $twice);
	}
}

# ---- live ----

SKIP: {
	my (undef, undef, $can) = run('strace -o /dev/null true');
	skip 'strace may not trace here', 1 if $can;
	($out, $err, $status) = run("scripts/check-normalize --short");
	is $status, 0, 'two runs of the same program give the same text' or diag $out . $err;
}

done_testing;
