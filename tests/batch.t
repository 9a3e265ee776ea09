#!/usr/bin/perl
# batch: what sp-batch promises, on a small archive: totals, damage, kills, two hosts (all by
# scripts/check-batch, which also does it at full size); labels, trends, names and copies, resuming
# what changed and only that, odd logs; the manual's example.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

plan skip_all => 'GNU parallel is not installed' unless have('parallel');
my ($out, $err, $status);

sub slurp_table {
	my ($header, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, read_file($_[0]);
	return map { my %row; @row{@$header} = @$_; \%row } @rows;
}

# ---- totals, kills, hosts ----

my @checks = ('--totals', '--kill');
if (have('ssh', 'ssh-keygen') && (have('sshd') || -x '/usr/sbin/sshd')) {
	push @checks, '--ssh';
} else {
	diag 'sshd is not installed: hosts are not tested';
}
($out, $err, $status) = run("$root/scripts/check-batch -n 28 -l 300 -k 3 @checks");
for my $line (split /\n/, $out) {
	ok !$1, $2 if $line =~ /^(not )?ok \d+ - (.*)/;
}
is $status, 0, 'check-batch' or diag $out, $err;

# ---- names and labels ----

my $line = '1714521600.000001 %s(3, "x", 1) = 1 <0.%06d>';
sub log_of {
	my ($name, $syscall, $us, $n) = @_;
	$name =~ m{^(.*)/} and run("mkdir -p $tmp/a/$1");
	my $text = join '', map { sprintf "$line\n", $syscall, $us } 1 .. $n // 1;
	return write_file("$tmp/a/$name", $text);
}
log_of('web1/run-2024-05-02.log', 'fsync', 30);
log_of('web1/run-20240503.log', 'fsync', 40, 3);
log_of('web2/run.log', 'read', 50);
log_of('web2/trace.4711', 'read', 60);
log_of('web2/trace.4712', 'write', 60);
run("mkfifo $tmp/a/web2/trace.4713"); # which is no log
log_of('web2/rotated', 'close', 1);
log_of('web2/rotated.1', 'close', 1);
log_of('web2/rotated.2', 'close', 2);
run("cd $tmp/a && ln web2/run.log web2/hard.log && cp web2/run.log 'web2/a copy.log' && ln -s .. web2/up && : >.hidden");
log_of("web2/packed.$_", 'lseek', 60) for 101, 102;
run("gzip $tmp/a/web2/packed.101; xz $tmp/a/web2/packed.102");
write_file("$tmp/a/web2/tab\tand\nnewline \"quoted\".log", sprintf "$line\n", 'openat', 70);
($out, $err, $status) = run("sp-batch -q -d $tmp/o --label '/(?<host>web\\d)/' --by host,syscall --trend calls:fsync --trend p99:fsync "
	. "--over date,host $tmp/a");
is $status, 0, 'all is in' or diag $err;
my %log = map { $_->{file} =~ s{^\Q$tmp\E/a/}{}r => $_ } slurp_table("$tmp/o/logs.tsv");
is join(' ', sort keys %log), join(' ', sort 'web1/run-2024-05-02.log', 'web1/run-20240503.log', 'web2/run.log', 'web2/trace', 'web2/packed',
	'web2/rotated', 'web2/rotated.1', 'web2/rotated.2', 'web2/hard.log', 'web2/a copy.log', 'web2/tab\x09and\x0anewline "quoted".log'),
	'a set is one log, rotated logs are several, names are escaped, hidden ones are left out';
is $log{"web2/$_"}{events}, 2, "all of the set $_" for qw(trace packed);
is $log{'web1/run-2024-05-02.log'}{date}, '2024-05-02', 'the date in the name';
is $log{'web1/run-20240503.log'}{date}, '2024-05-03', 'without hyphens';
is $log{'web2/trace'}{date}, '2024-05-01', 'or the one in the trace';
is $log{'web2/trace'}{host}, 'web2', 'the label';
is join(' ', sort map { $log{"web2/$_"}{state} } 'run.log', 'hard.log', 'a copy.log'), 'done done same', 'a hard link is the same log, a copy is not';
is $log{'web2/a copy.log'}{part}, $log{'web2/hard.log'}{part}, 'but its part is';
like read_file("$tmp/o/report.md"), qr/^1 log have the same content as another log/m, 'which is reported';
my %calls = map { ("$_->{host} $_->{syscall}" => $_->{calls}) } slurp_table("$tmp/o/stats.tsv");
is_deeply \%calls, { 'web1 fsync' => 4, 'web2 read' => 3, 'web2 write' => 1, 'web2 close' => 3, 'web2 openat' => 1, 'web2 lseek' => 2 }, 'calls by label';
is read_file("$tmp/o/trend.tsv"), "date\thost\tlogs\tfsync_calls\tfsync_p99_ns\n2024-05-01\tweb2\t8\t\t\n"
	. "2024-05-02\tweb1\t1\t1\t30000\n2024-05-03\tweb1\t1\t3\t40000\n", 'trends';

($out) = run("sp-parse -q --merge -c tid,syscall $tmp/a/web2/packed.101.gz $tmp/a/web2/packed.102.xz | sort");
is $out, "101\tlseek\n102\tlseek\ntid\tsyscall\n", 'the thread is in the name of compressed files, too';

# ---- going on ----

sub parts { my @parts = split /\n/, (run("ls -i $tmp/o/state/*/parts/*/*/stats"))[0]; return @parts }
my @before = parts;
($out, $err) = run("sp-batch -d $tmp/o --resume");
like $err, qr/: 0 of 11 logs to do/, 'nothing is done twice';
log_of('web1/run-2024-05-02.log', 'fdatasync', 30, 5);
log_of('web1/new.log', 'sync', 30, 5);
($out, $err) = run("sp-batch -d $tmp/o --resume");
like $err, qr/: 2 of 12 logs to do/, 'what changed and what is new is read';
%calls = map { ("$_->{host} $_->{syscall}" => $_->{calls}) } slurp_table("$tmp/o/stats.tsv");
is "@calls{'web1 fsync', 'web1 fdatasync', 'web1 sync'}", '3 5 5', 'and counted, and the old content is not';
my %inode = map { split / /, $_, 2 } parts;
is scalar(grep { $inode{ (split / /)[0] } } @before), scalar @before, 'the other parts were left alone';
run("mv $tmp/a/web2 $tmp/a/web3");
($out, $err) = run("sp-batch -d $tmp/o --resume");
is scalar(parts), keys %inode, 'a log of another name is the same part';
my $saved = read_file("$tmp/o/stats.tsv");
run("rm -r $tmp/o/state/*/parts/" . substr($log{'web2/trace'}{part}, 0, 2));
($out, $err, $status) = run("sp-batch-reduce -d $tmp/o");
ok $status == 1 && $err =~ m{web3/trace: missing: its part is gone}, 'a part that is gone is missing' or diag $err;
($out, $err, $status) = run("sp-batch -q -d $tmp/o --resume");
is read_file("$tmp/o/stats.tsv"), $saved, 'and made again';
run("rm $tmp/a/web1/new.log");
($out, $err, $status) = run("sp-batch -q -d $tmp/o --resume");
is join(' ', map { $_->{calls} } grep { $_->{syscall} eq 'sync' } slurp_table("$tmp/o/stats.tsv")), '', 'a log that is gone is not counted';

# Another engine: the plan, each log by its name, the merge.
run("cd $tmp && sp-batch -q -d $tmp/p --label '/(?<host>web\\d)/' --by host,syscall --trend calls:fsync --trend p99:fsync --over date,host --plan $tmp/a");
($out, $err, $status) = run("cut -f 4 $tmp/p/state/list | while IFS= read -r name; do printf '%b\\0' \"\$name\"; done | xargs -0 -n 1 sp-batch-map -d $tmp/p");
is $status, 0, 'sp-batch-map, log by log' or diag $err;
($out, $err, $status) = run("sp-batch-reduce -d $tmp/p");
is read_file("$tmp/p/report.md"), read_file("$tmp/o/report.md"), 'plan, map and reduce by hand: the same report';
run("sed -i 's/^\\(version:sp-parse\\) .*/\\1 sp-parse 0.0/' $tmp/p/state/*/settings");
($out, $err, $status) = run("sp-batch-map -d $tmp/p $tmp/a/web1/run-20240503.log");
ok $status == 2 && $err =~ /not here as the plan wants it/, 'other versions are refused';

# A filter that dies is no damage of the log.
run("mkdir $tmp/bin && printf '#!/bin/sh\\nkill -9 \$\$\\n' >$tmp/bin/sp-stats && chmod +x $tmp/bin/sp-stats");
run("printf '#!/bin/sh\\ncase \"\$*\" in --version) exec $build/sp-stats --version; esac\\nkill -9 \$\$\\n' >$tmp/bin/sp-stats");
run("cp $root/scripts/sp-batch-map $tmp/bin; ln -s $build/sp-parse $build/sp-fdmap $tmp/bin");
run("sp-batch -q -d $tmp/k --plan $tmp/a/web1");
($out, $err, $status) = run("$tmp/bin/sp-batch-map -d $tmp/k $tmp/a/web1/run-20240503.log");
is $status, 1, 'a filter that was killed: worth another try';
($out, $err, $status) = run("sp-batch-reduce -d $tmp/k");
like $err, qr{run-20240503.log: failed: a filter ended with status 137}, 'and until then it is missing';
like $err, qr{run-2024-05-02.log: missing: it was never finished}, 'so is one that nobody read';
($out, $err, $status) = run("sp-batch -q -d $tmp/k --resume");
is $status, 0, 'which the next run mends' or diag $err;

# What GNU parallel leaves behind when it is killed is nobody to wait for; what it had begun to read is.
my ($parallel) = run('command -v parallel');
chomp $parallel;
mkdir "$tmp/fake";
write_file("$tmp/fake/parallel", "#!/bin/sh\nsleep 300 </dev/null >/dev/null 2>&1 &\necho \$! >$tmp/left\nexec $parallel \"\$@\"\n");
chmod 0755, "$tmp/fake/parallel";
run("PATH=$tmp/fake:\$PATH sp-batch -q -d $tmp/behind $tmp/a/web1");
($out, $err, $status) = run("timeout 60 sp-batch -q -d $tmp/behind --resume");
is $status, 0, 'a run does not wait for what is no job' or diag "$status $err";
run("kill \$(cat $tmp/left)");
($out, $err, $status) = run("flock -s $tmp/behind/state/at-work sleep 1 & sleep 0.2; sp-batch -q -d $tmp/behind --resume; flock -n $tmp/behind/state/at-work true");
ok $status == 0 && $err =~ /waiting for another sp-batch at work/, 'but for a job' or diag "$status $err";

# GNU parallel that cannot begin, or takes Ctrl-C for itself, says nothing about the logs: the tables stay.
my $old = read_file("$tmp/k/report.md");
($out, $err, $status) = run("TMPDIR=$tmp/nonesuch sp-batch -q -d $tmp/k --redo --resume");
ok $status == 2 && $err =~ /^sp-batch: GNU parallel ended before all logs were read/m, 'GNU parallel that fails' or diag "$status $err";
write_file("$tmp/fake/parallel", "#!/bin/sh\nkill -INT \$PPID\nexit 255\n");
($out, $err, $status) = run("PATH=$tmp/fake:\$PATH sp-batch -q -d $tmp/k --redo --resume");
is "$status $err", '130 ', 'Ctrl-C';
is read_file("$tmp/k/report.md"), $old, 'the report of the last time is still there';

# What cannot be read: a link to nowhere, and what can be read only once.
run("ln -s nowhere $tmp/dangling; mkfifo $tmp/fifo");
($out, $err, $status) = run("sp-batch -q -d $tmp/u $tmp/dangling; timeout 60 sp-batch -q -d $tmp/u $tmp/fifo $tmp/k/report.md/x");
is $err =~ s/^sp-batch: \d.*\n//mgr, "sp-batch: $tmp/dangling: unreadable: No such file or directory\n"
	. "sp-batch: $tmp/fifo: unreadable: it is no file, and could be read only once\n"
	. "sp-batch: $tmp/k/report.md/x: unreadable: Not a directory\n", 'each with its reason';

# A name with a dash between blanks is not standard input, which may never end.
run("mkdir $tmp/dash; cp $tmp/a/web1/run-20240503.log '$tmp/dash/a - b.log'; mkfifo $tmp/never");
($out, $err, $status) = run("timeout 60 sp-batch -q -d $tmp/dash/o '$tmp/dash/a - b.log' <>$tmp/never");
ok $status == 0 && $err =~ /^sp-batch: 1 of 1 log/m, 'a name with a dash between blanks' or diag "status $status: $err";
# Letters of other languages are letters.
run("mkdir -p $tmp/sites/m\xc3\xbcnchen; cp $tmp/a/web1/run-20240503.log $tmp/sites/m\xc3\xbcnchen/1.log");
run("for i in 2 3 4 5 6 7; do seq \$i | sed 's/.*/17145216&.000001 fsync(3) = 0/' >$tmp/sites/m\xc3\xbcnchen/\$i.log; done");
run("sp-batch -q -d $tmp/sites/o --label 'sites/(?<site>\\w+).*/' --by site $tmp/sites");
is read_file("$tmp/sites/o/stats.tsv") =~ s/\t.*//mgr, "site\nm\xc3\xbcnchen\n", 'a label with an umlaut';
($out, $err, $status) = run("sp-batch -q -d $tmp/sites/o --baseline $tmp/sites/m\xc3\xbcnchen/1.log --like site");
like $err, qr/ in \d of 6 logs /, 'held against those of the same' or diag $err;

# Labels are columns beside those of the sums.
for my $label (qw(errors timed syscall path slice_ns)) {
	($out, $err, $status) = run("sp-batch -q -d $tmp/dash/o --with stats,io --label '(?<$label>\\d+)' $tmp/a/web1");
	ok $status == 2 && $err =~ /^sp-batch: --label: the tables have a column $label already/m, "a label cannot be called $label" or diag $err;
}

# Rules: those that come with sp-advise, and files that are not there, told before any log is read.
($out, $err, $status) = run("sp-batch -q -d $tmp/dash/o --with advise --rules security $tmp/a/web1");
is $status, 0, '--rules security' or diag $err;
for my $id (qw(first second)) {
	write_file("$tmp/$id.yaml", "rules: [{id: $id-rule, title: t, severity: low, calls: all, text: '{calls}'}]\n");
}
($out, $err, $status) = run("sp-batch -q -d $tmp/rules --with advise --rules $tmp/first.yaml --rules $tmp/second.yaml $tmp/a/web1");
is_deeply [ sort(read_file("$tmp/rules/findings.tsv") =~ /^low\t(\w+-rule)\t/mg) ], [qw(first-rule second-rule)],
    '--rules may be given several times' or diag $err;
for my $bad ("--with advise --rules $tmp/nonesuch/x", "--categories $tmp/nonesuch/x --by category", "--mounts $tmp/nonesuch/x --by mount", "--hosts $tmp/nonesuch/x") {
	($out, $err, $status) = run("sp-batch -q -d $tmp/dash/o $bad $tmp/a/web1");
	ok $status == 2 && $err =~ m{nonesuch/x} && $err !~ /sp-batch-map/, $bad =~ s/\Q$tmp\E//gr or diag "status $status: $err";
}

# Tables of other options are not left beside those of this time.
run("sp-batch -q -d $tmp/rules --resume --with stats --trend calls:all");
($out) = run("cd $tmp/rules && ls -d *.*");
is $out =~ tr/\n/ /r, 'logs.tsv report.html report.md stats.partial stats.tsv trend.tsv ', 'the tables that were asked for';

# Slurm that is installed and not set up, and a place that is gone.
write_file("$tmp/fake/$_", "#!/bin/sh\nexit 1\n") for qw(scontrol sbatch);
run("chmod +x $tmp/fake/scontrol $tmp/fake/sbatch");
($out, $err, $status) = run("PATH=$tmp/fake:\$PATH sp-batch -q -d $tmp/slurm --slurm $tmp/a/web1");
is "$status $err", "2 sp-batch: sbatch failed\n", 'Slurm without a controller';
run("mkdir $tmp/gone; cd $tmp/gone; sp-batch -q -d $tmp/begun ../a/web1; rmdir $tmp/gone");
($out, $err, $status) = run("sp-batch -q -d $tmp/begun --resume");
ok $status == 2 && $err =~ m{^sp-batch: cannot go to \Q$tmp/gone\E,}, 'a place that is gone' or diag "$status $err";

# What cannot be written is no matter of logs that are missing. (Folders, because root may write everything else.)
for my $in_the_way (qw(state/lock state/arguments.new)) {
	run("rm -rf $tmp/ro && mkdir -p $tmp/ro/$in_the_way");
	($out, $err, $status) = run("sp-batch -q -d $tmp/ro $tmp/a/web1");
	ok $status == 2 && $err =~ /^sp-batch: cannot write/m && $err !~ /: line \d+:.*lock/, "$in_the_way cannot be written" or diag "status $status: $err";
}

# ---- salvage ----

run("seq -f '1714521600.%06.0f read(3, \"x\", 1) = 1 <0.000010>' 20000 | gzip >$tmp/whole.gz; head -c 30000 $tmp/whole.gz >$tmp/cut.gz");
($out, $err, $status) = run("sp-batch -q -d $tmp/s $tmp/cut.gz");
is $status . -s "$tmp/s/stats.tsv", 1 . length((split /^/, read_file("$tmp/s/stats.tsv"))[0]), 'nothing of a damaged log is counted';
($out, $err, $status) = run("sp-batch -q -d $tmp/s --resume --salvage");
my ($read) = slurp_table("$tmp/s/stats.tsv");
my ($single) = run("sp-parse -q -- - <$tmp/cut.gz 2>/dev/null | sp-stats; true");
ok $status == 0 && $read->{calls} > 1000 && read_file("$tmp/s/stats.tsv") eq $single, '--salvage counts what sp-parse reads of it' or diag $err;

# ---- odd logs ----

srand 4;
sub day {
	my ($name, $slow) = @_;
	write_file($name, join '', map { sprintf "17145216%02d.000001 %s(3, \"x\", 1) = 1 <0.%06d>\n", $_ % 60, $_ % 5 ? 'read' : 'fsync',
		($_ % 5 ? 20 : 900 * $slow) * exp(rand() - 0.5) } 1 .. 500 + rand 60);
}
run("mkdir $tmp/days");
day(sprintf("$tmp/days/2024-04-%02d.log", $_), 1) for 1 .. 30;
run("sp-batch -q -d $tmp/d $tmp/days");
my $alarms = 0;
for my $i (1 .. 8) {
	day("$tmp/today.log", 1);
	($out, $err, $status) = run("sp-batch -d $tmp/d --baseline $tmp/today.log");
	$alarms += $status;
}
cmp_ok $alarms, '<=', 2, "$alarms of 8 logs like the others are called odd";
day("$tmp/today.log", 3);
($out, $err, $status) = run("sp-batch -d $tmp/d --baseline $tmp/today.log");
is $status, 1, 'a day with fsync of three times the length is odd' or diag $err;
like $out, qr/^syscall\tfigure\tvalue\tmedian\tlowest\thighest\tz\nfsync\t(?:p50|p99|total)_ns\t/, 'and it is fsync';
unlike $out, qr/^read/m, 'not read';
($out, $err, $status) = run("sp-batch -d $tmp/d --baseline $tmp/today.log --like date");
ok $status == 2 && $err =~ /^sp-batch: 0 logs are too few/m, 'the day a trace begins is a label, too' or diag "$status $err";
($out, $err, $status) = run("cp $tmp/today.log $tmp/again-2024-04-07.log; sp-batch -d $tmp/d --baseline $tmp/again-2024-04-07.log --like date");
ok $status == 2 && $err =~ /^sp-batch: 1 logs are too few/m, 'and so is the one in the name' or diag "$status $err";
run(": >$tmp/empty.log");
($out, $err, $status) = run("sp-batch -d $tmp/d --baseline $tmp/empty.log");
is "$status $err", "2 sp-batch: $tmp/empty.log: empty\n", 'nothing can be said of a log without events';
run("sp-batch -q -d $tmp/d --resume --by path --plan");
($out, $err, $status) = run("sp-batch -d $tmp/d --baseline $tmp/today.log");
ok $status == 2 && $err =~ /^sp-batch: \S* is of other options, or not complete: [^\n]*\n\z/, 'nor by an archive whose logs were not read as asked for'
    or diag "$status $err";
($out, $err, $status) = run("sp-batch -d $tmp/none --baseline $tmp/today.log");
ok $status == 2 && $err =~ /^sp-batch: no archive in/ && !-e "$tmp/none", 'nor by one that is not there' or diag "$status $err";
($out, $err, $status) = run("sp-batch -d $tmp/o --baseline $tmp/a/web1/run-20240503.log --like host");
ok $status == 2 && $err =~ /too few/, 'of one log nothing can be said' or diag $err;

# ---- the manual ----

my $page = read_file("$root/scripts/sp-batch.1") =~ s/\\&//gr =~ s/\\e/\\/gr;
my ($command, $expected) = $page =~ /^\.Bd -literal\n\$ ((?:[^\n]*\\\n)*[^\n]*)\n(.*?)^\.Ed/ms;
($out) = run($command);
is $out, $expected, 'the example of the manual';
my ($help) = run('sp-batch --help');
for my $option ($help =~ /--([a-z][a-z-]+)/g) {
	my $roff = $option =~ s/-/\\-/gr;
	ok $page =~ /\\-\Q$roff\E\b/, "--$option is in the manual" unless $option =~ /^(?:help|version)$/;
}
done_testing;
