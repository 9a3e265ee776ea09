#!/usr/bin/perl
# report: Chromium opens the reports of real traces and of hostile ones: nothing of a trace runs, nothing
# leaves the page, tables sort and filter, charts draw. `make check-browser` runs this;
# `scripts/setup --browser` installs what it needs. SP_SCREENSHOTS=DIR keeps pictures.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use JSON::PP;
use Sp;
use Test::More;

my ($chromium) = grep { defined && -x } $ENV{CHROMIUM}, map { my $d = $_; map { "$d/$_" } qw(chromium chromium-browser google-chrome) } split /:/, $ENV{PATH};
my @missing = grep { $_ } (!$chromium && 'chromium'), (!have('node') && 'node'), (!-d "$FindBin::Bin/node_modules/playwright-core" && 'playwright-core'),
	(!-x "$build/sp-report" && 'sp-report');
if (@missing) {
	BAIL_OUT("missing: @missing; run scripts/setup --browser") if $ENV{SP_NEEDS_BROWSER};
	plan skip_all => "missing: @missing";
}

# ---- traces ----

my $start = 1_795_268_000;
my @calls;

# A line of strace -f -ttt -T -y; two milliseconds after the one before.
sub call {
	my ($text, %with) = @_;
	push @calls, sprintf "%d%s %d.%06d %s <%.6f>", $with{tid} // 7, defined $with{comm} ? "<$with{comm}>" : '',
	    $start + @calls * 0.002, (@calls * 2000) % 1_000_000, $text, $with{took} // 0.000020 + 0.0005 * (@calls % 7);
}

sub trace {
	my ($name) = @_;
	my $path = write_file("$tmp/$name", join '', map { "$_\n" } @calls);
	@calls = ();
	return $path;
}

# What runs, or is fetched, when it is taken for more than text.
my @bombs = ('</script><script>pwned()</script>', '<img src=x onerror=pwned()>', '"><svg onload=pwned()>', "' onmouseover='pwned()", '<!--<script>pwned()//',
	']]><script>pwned()</script>', '&lt;script&gt;pwned()&lt;/script&gt;', '${pwned()}', '{{pwned()}}', 'javascript:pwned()', 'http://127.0.0.1:9/fetched',
	'</title><script>pwned()</script>', '</style><style>@import url(http://127.0.0.1:9/x)</style>', '<link rel=stylesheet href=http://127.0.0.1:9/x>',
	'<iframe srcdoc="<script>parent.pwned()</script>">', '`${pwned()}`', "\xe2\x80\xa8pwned()//", '<a href=javascript:pwned()>x</a>', '</textarea><img src=http://127.0.0.1:9/i>',
	'<base href=http://127.0.0.1:9/>', '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">', '__proto__', 'constructor');

sub quoted { return $_[0] =~ s/([\\"])/\\$1/gr }

for my $i (0 .. 199) {
	my $bomb = $bombs[ $i % @bombs ];
	my $comm = substr($bomb, 0, 15) =~ s/[>\n]/x/gr;
	my $q = quoted($bomb);
	call("openat(AT_FDCWD, \"/srv/$q\", O_RDONLY) = 3", comm => $comm, tid => 7 + $i % 5);
	call("read(3, \"$q\", 4096) = 4096", comm => $comm, tid => 7 + $i % 5, took => 0.0001 * ($i + 1));
	call("unlink(\"$q\") = -1 ENOENT (No such file or directory)", comm => $comm, tid => 7 + $i % 5);
	call("connect(4, {sa_family=AF_UNIX, sun_path=\"/run/$q\"}, 110) = -1 ECONNREFUSED (Connection refused)", comm => $comm, tid => 7 + $i % 5);
	call("close(3) = 0", comm => $comm, tid => 7 + $i % 5);
}
unshift @calls, '7 1795267999.000000 execve("/bin/' . quoted($bombs[0]) . '", ["' . quoted($bombs[0]) . '", "' . quoted($bombs[1]) . '"], 0x7ff) = 0 <0.0001>';
my $markup = trace('<img src=x onerror=pwned()>.log');

for my $i (0 .. 99) {
	call("openat(AT_FDCWD, \"/srv/file$i\", O_RDONLY) = 3");
	$calls[-1] .= "\n > /usr/lib/<script>pwned()</script>.so(<img src=x onerror=pwned()>+0x$i) [0x1$i]\n > /bin/x(</title><script>pwned()</script>+0x2) [0x22]\n > /bin/x(main+0x3) [0x33]";
	call("write(1, \"x\", 1) = 1");
	$calls[-1] .= "\n > /bin/x(operator<< <char>+0x$i) [0x1$i]\n > /bin/x(main+0x3) [0x33]";
}
my $stacks = trace('stacks.log');

for my $i (0 .. 60) {
	my $bytes = join '', map { chr($_ == 10 || $_ == 34 || $_ == 92 ? 46 : $_) } 1 .. 255;
	call("openat(AT_FDCWD, \"/srv/$i\x1b[31m\x07$bytes\", O_RDONLY) = 3", comm => "a\x1b]0;title\x07b");
	call("write(3, \"$bytes\", 255) = 255");
	call("close(3) = 0");
}
my $control = trace('control.log');

my $mega = 'm' x (1 << 20);
call("openat(AT_FDCWD, \"/$mega\", O_RDONLY) = 3", comm => "c$mega");
call("read(3, \"$mega\", 1048576) = 1048576");
call("openat(AT_FDCWD, \"<script>pwned()</script>$mega\", O_RDONLY) = 4");
call("read(3, \"\", 1048576) = 0") for 1 .. 20;
my $long = trace('long.log');

my $empty = trace('empty.log');
call('read(3, "x", 1) = 1');
my $one = trace('one.log');
my $no_times = write_file("$tmp/no-times.log", join '', map { "read(3, \"x\", 1) = 1\nopenat(AT_FDCWD, \"/etc/passwd\", O_RDONLY) = 3\n" } 1 .. 50);
my $no_paths = write_file("$tmp/no-paths.log", join '', map { sprintf "7 10:00:00.%06d getpid() = 7 <0.000001>\n", $_ * 1000 } 1 .. 300);

# Thousands of files and threads: what is left out is said.
for my $i (1 .. 6000) {
	call(sprintf('openat(AT_FDCWD, "/srv/folder%d/a-file-with-a-rather-long-name-%d", O_RDONLY) = 3', $i % 50, $i), tid => 100 + $i % 800);
	call("close(3) = 0", tid => 100 + $i % 800);
}
my $many = trace('many.log');

# ---- their reports ----

my @reports;
sub report {
	my ($name, $arguments, %expected) = @_;
	my $dir = "$tmp/$name";
	my ($out, $err, $status) = run("sp-analyze -q -o $dir $arguments");
	die "sp-analyze $arguments: $status\n$err" unless $status == 0 && -s "$dir/report.html";
	push @reports, { name => $name, file => "$dir/report.html", %expected };
}

my $shipped = "$root/testdata/report";
my @all = qw(summary pattern syscalls categories latency files timeline heat threads);
my @charts = qw(timeline heat fds);
report('strace', "$root/testdata/demo/orders.log", sections => \@all, charts => \@charts, tables => ['syscalls', 'categories', 'files', 'errors'],
	shows => ['fdatasync', '/srv/demo/orders.db-journal', 'ENOENT', 'sqlite3'], look => 2);
report('archive', "$shipped/strace-archive.trace.zst", sections => \@all, charts => \@charts, shows => ['sha256sum']);
report('strace-stacks', "$shipped/strace-stacks.trace.zst", sections => [@all, 'flame'], charts => \@charts, flame => JSON::PP::true);
report('perf', "$shipped/perf-stacks.trace.zst", sections => [@all, 'flame'], charts => \@charts, flame => JSON::PP::true, shows => ['dd', 'fsync']);
report('perf-trace', "$shipped/perf-trace.trace.zst", sections => \@all, charts => \@charts);
report('bpftrace', "$shipped/bpftrace-loopback.trace.zst", sections => [@all, 'sockets'], charts => \@charts, shows => ['epoll_wait', 'loopback']);
report('threads', "$shipped/bpftrace-threads.trace.zst", sections => \@all, charts => \@charts, shows => ['futex']);
report('two', "--against $root/testdata/compare/copy_c.strace.gz $root/testdata/compare/copy_python.strace.gz", shows => ['copy_c', 'copy_python', 'sendfile'],
	tables => ['syscalls'], look => 1);

report('markup', "--title '</title><script>pwned()</script>' '$markup'", shows => ['</script><script>pwned()</script>', '<img src=x onerror=pwned()>', '</title>', '${pwned()}'],
	charts => \@charts, tables => ['files']);
report('markup-stacks', $stacks, shows => ['<script>pwned()</script>', '</title>', 'operator<<'], flame => JSON::PP::true);
report('markup-two', "--against '$markup' $stacks", shows => ['<img src=x onerror=pwned()>']);
report('control', $control, charts => \@charts, shows => ['/srv/1'], hides => ["\x1b", "\x07"]);
report('long', $long, shows => ['mmmmm', '<script>pwned()</script>']);
report('empty', $empty);
report('one', $one, shows => ['read'], sections => ['summary', 'syscalls']);
report('no-times', $no_times, shows => ['openat', '/etc/passwd']);
report('no-paths', $no_paths, shows => ['getpid'], charts => ['timeline', 'heat']);
report('many', $many, charts => \@charts, shows => ['more']);
report('counts', "$root/testdata/bpftrace/maps-of-counts.trace", shows => ['openat']);

# Tables of somebody else, with everything in every text.
mkdir "$tmp/tables";
my $bomb = join ' ', @bombs[0 .. 12];
my %table = (
	summary => [[qw(name value)], ['command', $bomb], ['tracer', $bomb], [$bomb, $bomb], ['lacks', $bomb], ['calls', 3], ['first_ns', 'NaN'], ['wall_ns', $bomb]],
	syscalls => [[qw(syscall calls errors total_ns time_percent min_ns mean_ns max_ns p50_ns p90_ns p95_ns p99_ns bytes)], map { [$_, 1, 0, 5, 10, 1, 2, 3, 2, 2, 2, 2, 1] } @bombs],
	findings => [[qw(severity rule subject calls total_ns evidence fix saves_ns)], map { [qw(high medium low)[rand 3], $_, $_, 1, 5, $_, $_, 3] } @bombs],
	files => [[qw(path pattern calls errors reads read_bytes writes write_bytes total_ns p99_ns)], map { [$_, $_, 1, 0, 1, 5, 1, 6, 7, 8] } @bombs],
	stacks => [[qw(stack calls total_ns)], map { [($_ =~ s/;/,/gr) . ';' . ($_ =~ s/;/,/gr), 1, 5] } @bombs],
	timeline => [[qw(slice_ns category calls errors total_ns bytes)], map { [$_ * 1000, $bombs[$_], 1, 0, 5, 1] } 0 .. $#bombs],
	heat => [[qw(slice_ns low_ns high_ns calls)], map { [$_ * 1000, 10, 20, 1] } 0 .. 9],
	threads => [[qw(pid tid comm calls errors total_ns)], map { [$_, $_, $bombs[$_], 1, 0, 5] } 0 .. $#bombs],
);
write_file("$tmp/tables/$_.tsv", join '', map { join("\t", @$_) . "\n" } @{ $table{$_} }) for keys %table;
my ($html, $err, $status) = run("sp-report -o html $tmp/tables >$tmp/tables/report.html");
die "sp-report: $status\n$err" unless $status == 0;
push @reports, { name => 'tables', file => "$tmp/tables/report.html", shows => [$bombs[0], $bombs[1], $bombs[4]] };

# Strings of bytes in, bytes out: what is no UTF-8 is not in there.
write_file("$tmp/reports.json", JSON::PP->new->canonical->encode(\@reports));
$ENV{CHROMIUM} = $chromium;
mkdir $ENV{SP_SCREENSHOTS} if $ENV{SP_SCREENSHOTS};
$status = system 'node', "$FindBin::Bin/drive.js", "$tmp/reports.json";
exit($status ? 1 : 0);
