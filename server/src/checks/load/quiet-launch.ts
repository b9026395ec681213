/**
 * Starts a program that loads BPF programs but can attach and run none: a perl script that puts a
 * seccomp filter before it. Loading (`BPF_PROG_LOAD`) goes to the real verifier; the calls that attach
 * or run what was loaded are answered with success and do nothing:
 *
 *   bpf(2)    PROG_ATTACH 8, PROG_TEST_RUN 10 (how BEGIN runs since 0.21), RAW_TRACEPOINT_OPEN 17, LINK_CREATE 28
 *   ioctl(2)  PERF_EVENT_IOC_SET_BPF 0x40042408
 *
 * bpftrace itself has no such mode: `--dry-run` attaches since 0.22. Numbers are those of the kernel's
 * headers (asm/unistd.h, linux/bpf.h, linux/perf_event.h, linux/seccomp.h).
 */
export const QUIET_LAUNCH_FILE = 'quiet-launch.pl';

/** Machines (`uname -m`) the script knows the system call numbers of. */
export const QUIET_LAUNCH_MACHINES: ReadonlySet<string> = new Set(['x86_64', 'aarch64']);

export const QUIET_LAUNCH = `
my ($machine, @command) = @ARGV;
my %numbers = (x86_64 => [321, 16, 317, 0xC000003E], aarch64 => [280, 29, 277, 0xC00000B7]);
my ($bpf, $ioctl, $seccomp, $arch) = @{$numbers{$machine} or die "unknown machine"};
my ($load, $equal, $return) = (0x20, 0x15, 0x06);
my @filter = (
  [$load, 0, 0, 4], [$equal, 0, 10, $arch],        # another architecture: allow
  [$load, 0, 0, 0], [$equal, 0, 5, $bpf],          # which call?
  [$load, 0, 0, 16],                               # bpf: its command
  [$equal, 7, 0, 8], [$equal, 6, 0, 10], [$equal, 5, 0, 17], [$equal, 4, 3, 28],
  [$equal, 0, 2, $ioctl], [$load, 0, 0, 24], [$equal, 1, 0, 0x40042408],
  [$return, 0, 0, 0x7fff0000],                     # allow
  [$return, 0, 0, 0x00050000],                     # success, and nothing done
);
my $code = join "", map { pack "SCCL", @$_ } @filter;
syscall($seccomp, 1, 0, pack("S x6 P", scalar @filter, $code)) == 0 or die "seccomp: $!";
exec @command or die "exec: $!";
`;
