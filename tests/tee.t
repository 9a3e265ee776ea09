#!/usr/bin/perl
# tee: sp-tee gives everybody everything, however fast they read, and says who failed.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# More than all pipes hold, and no two blocks alike.
my $text = join '', map { "$_ " . ($_ * 7919 % 1000003) . "\n" } 1 .. 400_000;
my $file = write_file("$tmp/text", $text);
my ($sum) = run("md5sum <$file");

my %ways = (
	'pipes' => "cat $file | sp-tee -c 'md5sum >$tmp/1' -c 'sleep 0.3; md5sum >$tmp/2' -c '{ head -c 1000000; sleep 0.2; cat; } | md5sum >$tmp/3' | md5sum",
	'a file' => "sp-tee -c 'md5sum >$tmp/1' -c 'sleep 0.3; md5sum >$tmp/2' -c 'cat | md5sum >$tmp/3' $file | md5sum",
	'pipes into a file' => "cat $file | sp-tee -c 'md5sum >$tmp/1' -c 'md5sum >$tmp/2' -c 'md5sum >$tmp/3' >$tmp/copied; md5sum <$tmp/copied",
	'one byte at first' => "{ head -c 1; sleep 0.1; cat; } <$file | sp-tee -c 'md5sum >$tmp/1' -c 'md5sum >$tmp/2' -c 'md5sum >$tmp/3' | md5sum",
);
for my $way (sort keys %ways) {
	my ($out, $err, $status) = run($ways{$way});
	is $out, $sum, "$way: standard output has everything" or diag $err;
	is read_file("$tmp/$_"), $sum, "$way: command $_ has everything" for 1 .. 3;
}
my ($out, $err, $status) = run("sp-tee $file $file | wc -c");
is $out, 2 * length($text) . "\n", 'two files, one after the other';

($out, $err, $status) = run("cat $file | sp-tee -c 'head -c 10 >/dev/null' -c 'md5sum >$tmp/1' | md5sum");
is $out, $sum, 'one that stops reading does not stop the others';
is read_file("$tmp/1"), $sum, 'none of them';

my @statuses = (['true', 0], ['exit 1', 1], ['exit 2', 2], ['exit 77', 2], ['kill -9 $$', 2], ['/nonexistent/command', 2]);
for (@statuses) {
	my ($command, $expected) = @$_;
	($out, $err, $status) = run("cat $file | sp-tee -c 'cat >/dev/null' -c '$command' | md5sum");
	is $status, $expected, "a command: $command" or diag $err;
	is $out, $sum, 'and all is passed on';
	like $err, qr/^sp-tee: .*\Q$command\E/m, 'it is named' if $expected;
}
# The command waits for what the reader of standard output does at its end.
my $wait = "exec >/dev/null; cat; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do test -e $tmp/end && exit 0; sleep 0.2; done; exit 1";
($out, $err, $status) = run("cat $file | sp-tee -c '$wait' | { cat >/dev/null; touch $tmp/end; }");
is $status, 0, 'standard output ends before commands are waited for' or diag $err;

# A full disk, and no standard output at all, are no reason for the others to get less.
for (["sp-tee -c 'sleep 0.2; md5sum >$tmp/1' $file >/dev/full", 'No space left'], ["cat $file | sp-tee -c 'sleep 0.2; md5sum >$tmp/1' >/dev/full", 'No space left'],
	["sp-tee -c 'sleep 0.2; md5sum >$tmp/1' $file >&-", 'Bad file descriptor']) {
	my ($command, $why) = @$_;
	unlink "$tmp/1";
	($out, $err, $status) = run($command);
	ok $status == 2 && $err =~ /cannot write: standard output: $why/, "$command: told" =~ s/\Q$tmp\E//gr or diag "status $status: $err";
	ok -e "$tmp/1" && read_file("$tmp/1") eq $sum, 'and the command has everything, and was waited for';
}
($out, $err, $status) = run("sp-tee -c 'md5sum >$tmp/1' $file <&- | md5sum");
is $out . read_file("$tmp/1"), $sum . $sum, 'without standard input a command has everything' or diag $err;

# Standard input that does not block and has pauses, where standard output is no pipe.
my $pauses = 'pipe R, W; if (!fork) { open STDIN, "<&R"; fcntl STDIN, F_SETFL, O_NONBLOCK; close R; close W; exec @ARGV } close R; while (sysread STDIN, $b, 1e6) { syswrite W, $b; select undef, undef, undef, 0.01 } close W; wait';
($out, $err, $status) = run("timeout 60 perl -MFcntl -e '$pauses' sp-tee -c 'md5sum >$tmp/1' <$file >$tmp/copied");
($out) = run("md5sum <$tmp/copied");
is $out . read_file("$tmp/1"), $sum . $sum, 'standard input that does not block is read to its end' or diag $err;

# Standard output that does not block, as the terminals and pipes of some programs.
my $slowly = 'pipe R, W; if (!fork) { open STDOUT, ">&", \\*W; fcntl STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK; close R; close W; exec @ARGV } close W; sleep 1; print while <R>';
($out, $err, $status) = run("perl -MFcntl -e '$slowly' sp-tee -c 'md5sum >$tmp/1' $file | md5sum");
is $out . $err, $sum, 'standard output that does not block has everything';

($out, $err, $status) = run("{ cat $file | sp-tee -c 'md5sum >$tmp/1'; echo \$? >$tmp/status; } | head -c 10");
is read_file("$tmp/status"), "141\n", 'without a reader of standard output it ends by SIGPIPE';
is read_file("$tmp/1"), $sum, 'after the commands have had everything';
done_testing;
