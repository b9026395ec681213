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
    ['SEC("fentry/vfs_read") int BPF_PROG(p, «struct path *f») { return 0; }', /vfs_read\(\) gives struct file \* here/],
    ['SEC("tp_btf/sched_switch") int BPF_PROG(p, bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int state, «int more») { return 0; }', /tracepoint sched_switch gives 4 arguments/],
    ['SEC("kprobe/vfs_read") int BPF_PROG(«p», struct file *f) { return 0; }', /a kprobe program has not: use BPF_KPROBE/],
    ['SEC("fentry/vfs_read") int BPF_KPROBE(«p», struct file *f) { return 0; }', /a fentry program has not: use BPF_PROG/],
    ['SEC("ksyscall/close") int BPF_KSYSCALL(p, int fd, «int more») { return 0; }', /system call close gives 1 argument/],
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

  it('takes what cannot be told without the compiler for right', () => {
    expect(problems(map('__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, MAX); __type(key, index_t); __type(value, struct x);'))).toEqual([]);
    expect(problems(map('__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 256 * 1024);'))).toEqual([]);
    expect(problems(map('__uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 8); __uint(map_flags, 1U); __type(key, struct k); __type(value, int);'))).toEqual([]);
  });
});
