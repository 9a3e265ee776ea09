#!/usr/bin/perl
# reference: tables that earlier tools printed, planted as events and printed again, each by one command.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Sp;
use Test::More;

# n calls of that total: one in 95 takes `slow`, which is then the 99th percentile, the rest share
# what is left; the first ones are errors.
sub plant {
	my ($syscall, $n, $total, $slow, $errors) = @_;
	my $slow_calls = $slow ? int($n / 95) : 0;
	my $rest = $total - $slow_calls * ($slow // 0);
	my $each = int($rest / ($n - $slow_calls));
	my $left = $rest - $each * ($n - $slow_calls);
	my @rows = map { $_ < $slow_calls ? $slow : $each + ($_ - $slow_calls < $left) } 0 .. $n - 1;
	$errors //= 0;
	return map { "$rows[$_]\t$syscall\t" . ($_ < $errors ? 'ENOENT' : '') . "\n" } 0 .. $#rows;
}
sub table { "dur_ns\tsyscall\terrno\n" . join '', @_ }

# ---- a profiler's report on a database server ----

my %server = (    # calls, total ms, mean us, p99 us
	read => [ 423_891, 12_400, 29, 2100 ],
	write => [ 312_456, 3200, 10, 890 ],
	fsync => [ 2341, 48_700, 20_800, 127_000 ],
	epoll_wait => [ 89_234, 142_100, 1600, 15_000 ],
	open => [ 15_678, 800, 51, 320 ],
	close => [ 15_678, 100, 6, 42 ],
);
write_file("$tmp/server", table(map { plant($_, $server{$_}[0], $server{$_}[1] * 1e6, $server{$_}[3] * 1000) } sort keys %server));
my ($out, $err, $status) = run("sp-stats --columns calls,total,mean,p99 $tmp/server");
is $status, 0, 'syscall, calls, total, mean, p99' or diag $err;
my (undef, @rows) = map { [ split /\t/ ] } split /\n/, $out;
is join(' ', map { $_->[0] } @rows), 'epoll_wait fsync read write open close', 'ordered by time';
for my $row (@rows) {
	my ($calls, $total, $mean, $p99) = @{ $server{ $row->[0] } };
	is "$row->[1] $row->[2]", $calls . ' ' . $total * 1e6, "$row->[0]: calls and total";
	cmp_ok abs($row->[3] / 1000 - $mean), '<=', 0.02 * $mean + 0.5, "$row->[0]: mean $row->[3] ns";
	cmp_ok abs($row->[4] / 1000 - $p99), '<=', 0.004 * $p99, "$row->[0]: p99 $row->[4] ns";
}
($out) = run("sp-stats -o table --top 2 --columns calls,total,mean,p99 $tmp/server");
is $out, <<'END', 'for people';
syscall       calls   total     mean      p99
epoll_wait   89,234   142 s  1.59 ms  15.0 ms
fsync         2,341  48.7 s  20.8 ms   127 ms
----------  -------  ------  -------  -------
total       859,278   207 s   241 us  1.45 ms
waiting      89,234   142 s
active      770,044  65.2 s
END

# What share of the time of I/O each kind of work has; waiting for the network is none.
write_file("$tmp/io", table(plant('fsync', 2341, 48.7e9), plant('epoll_wait', 89_234, 142.1e9),
	plant('read', 1000, 8.2e9), plant('write', 1000, 3.2e9), plant('mmap', 1000, 3.8e9)));
($out) = run("sp-stats --by category --set io --columns total,active_percent $tmp/io");
is $out, <<'END', 'shares of active time';
category	total_ns	active_percent
network_wait	142100000000	
disk_sync	48700000000	76.21
disk_read	8200000000	12.83
other	3800000000	5.95
disk_write	3200000000	5.01
END

# Each range evenly filled: its bounds in us, and its share in thousandths.
my @shares = ([ 1, 10, 342 ], [ 10, 50, 241 ], [ 50, 100, 223 ], [ 100, 500, 118 ], [ 500, 1000, 32 ], [ 1000, 10_000, 42 ],
	[ 10_000, 20_000, 2 ]);
write_file("$tmp/ranges", table(map {
	my ($low, $high, $share) = @$_;
	map { int(1000 * ($low + ($high - $low) * $_ / $share / 10)) . "\tread\t\n" } 0 .. $share * 10 - 1;
} @shares));
($out) = run("COLUMNS=80 sp-hist -o table --buckets 10us,50us,100us,500us,1ms,10ms $tmp/ranges");
is $out, <<'END', 'seven ranges as bars, and the two modes in them';
read: 10,000 calls, total 3.45 s, mean 345 us, stddev 1.38 ms, min 1.00 us, max 19.5 ms
      < 10 us  3,420   34.20 %  ###################################
     10-50 us  2,410   24.10 %  #########################            p50 36.2 us
    50-100 us  2,230   22.30 %  #######################
   100-500 us  1,180   11.80 %  ############                         p90 419 us
  500 us-1 ms    320    3.20 %  ###                                  p95 903 us
      1-10 ms    420    4.20 %  ####                                 p99 8.27 ms
     >= 10 ms     20    0.20 %  .                                    p99.9 14.5 ms
  2 modes: 95.6 % at 1 us-1.02 ms, most at 32-64 us (cached); 4.4 % at 1.02-32.8 ms, most at 4.1-8.19 ms (disk?); p < 1e-12
END

# The report shows the same: each table made by its filter from the traces above, the findings in the
# words of that profiler.
mkdir "$tmp/report";
sub made {
	my ($table, $command) = @_;
	my (undef, $why, $how) = run("$command >$tmp/report/$table.tsv");
	is $how, 0, "$table.tsv" or diag $why;
}
made('syscalls', "sp-stats $tmp/server");
made('activity', "sp-stats --by category --set io --columns calls,total,wait,active,active_percent $tmp/io");
made('hist', "sp-hist --buckets 10us,50us,100us,500us,1ms,10ms $tmp/ranges");
made('modes', "sp-hist --modes $tmp/ranges");
write_file("$tmp/report/summary.tsv", "name\tvalue\ncommand\tmysqld\nprocesses\t1\nwall_ns\t60000000000\ncalls\t1247891\n");
write_file("$tmp/report/findings.tsv", join "\n", map({ join "\t", @$_ } [ qw(severity rule subject calls total_ns evidence fix saves_ns) ],
	[ 'low', 'bimodal', 'read', 423_891, 12_400_000_000, '95 % under 100 us (cached), 5 % at 1-10 ms (disk)',
		'Working set may exceed memory; mmap for hot data, prefetch predictable patterns', '' ],
	[ 'high', 'fsync-dominates', 'fsync', 2341, 48_700_000_000, '76 % of I/O time, 39 a second, 20.8 ms each, p99 127 ms causes tail spikes',
		'Batch writes before one fsync (group commit), consider O_DIRECT with io_uring', 43_830_000_000 ]), '');
($out, $err, $status) = run("sp-report -o md $tmp/report");
is $status, 0, 'its report' or diag $err;
like $out, qr/^\| \Q$_\E \|$/m, "in Markdown: $_" for 'command | mysqld', 'duration | 60.0 s', 'processes | 1', 'calls | 1,247,891',
    'disk sync | 48.7 s | 76.21 | bottleneck', 'disk read | 8.20 s | 12.83 | ', 'disk write | 3.20 s | 5.01 | ', 'other | 3.80 s | 5.95 | ',
    'network wait | 142 s |  | waiting, kept out of the shares', 'read | 34.20 | 24.10 | 22.30 | 11.80 | 3.20 | 4.20 | 0.20';
like $out, qr/^\| \Q$_->[0]\E \| $_->[1] \| 0 \| $_->[2] \| [0-9.]+ \| $_->[3] \|.* \| $_->[4] \|/m, "in Markdown: $_->[0]"
    for [ 'read', '423,891', '12.4 s', '29.3 us', '2.10 ms' ], [ 'write', '312,456', '3.20 s', '10.2 us', '890 us' ],
    [ 'fsync', '2,341', '48.7 s', '20.8 ms', '127 ms' ], [ 'epoll_wait', '89,234', '142 s', '1.59 ms', '15.0 ms' ],
    [ 'open', '15,678', '800 ms', '51.0 us', '320 us' ], [ 'close', '15,678', '100 ms', '6.38 us', '42.0 us' ];
like $out, qr/^1\. \*\*high: fsync-dominates\*\* .*76 % of I\/O time.*p99 127 ms.*may save 43\.8 s\.\n   Advice: Batch writes/m, 'in Markdown: the worse finding first';
like $out, qr/^2\. \*\*low: bimodal\*\* .*95 % under 100 us/m, 'in Markdown: the other one';
like $out, qr/^- read: 2 modes: 95\.62 % at 1 us-1\.02 ms \(cached\); 4\.38 % at 1\.02-32\.8 ms \(disk\?\)$/m, 'in Markdown: the modes';
($out, $err, $status) = run("sp-report $tmp/report");
is $status, 0, 'its page' or diag $err;
is scalar(() = $out =~ />bottleneck</g), 1, 'one bottleneck';
like $out, qr{<a href="#pattern">disk sync has 76\.21 % of the active time of I/O</a>\. <a href="#findings">2 findings: 1 high, 1 low</a>}, 'the page: in a line';
like $out, qr{<tr class="bottleneck"><th scope="row">disk sync .*?</th><td>48\.7 s</td><td>76\.21 %</td>}, 'the page: disk sync is it';
like $out, qr{<th scope="row">network wait</th><td colspan="3"><span class="aside">kept out of the shares}, 'the page: waiting';
like $out, qr{<th scope="row">\Q$_->[0]\E</th><td>$_->[1]</td><td>$_->[2] %</td>}, "the page: $_->[0]"
    for [ '&lt; 10 us', '3,420', '34.20' ], [ '10-50 us', '2,410', '24.10' ], [ '50-100 us', '2,230', '22.30' ], [ '100-500 us', '1,180', '11.80' ],
    [ '500 us-1 ms', 320, '3.20' ], [ '1-10 ms', 420, '4.20' ], [ '&gt;= 10 ms', 20, '0.20' ];
is scalar(() = $out =~ /<article class="finding (?:critical|note)"/g), 2, 'the page: both findings';

# ---- a tracer's summary of a test run ----

my @summary = ([ 'statx', 4418, 541, 33.719 ], [ 'read', 3113, 0, 32.291 ], [ 'wait4', 1, 0, 27.875 ],
	[ 'openat', 2194, 289, 19.312 ], [ 'close', 1911, 0, 12.471 ], [ 'execve', 1, 0, 3.069 ], [ 'mmap', 2630, 129, 20.969 ]);
write_file("$tmp/run", table(map { plant($_->[0], $_->[1], $_->[3] * 1e6, undef, $_->[2]) } @summary));
($out) = run("sp-stats -o table --columns time_percent,seconds,usecs_per_call,calls,errors,syscall $tmp/run");
is $out, <<'END', "strace -c's table";
time %   seconds  usecs_per_call   calls  errors  syscall
 22.52  0.033719               7   4,418     541  statx
 21.57  0.032291              10   3,113       0  read
 18.62  0.027875           27875       1       0  wait4
 14.01  0.020969               7   2,630     129  mmap
 12.90  0.019312               8   2,194     289  openat
  8.33  0.012471               6   1,911       0  close
  2.05  0.003069            3069       1       0  execve
------  --------  --------------  ------  ------  -------
100.00  0.149706              10  14,268     959  total
 18.62  0.027875                       1          waiting
 81.38  0.121831                  14,267          active
END
($out) = run("sp-stats --ratio statx,read,openat,close $tmp/run");
is $out, "statx:read:openat:close = 2.3:1.6:1.1:1.0\n", 'the ratio of calls';
($out) = run("sp-stats --columns mean,stddev,min,max,p50,p75,p90,p95,p99 $tmp/run | head -1");
is $out, join("\t", qw(syscall mean_ns stddev_ns min_ns max_ns p50_ns p75_ns p90_ns p95_ns p99_ns)) . "\n",
    'extended statistics';
done_testing;
