import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { Target } from './target.ts';

/** Numbers of the bpf system call. */
const BPF_CALL: Readonly<Record<string, number>> = { x86_64: 321, aarch64: 280, riscv64: 280, loongarch64: 280, s390x: 351, ppc64le: 361, ppc64: 361 };

/** 7,000 loads take 0.2 s, some seconds on an emulated machine. */
const TIMEOUT_MS = 60_000;

/** Types of programs by their number in the kernel, as bpftool names them; what they must be loaded with. Tracing and LSM want a function to attach to. */
const TYPES = [
  ...['socket_filter 1', 'kprobe 2', 'sched_cls 3', 'sched_act 4', 'tracepoint 5', 'xdp 6', 'perf_event 7', 'cgroup_skb 8', 'cgroup_sock 9', 'lwt_in 10', 'lwt_out 11', 'lwt_xmit 12', 'sock_ops 13', 'sk_skb 14'],
  ...['cgroup_device 15', 'sk_msg 16', 'raw_tracepoint 17', 'cgroup_sock_addr 18 10', 'lwt_seg6local 19', 'lirc_mode2 20', 'sk_reuseport 21', 'flow_dissector 22', 'cgroup_sysctl 23', 'raw_tracepoint_writable 24'],
  // Number, attach type, flags: 16 is "may sleep".
  ...['cgroup_sockopt 25 21', 'sk_lookup 30 36', 'syscall 31 0 16', 'netfilter 32 45'],
];

/** bpf_trace_printk, bpf_probe_write_user and bpf_trace_vprintk: the kernel warns in its log, or starts to print, when they are tried. */
const UNTRIED = [6, 36, 177];

/**
 * Loads, for each type of program and each helper, a program that does nothing but call it; nothing is attached or run. The
 * kernel's words tell whether the type may: the call's arguments are wrong anyway. Prints a type and its helpers' numbers a line.
 * Arguments: the number of the system call, the numbers of the helpers, the types.
 */
const SCRIPT = String.raw`
my ($call, $helpers, @types) = @ARGV;
my ($license, $log) = ("GPL\0", "\0" x 8192);
my $rest = pack('CCsl', 0xb7, 0, 0, 0) . pack('CCsl', 0x95, 0, 0, 0);
sub at { unpack('J', pack('P', $_[0])) }
sub attempt {
  my ($code, $type, $attach, $flags) = @_;
  substr($log, 0, 256) = "\0" x 256;
  my $attr = pack('LLQQLLQLLa16LL', $type, length($code) / 8, at($code), at($license), 1, length($log), at($log), 0, $flags, '', 0, $attach) . "\0" x 80;
  my $fd = syscall($call, 5, $attr, length($attr));
  if ($fd >= 0) { open(my $program, '<&=', $fd) and close($program); return 'may'; }
  return substr($log, 0, 1) eq "\0" ? 'unknown' : $log =~ /cannot use helper|unknown func|invalid func/ ? 'may not' : 'may';
}
for (@types) {
  my ($name, $type, $attach, $flags) = split / /;
  my @may;
  for my $id (split / /, $helpers) {
    my $answer = attempt(pack('CCsl', 0x85, 0, 0, $id) . $rest, $type, $attach || 0, $flags || 0);
    last if $answer eq 'unknown';
    push @may, $id if $answer eq 'may';
  }
  print join(' ', $name, @may), "\n" if @may;
}
`;

/**
 * What helpers each type of program may call there, in the form bpftool prints it: where there is no bpftool, or one too old for the
 * kernel. Undefined without perl or root, or when it cannot be told.
 */
export async function probeHelpers(target: Target, facts: Facts, { types }: Inventory, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const call = BPF_CALL[facts.arch];
  const ids = types.enum('bpf_func_id')?.values() ?? [];
  const names = new Map(ids.map(({ name, value }) => [Number(value), name.replace(/^BPF_FUNC_/, 'bpf_')]));
  if (call === undefined || names.size < 2 || !facts.tools.perl || facts.root === 'none') return undefined;
  // The last is no helper but their number.
  const max = Math.max(...names.keys()) - 1;
  const tried = [...names.keys()].filter((id) => id > 0 && id <= max && !UNTRIED.includes(id)).sort((a, b) => a - b);
  const outcome = await target.exec({ argv: ['perl', '-e', SCRIPT, String(call), tried.join(' '), ...TYPES], asRoot: true, timeoutMs: TIMEOUT_MS, signal });
  if (outcome.kind !== 'ran' || outcome.exitCode !== 0 || outcome.stdout === '') return undefined;
  const lines = outcome.stdout.split('\n').filter((line) => line !== '').map((line) => line.split(' '));
  const helpers = lines.map(([type = '', ...numbers]) => [`${type}_available_helpers`, numbers.flatMap((number) => names.get(Number(number)) ?? [])] as const);
  return new TextEncoder().encode(JSON.stringify({ helpers: Object.fromEntries(helpers) }));
}
