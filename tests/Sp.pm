package Sp;    # what the tests share: where things are, and how a command is run
use strict;
use warnings;
use Cwd;
use Exporter 'import';
use File::Basename;
use File::Temp;
our @EXPORT = qw($root $build $tmp filters manual have run read_file write_file unified_diff);

our $root = dirname(dirname(Cwd::abs_path(__FILE__)));
our $build = $ENV{BUILD} // 'build';
$build = "$root/$build" unless $build =~ m{^/};
our $tmp = File::Temp->newdir('sp-test-XXXXXX', TMPDIR => 1);

$ENV{PATH} = "$build:$root/scripts:$ENV{PATH}";
$ENV{LC_ALL} = 'C.UTF-8';
$ENV{TZ} = 'UTC';
$ENV{NO_COLOR} = 1;
delete @ENV{qw(XDG_CONFIG_HOME COLUMNS)};

# Names of all filters, from their sources, so that one which was not built is noticed.
sub filters {
	my %seen = map { basename($_, '.c') => 1 } glob "$root/filters/sp-*.c";
	$seen{ basename(dirname $_) } = 1 for glob "$root/filters/sp-*/main.c";
	return sort keys %seen;
}

sub manual {
	my ($filter) = @_;
	return (grep { -e } "$root/filters/$filter.1", "$root/filters/$filter/$filter.1")[0];
}

# Whether all these programs are installed.
sub have {
	for my $program (@_) {
		return 0 unless grep { -x "$_/$program" } split /:/, $ENV{PATH};
	}
	return 1;
}

sub read_file {
	my ($path) = @_;
	open my $f, '<:raw', $path or die "$path: $!\n";
	local $/;
	return scalar(<$f>) // '';
}

sub write_file {
	my ($path, $text) = @_;
	open my $f, '>:raw', $path or die "$path: $!\n";
	print $f $text;
	close $f or die "$path: $!\n";
	return $path;
}

# Runs a shell command in $root, or in dir => ... Standard input is empty, or stdin => text. Returns
# stdout, stderr and the exit status; 128 + N for a death by signal N, as a shell says it. A pipeline
# fails when any part of it fails.
sub run {
	my ($command, %with) = @_;
	my ($out, $err) = ("$tmp/out", "$tmp/err");
	my $in = defined $with{stdin} ? write_file("$tmp/in", $with{stdin}) : '/dev/null';
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		$SIG{$_} = 'DEFAULT' for qw(INT PIPE);
		chdir($with{dir} // $root) or die "chdir: $!\n";
		open STDIN, '<', $in or die "$in: $!\n";
		open STDOUT, '>', $out or die "$out: $!\n";
		open STDERR, '>', $err or die "$err: $!\n";
		exec 'bash', '-o', 'pipefail', '-c', $command or die "bash: $!\n";
	}
	waitpid $pid, 0;
	my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return (read_file($out), read_file($err), $status);
}

# How text differs from what was expected, for a failed test's diagnostics.
sub unified_diff {
	my ($expected, $got) = @_;
	write_file("$tmp/expected", $expected);
	write_file("$tmp/got", $got);
	my @lines = split /^/, `diff -u --label expected --label got $tmp/expected $tmp/got`;
	splice @lines, 40, @lines, "...\n" if @lines > 40;
	return join '', @lines;
}

1;
