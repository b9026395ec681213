import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked } from '../../../../test/support/marked.ts';
import { analyzeC } from './analyze.ts';
import { checkC } from './check.ts';

const HEADERS = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\n';
const LICENCE = '\nchar LICENSE[] SEC("license") = "GPL";\n';

/** The problems of a program, each with the text it is at; the marks say where they must be. */
function problems(source: string, inventory = bundled): string[] {
  const { text, spans } = marked(`${HEADERS}${source}`);
  const found = checkC(analyzeC(parseBpfC(text), { inventory }));
  expect(found.map(({ span }) => text.slice(span.start, span.end)), 'places').toEqual(spans.map(({ start, end }) => text.slice(start, end)));
  expect(found.map(({ span }) => span.start)).toEqual(spans.map(({ start }) => start));
  return found.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

const map = (lines: string): string => `struct {\n${lines}\n} m SEC(".maps");\n`;

describe('kfuncs of other types of program', () => {
  const calling = (section: string, declared: string, called: string): string => `struct bpf_cpumask *bpf_cpumask_create(void) __ksym${declared};\nSEC("${section}") int p(void *ctx) { ${called}(); return 0; }${LICENCE}`;
  it('are wrong', () => {
    expect(problems(calling('xdp', '', '«bpf_cpumask_create»'))).toEqual(['error kfunc-not-allowed: The kfunc bpf_cpumask_create is not for programs of type xdp on the bundled Debian 13 kernel (6.12.117). These may: tracepoint, perf_event, tracing, struct_ops, lsm, syscall.']);
  });
  it.each([['tp_btf/sched_switch', ''], ['xdp', ' __weak']])('SEC("%s")%s is right', (section, declared) => expect(problems(calling(section, declared, 'bpf_cpumask_create'))).toEqual([]));
});

describe('sections', () => {
  it.each([
    ['SEC("«kprobs/vfs_read»") int p(void *ctx) { return 0; }', 'error unknown-section: libbpf does not know SEC("kprobs/vfs_read"). Did you mean "kprobe/vfs_read"?'],
    ['SEC("«sysctl»") int p(void *ctx) { return 0; }', 'warning unknown-section: libbpf does not know SEC("sysctl"). Did you mean "cgroup/sysctl"?'],
    ['SEC("«my_own_thing»") int p(void *ctx) { return 0; }', 'warning unknown-section: libbpf does not know SEC("my_own_thing"): whoever loads this program must say what type it is.'],
    ['SEC("kprobe/«vfs_raed»") int p(void *ctx) { return 0; }', 'error attach-target: The function vfs_raed cannot be traced on the bundled Debian 13 kernel (6.12.117): it does not exist there, was inlined or is not allowed. Did you mean vfs_read?'],
    ['SEC("tp/«sched/sched_swich»") int p(void *ctx) { return 0; }', 'error attach-target: There is no tracepoint sched:sched_swich on the bundled Debian 13 kernel (6.12.117). Did you mean sched/sched_switch?'],
    ['SEC("tp/«sched_switch»") int p(void *ctx) { return 0; }', 'warning attach-target: A tracepoint is written tp/category/event.'],
    ['SEC("ksyscall/«opennat»") int p(void *ctx) { return 0; }', 'error attach-target: There is no system call opennat on the bundled Debian 13 kernel (6.12.117). Did you mean openat?'],
    ['SEC("lsm/«file_opens»") int p(void *ctx) { return 0; }', 'warning attach-target: There is no LSM hook file_opens for BPF on the bundled Debian 13 kernel (6.12.117).'],
    ['SEC("«kprobe»") int p(void *ctx) { return 0; }', 'info attach-target: SEC("kprobe") does not say what to attach to, so nothing attaches it by itself. Write SEC("kprobe/function").'],
    ['SEC("«uprobe.session»") int p(void *ctx) { return 0; }', 'error section-too-new: SEC("uprobe.session") needs Linux 6.13; the bundled Debian 13 kernel (6.12.117) is older.'],
  ])('%s', (source, message) => {
    expect(problems(source)).toEqual([message]);
  });

  it.each(['tp/sched/sched_switch', 'raw_tp/sys_enter', 'tp_btf/sched_switch', 'kprobe/vfs_read', 'kprobe/vfs_read+0x4', 'kprobe.multi/vfs_*', 'fentry/vfs_read', 'fexit.s/vfs_read', 'lsm/file_open', 'lsm.s/bprm_check_security', 'iter/task', 'ksyscall/openat', 'xdp', 'tc', 'tc/my_name', 'cgroup/connect4', '?fentry', 'uprobe//usr/bin/bash:readline', 'struct_ops/init', 'freplace/f', 'perf_event'])('SEC("%s") is right', (name) => {
    expect(problems(`SEC("${name}") int p(void *ctx) { return 0; }`)).toEqual([]);
  });
});

describe('helpers', () => {
  it('says which types of program may call one', () => {
    const [only] = problems(`SEC("xdp") int p(struct xdp_md *ctx) { char c[16]; «bpf_get_current_comm»(c, 16); return XDP_PASS; }`);
    expect(only).toMatch(/^error helper-not-allowed: bpf_get_current_comm is not for programs of type xdp on the bundled Debian 13 kernel \(6\.12\.117\)\. These may call it: kprobe, /);
  });

  it('follows a program into the functions it calls and passes on', () => {
    const [only] = problems(`static long each(__u32 i, void *c) { return «bpf_xdp_adjust_head»(c, 4); }\nSEC("tc") int p(struct __sk_buff *ctx) { bpf_loop(4, each, ctx, 0); return 0; }`);
    expect(only).toMatch(/bpf_xdp_adjust_head is not for programs of type sched_cls \(p\)/);
  });

  it('lets code that programs of several types share call what one of them may', () => {
    expect(problems(`static int cut(void *c, bool xdp) { return xdp ? bpf_xdp_adjust_tail(c, -4) : bpf_skb_change_tail(c, 4, 0); }
SEC("xdp") int x(struct xdp_md *ctx) { return cut(ctx, true); }
SEC("tc") int t(struct __sk_buff *ctx) { return cut(ctx, false); }`)).toEqual([]);
  });

  it('does not judge what no program calls, and names the program declares itself', () => {
    expect(problems('static long unused(void *c) { return bpf_xdp_adjust_head(c, 4); }')).toEqual([]);
    expect(problems('static int bpf_redirect(int a) { return a; }\nSEC("kprobe/vfs_read") int p(void *ctx) { return bpf_redirect(1); }')).toEqual([]);
  });

  it('compares with the kernel\'s age', () => {
    const old = { ...bundled, release: '5.4.0', label: 'old (5.4.0)', types: { ...bundled.types, enumerator: () => undefined }, helpers: () => undefined };
    const [only] = problems('SEC("kprobe/vfs_read") int p(void *ctx) { «bpf_ringbuf_output»(0, 0, 0, 0); return 0; }', old);
    expect(only).toBe('error helper-too-new: bpf_ringbuf_output is there since Linux 5.8; old (5.4.0) has it not.');
  });

  it('proposes the right name only when no unknown header is included', () => {
    expect(problems(`SEC("xdp") int p(struct xdp_md *ctx) { return «bpf_xdp_adjust_hed»(ctx, 4); }`)).toEqual(['error unknown-helper: There is no helper bpf_xdp_adjust_hed. Did you mean bpf_xdp_adjust_head?']);
    expect(problems(`#include "own.h"\nSEC("xdp") int p(struct xdp_md *ctx) { return bpf_xdp_adjust_hed(ctx, 4); }`)).toEqual([]);
  });

  it('knows which wait', () => {
    expect(problems(`SEC("fentry/vfs_read") int p(void *ctx) { char c[4]; return «bpf_copy_from_user»(c, 4, 0); }`)).toEqual(['error sleepable: bpf_copy_from_user may wait, so only programs that may sleep can call it. Write SEC("fentry.s/…").']);
  });

  it('knows which kfuncs a kernel is too old for', () => {
    const program = (extern: string, body: string): string => `extern int bpf_strcmp(const char *a, const char *b)${extern};\nSEC("kprobe/vfs_read") int p(void *ctx) { ${body} }${LICENCE}`;
    const target = { ...bundled, source: 'target' } as const;
    expect(problems(program(' __ksym', 'return «bpf_strcmp»("a", "b");'), target)).toEqual(['error kfunc-too-new: The kfunc bpf_strcmp is there since Linux 6.17; the bundled Debian 13 kernel (6.12.117) has it not. To do without it there, declare it __weak and ask bpf_ksym_exists(bpf_strcmp).']);
    expect(problems(program(' __ksym', 'return «bpf_strcmp»("a", "b");'), { ...target, kfuncs: () => [] })[0]).toMatch(/^warning /);
    expect(problems(program(' __ksym', 'return bpf_strcmp("a", "b");'))).toEqual([]);
    expect(problems(program(' __ksym __weak', 'return bpf_strcmp ? bpf_strcmp("a", "b") : 0;'), target)).toEqual([]);
    expect(problems(program(' __ksym', 'return bpf_ksym_exists(bpf_strcmp) ? bpf_strcmp("a", "b") : 0;'), target)).toEqual([]);
    expect(problems('static int bpf_strcmp(const char *a, const char *b) { return 0; }\nSEC("xdp") int p(void *ctx) { return bpf_strcmp("a", "b"); }', target)).toEqual([]);
    expect(problems('extern void bpf_rcu_read_lock(void) __ksym;\nSEC("kprobe/vfs_read") int p(void *ctx) { bpf_rcu_read_lock(); return 0; }', target)).toEqual([]);
  });

  it('lets code that a sleeping and another program share wait', () => {
    expect(problems(`static int copy(bool sleep) { char c[4]; return sleep ? bpf_copy_from_user(c, 4, 0) : 0; }
SEC("uprobe.s") int s(void *ctx) { return copy(true); }
SEC("uprobe") int p(void *ctx) { return copy(false); }`)).toEqual([]);
  });

  it('asks for the licence that one needs', () => {
    expect(problems('SEC("kprobe/vfs_read") int p(void *ctx) { «bpf_printk»("x"); return 0; }')).toEqual(['error gpl-only: The kernel lets only programs under the GPL call bpf_printk, and this one has no licence. Add char LICENSE[] SEC("license") = "GPL";']);
    expect(problems('SEC("kprobe/vfs_read") int p(void *ctx) { bpf_printk("x"); return 0; }\nchar _license[] «SEC("license")» = "MIT";')[0]).toMatch(/"MIT" is none/);
    expect(problems(`SEC("kprobe/vfs_read") int p(void *ctx) { bpf_printk("x"); return 0; }${LICENCE}`)).toEqual([]);
  });
});

describe('arguments', () => {
  it.each([
    ['SEC("fentry/vfs_read") int BPF_PROG(p, struct file *f, char *b, size_t n, loff_t *o, «int ret») { return 0; }', /vfs_read\(\) gives 4 arguments, and this is one more: struct file \*file/],
    ['SEC("kretprobe/vfs_read") int BPF_KRETPROBE(p, ssize_t ret, «int more») { return 0; }', /gives 1 argument, and this is one more: ssize_t ret/],
    ['SEC("kretprobe/__set_task_comm") int BPF_KRETPROBE(p, «int ret») { return 0; }', /__set_task_comm\(\) returns nothing/],
    ['SEC("fentry/vfs_read") int BPF_PROG(p, «struct path *f») { return 0; }', /vfs_read\(\) gives struct file \* here/],
    ['SEC("tp_btf/sched_switch") int BPF_PROG(p, bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int state, «int more») { return 0; }', /tracepoint sched_switch gives 4 arguments/],
    ['SEC("kprobe/vfs_read") int BPF_PROG(«p», struct file *f) { return 0; }', /a kprobe program has not: use BPF_KPROBE/],
    ['SEC("fentry/vfs_read") int BPF_KPROBE(«p», struct file *f) { return 0; }', /a fentry program has not: use BPF_PROG/],
    ['SEC("ksyscall/close") int BPF_KSYSCALL(p, int fd, «int more») { return 0; }', /system call close gives 1 argument/],
    ['SEC("fentry/vfs_read") int BPF_PROG(p, «int f») { return 0; }', /vfs_read\(\) gives struct file \* here, an address of 8 bytes that does not fit int/],
    ['SEC("kprobe/do_unlinkat") int BPF_KPROBE(p, int dfd, «const char *name») { return 0; }', /do_unlinkat\(\) gives struct filename \* here/],
    ['SEC("kprobe/vfs_read") int BPF_KRETPROBE(«p», long ret) { return 0; }', /a kprobe program runs before it returns: use BPF_KPROBE, or SEC\("kretprobe\/vfs_read"\)/],
    ['SEC("kretprobe/vfs_read") int BPF_KPROBE(«p», struct file *f) { return 0; }', /gone when it returns: BPF_KRETPROBE\(name, ret\)/],
    ['SEC("ksyscall/openat") int BPF_KPROBE(«p», int dfd) { return 0; }', /use BPF_KSYSCALL/],
    ['SEC("kprobe/vfs_read") int BPF_KSYSCALL(«p», int fd) { return 0; }', /vfs_read is none: use BPF_KPROBE/],
    ['SEC("uprobe//bin/bash:readline") int BPF_USDT(«p», int x) { return 0; }', /BPF_USDT takes the arguments of a marker, which a uprobe program has not/],
    ['SEC("usdt/libc:libc:setjmp") int BPF_UPROBE(«p», int x) { return 0; }', /use BPF_USDT/],
    ['SEC("lsm/file_open") int BPF_PROG(p, «struct inode *f») { return 0; }', /hook file_open gives struct file \* here/],
    ['SEC(".struct_ops") struct tcp_congestion_ops mine = { .ssthresh = (void *)slow };\nSEC("struct_ops/slow") __u32 BPF_PROG(slow, «struct task_struct *t») { return 0; }', /tcp_congestion_ops\.ssthresh\(\) gives struct sock \* here/],
    ['SEC(".struct_ops") struct tcp_congestion_ops mine = { .ssthresh = (void *)slow };\nSEC("struct_ops") __u32 BPF_PROG(slow, struct sock *sk, «int more») { return 0; }', /tcp_congestion_ops\.ssthresh\(\) gives 1 argument/],
    ['SEC("xdp") int p(«struct __sk_buff *skb») { return skb->len; }', /type xdp gets struct xdp_md \*, not struct __sk_buff \*/],
    ['SEC("tc") int p(«struct xdp_md *ctx») { return ctx->data; }', /type sched_cls gets struct __sk_buff \*/],
    ['SEC("kprobe/tcp_connect") int p(«struct sock *sk») { return sk->sk_mark; }', /type kprobe gets struct pt_regs \*, not struct sock \*\. For its arguments by name write BPF_KPROBE\(p, …\)/],
    ['SEC("fentry/tcp_connect") int p(«struct sock *sk») { return sk->sk_mark; }', /arguments as an array of __u64, not struct sock \*\. For its arguments by name write BPF_PROG\(p, …\)/],
    ['SEC("iter/task") int p(«struct bpf_iter__bpf_map *ctx») { return ctx->map ? 0 : 1; }', /iterator of task gets struct bpf_iter__task \*/],
    ['SEC("tp/sched/sched_switch") int p(«struct trace_event_raw_sched_process_fork *ctx») { return ctx->child_pid; }', /Its own is struct trace_event_raw_sched_switch/],
    ['SEC("tp/syscalls/sys_exit_openat") int p(«struct trace_event_raw_sys_enter *ctx») { return ctx->id; }', /gets struct trace_event_raw_sys_exit \*/],
    ['SEC("tp/sched/sched_switch") int p(«struct pt_regs *ctx») { return PT_REGS_PARM1(ctx); }', /gets the tracepoint's record/],
    ['SEC("xdp") int p(struct xdp_md *ctx, «int more») { return XDP_PASS; }', /passes one argument, the context/],
  ])('%s', (source, message) => {
    expect(problems(source)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    'SEC("fexit/vfs_read") int BPF_PROG(p, struct file *f, char *b, size_t n, loff_t *o, ssize_t ret) { return 0; }',
    'SEC("fentry/vfs_read") int BPF_PROG(p, struct file___old *f) { return 0; }',
    'SEC("lsm/file_open") int BPF_PROG(p, struct file *f, int ret) { return ret; }',
    'SEC("kprobe/tcp_close") int BPF_KPROBE(p, struct tcp_sock *sk) { return 0; }',
    'SEC("kprobe/vfs_read") int BPF_KPROBE(p) { return 0; }',
    'SEC("raw_tp/sched_switch") int BPF_PROG(p, bool preempt, struct task_struct *prev) { return 0; }',
    'SEC("kprobe/vfs_read") int p(struct pt_regs *ctx) { return PT_REGS_PARM3(ctx); }',
    'SEC("fentry/vfs_read") int p(__u64 *ctx) { return ctx[2]; }',
    'SEC("kprobe/vfs_read") int BPF_KPROBE(p, void *file, unsigned long buf) { return 0; }',
    'SEC("kprobe/__x64_sys_openat") int BPF_KSYSCALL(p, int dfd, const char *name) { return 0; }',
    'SEC("kretsyscall/nanosleep") int BPF_KRETPROBE(p, int ret) { return 0; }',
    'SEC("perf_event") int p(struct pt_regs *ctx) { return PT_REGS_IP(ctx) > 0; }',
    'SEC("tp/sched/sched_wakeup") int p(struct trace_event_raw_sched_wakeup_template *ctx) { return ctx->pid; }',
    'SEC("tp/syscalls/sys_enter_openat") int p(struct trace_event_raw_sys_enter *ctx) { return ctx->args[0]; }',
    'SEC("raw_tp/sys_enter") int p(struct bpf_raw_tracepoint_args *ctx) { return ctx->args[1]; }',
    'SEC("iter/task") int p(struct bpf_iter__task *ctx) { return ctx->task ? 0 : 1; }',
    'struct args { __u64 a; }; SEC("fentry/vfs_read") int p(struct args *ctx) { return ctx->a; }',
    'SEC("struct_ops/ssthresh") __u32 BPF_PROG(other, struct sock *sk, int unknown_interface) { return 0; }',
    'SEC("kprobe.session/vfs_*") int BPF_KRETPROBE(p, long ret) { return 0; }',
  ])('%s is right', (source) => {
    expect(problems(source)).toEqual([]);
  });
});

describe('maps', () => {
  it.each([
    [map('__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, «__u64»); __type(value, __u64);'), 'error map-setup: The map m (array) needs a key of 4 bytes, and __u64 has 8: use __u32 or int.'],
    [map('__uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64);').replace('m SEC', '«m» SEC'), 'warning map-setup: The map m (hash) has no max_entries: unless user space sets it, the kernel refuses the map.'],
    [map('__uint(type, «BPF_MAP_TYPE_HAHS»); __uint(max_entries, 1);'), 'error map-setup: There is no type of map BPF_MAP_TYPE_HAHS. Did you mean BPF_MAP_TYPE_HASH?'],
    [map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, «5000»);'), 'warning map-setup: The map m (ringbuf) needs a size that is a power of two and whole pages, and 5000 is none. libbpf 1.0 and newer round it up, other loaders fail.'],
    [map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 16); __type(key, «__u32»);'), 'error map-setup: The map m (ringbuf) has no keys: leave the key out.'],
    [map('__uint(type, BPF_MAP_TYPE_HASH); __uint(«max_entires», 1); __uint(max_entries, 1); __type(key, int); __type(value, int);'), 'error map-setup: libbpf knows no max_entires in the definition of a map. Did you mean max_entries?'],
    [map('__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __uint(«key», 4); __type(value, int);'), 'error map-setup: key is set with __type(key, …), not with __uint.'],
    [map('__uint(type, BPF_MAP_TYPE_TASK_STORAGE); __type(key, int); __type(value, int);').replace('m SEC', '«m» SEC'), 'error map-setup: The map m (task storage) must have __uint(map_flags, BPF_F_NO_PREALLOC).'],
    [map('__uint(max_entries, 1); __type(key, int); __type(value, int);').replace('m SEC', '«m» SEC'), 'error map-setup: The map m has no type: add __uint(type, BPF_MAP_TYPE_HASH) or another.'],
  ])('%s', (source, message) => {
    expect(problems(source)).toEqual([message]);
  });

  it.each([
    [map('__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, int); __uint(map_flags, «BPF_F_NO_PREALLOC»);'), /does not take BPF_F_NO_PREALLOC/],
    [map('__uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 4); __type(key, __u32); __type(value, int); __uint(map_flags, «BPF_F_NO_PREALLOC»);'), /\(lru hash\) does not take BPF_F_NO_PREALLOC/],
    [map('__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, __u32); __type(value, int); __uint(map_flags, «BPF_F_MMAPABLE»);'), /does not take BPF_F_MMAPABLE/],
    [`#define LEN 4096\nstruct event { int pid; char text[LEN * 8]; };\n${map('__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, «struct event»);')}`, /at most 32768 bytes for each CPU, and struct event has 32772/],
    [map('__uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 1); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, «__u32»); __type(value, int);'), /a key of 5 to 260 bytes.*and __u32 has 4/],
    [map('__uint(type, BPF_MAP_TYPE_STACK_TRACE); __uint(max_entries, 1); __uint(key_size, 4); __uint(value_size, «20»);'), /keeps addresses of 8 bytes/],
    [map('__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, __u64); __uint(key_size, «4»); __type(value, int);'), /has a key of 8 bytes \(__u64\) and a key_size of 4/],
    [`#define SIZE 3000\n${map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, «SIZE»);')}`, /3000 is none/],
    ['struct bpf_map_def SEC("«maps»") old = { .type = BPF_MAP_TYPE_HASH, .key_size = 4 };\n', /SEC\("maps"\)\. Write struct \{ __uint\(type, …\); … \} old SEC\("\.maps"\)/],
    [map('__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __uint(max_entries, 1); __type(key, __u32); __type(value, __u32);').replace('m SEC', '«m» SEC'), /does not say what its inner maps are/],
  ])('%s', (source, message) => {
    expect(problems(source)).toEqual([expect.stringMatching(message)]);
  });

  it('are passed to helpers that work on their type', () => {
    const hash = map('__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, __u32); __type(value, int);');
    const ring = map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096);');
    const program = (call: string): string => `SEC("tc") int p(struct __sk_buff *ctx) { __u32 k = 0; ${call}; return 0; }`;
    expect(problems(hash + program('bpf_tail_call(ctx, «&m», 0)'))).toEqual(['error helper-argument: bpf_tail_call works on maps of the type BPF_MAP_TYPE_PROG_ARRAY; m is BPF_MAP_TYPE_HASH.']);
    expect(problems(hash + program('bpf_ringbuf_reserve(«&m», 8, 0)'))).toHaveLength(1);
    expect(problems(ring + program('bpf_map_lookup_elem(«& m», &k)'))).toEqual(['error helper-argument: bpf_map_lookup_elem does not work on m, a BPF_MAP_TYPE_RINGBUF: bpf_ringbuf_reserve and bpf_ringbuf_output write to it.']);
    expect(problems(hash + ring.replace('m SEC', 'r SEC') + program('bpf_map_update_elem(&m, &k, &k, 0); bpf_ringbuf_output(&r, &k, 4, 0); bpf_map_lookup_elem(&unknown, &k)'))).toEqual([]);
  });

  it('takes what cannot be told without the compiler for right', () => {
    expect(problems(map('__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, MAX); __type(key, index_t); __type(value, struct x);'))).toEqual([]);
    expect(problems(map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 256 * 1024);'))).toEqual([]);
    expect(problems(map('__uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 8); __uint(map_flags, 1U); __type(key, struct k); __type(value, int);'))).toEqual([]);
  });
});

describe('programs in no section', () => {
  it('are told when they can be nothing else', () => {
    expect(problems('int BPF_KPROBE(«p», struct file *f) { return 0; }')).toEqual(['warning no-section: p is in no section, so nothing loads it as a program. Write SEC("kprobe/function") before it.']);
    expect(problems('int «p»(struct xdp_md *ctx) { return XDP_PASS; }')).toEqual([expect.stringMatching(/Write SEC\("xdp"\) before it/)]);
  });

  it('may be called by others, or be for another file', () => {
    expect(problems('int cut(struct xdp_md *ctx) { return 1; }\nSEC("xdp") int p(struct xdp_md *ctx) { return cut(ctx); }')).toEqual([]);
    expect(problems('int shared(struct xdp_md *ctx) { return 1; }\nSEC("xdp") int p(struct xdp_md *ctx) { return 2; }')).toEqual([]);
    expect(problems('static int BPF_KPROBE(p, struct file *f) { return 0; }\nint plain(int a) { return a; }')).toEqual([]);
  });
});
