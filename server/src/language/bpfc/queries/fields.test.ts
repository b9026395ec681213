import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { marked } from '../../../../test/support/marked.ts';
import { analyzeC } from '../analysis/analyze.ts';
import { contextField, DESCRIBED_CONTEXTS } from '../catalogue/context-fields.ts';
import { PROGRAM_TYPES } from '../catalogue/program-types.ts';
import { namedFields } from './at.ts';
import { completeC } from './complete/complete.ts';
import type { Described } from '../../bpftrace/queries/described.ts';
import { hoverC } from './hover.ts';

const DESCRIBED: Described = { card: (id) => (id === 'struct sock.__sk_common.skc_dport' ? { meaning: 'the remote port', details: [] } : undefined), argument: () => undefined };

function hovered(source: string): string {
  const { text, cursor } = marked(source);
  const found = hoverC(analyzeC(parseBpfC(text), { inventory: bundled }), cursor, DESCRIBED);
  return found ? [found.code, ...found.notes].join('\n') : '';
}
function labels(source: string): string[] {
  const { text, cursor } = marked(source);
  return completeC(analyzeC(parseBpfC(text), { inventory: bundled }), cursor).items.map(({ label }) => label);
}
const kprobe = (body: string): string => `SEC("kprobe/tcp_connect")\nint BPF_KPROBE(p, struct sock *sk)\n{\n\tstruct task_struct *task = (struct task_struct *)bpf_get_current_task(), *other;\n\tstruct tcp_sock *tp = (void *)sk;\n\t${body}\n}\n`;

describe('fields of contexts', () => {
  it('are all described, for the structs that programs get', () => {
    const missing = PROGRAM_TYPES.flatMap(({ context }) => context ?? []).flatMap((name) => {
      const struct = bundled.types.struct(name);
      return name === 'pt_regs' || !struct ? [] : namedFields(struct).filter((field) => !contextField(name, field.name)).map((field) => `${name}.${field.name}`);
    });
    expect(missing).toEqual([]);
  });

  it('are there on the bundled kernel', () => {
    const wrong = Object.entries(DESCRIBED_CONTEXTS).flatMap(([name, fields]) => {
      const struct = bundled.types.struct(name);
      const there = new Set(struct && namedFields(struct).map((field) => field.name));
      return fields.filter((field) => !there.has(field)).map((field) => `${name}.${field}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['SEC("tc") int p(struct __sk_buff *skb) { return skb->pro‸tocol; }', /bpf_htons\(ETH_P_IP\)`\. In network byte order\. Read only\.\n`struct __sk_buff`, offset 16, on/],
    ['SEC("tc") int p(struct __sk_buff *skb) { skb->ma‸rk = 1; }', /Written by: tc, cgroup_skb and lwt programs/],
    ['SEC("xdp") int p(struct xdp_md *c) { struct xdp_md *ctx = c; return ctx->rx_queue‸_index; }', /^__u32 rx_queue_index\nThe receive queue it came in by, from 0/],
    ['SEC("sockops") int p(struct bpf_sock_ops *ops) { return ops->remote_po‸rt; }', /upper half of the word/],
    ['SEC("sockops") int p(struct bpf_sock_ops *ops) { return ops->srtt‸_us; }', /microseconds, times 8/],
    ['SEC("sk_msg") int p(struct sk_msg_md *msg) { return msg->si‸ze; }', /Length of the message in bytes/],
    ['SEC("cgroup/connect4") int p(struct bpf_sock_addr *ctx) { ctx->user_po‸rt = 0; }', /bpf_ntohs\(port\)`\. In network byte order\. Written by: cgroup_sock_addr programs/],
    ['SEC("cgroup/sysctl") int p(struct bpf_sysctl *ctx) { return ctx->wri‸te; }', /1 when the sysctl is written/],
    ['SEC("cgroup/getsockopt") int p(struct bpf_sockopt *ctx) { return ctx->ret‸val; }', /What getsockopt returns/],
    ['SEC("kprobe/vfs_read") int p(struct pt_regs *regs) { return regs->d‸i; }', /rdi: the first argument/],
    ['SEC("iter/task") int p(struct bpf_iter__task *ctx) { return !ctx->ta‸sk; }', /NULL once more at the end/],
    ['SEC("raw_tp/sys_enter") int p(struct bpf_raw_tracepoint_args *ctx) { return ctx->ar‸gs[0]; }', /Arguments of the tracepoint/],
    ['SEC("tp/sched/sched_switch") int p(struct trace_event_raw_sched_switch *ctx) { return ctx->prev_p‸id; }', /^pid_t prev_pid\n`struct trace_event_raw_sched_switch`, offset \d+/],
    ['static int f(struct __sk_buff *s) { struct bpf_sock *sk = s->sk; return sk ? sk->src_po‸rt : 0; }', /Port of this end\. In host byte order/],
  ])('%s', (source, text) => {
    expect(hovered(source)).toMatch(text);
  });
});

describe('fields of the kernel', () => {
  it.each([
    ['bpf_printk("%d", task->tg‸id);', /^pid_t tgid\n`struct task_struct`/],
    ['other = task->real_parent; return other->pi‸d;', /^pid_t pid\n`struct task_struct`/],
    ['return task->mm->own‸er;', /`struct mm_struct`/],
    ['return tp->srtt‸_us;', /`struct tcp_sock`/],
    ['return ((struct inet_sock *)sk)->inet_sp‸ort;', /`struct inet_sock`/],
    ['return bpf_get_current_task_btf()->pi‸d;', /`struct task_struct`/],
    ['return bpf_core_cast(sk, struct tcp_sock)->snd_cw‸nd;', /`struct tcp_sock`/],
    ['return BPF_CORE_READ(task, mm, own‸er);', /`struct mm_struct`/],
    ['return BPF_CORE_READ(task, real_pa‸rent, tgid);', /`struct task_struct`/],
    ['return BPF_CORE_READ(task, real_parent, tg‸id);', /`struct task_struct`/],
    ['return BPF_CORE_READ((struct inet_sock *)sk, inet_spo‸rt);', /`struct inet_sock`/],
    ['BPF_CORE_READ_INTO(&x, task, cred, ui‸d.val);', /`struct cred`/],
    ['BPF_CORE_READ_STR_INTO(&x, task, nsproxy, uts_ns, name.node‸name);', /`struct new_utsname`/],
    ['return bpf_core_field_exists(task->exit_co‸de);', /`struct task_struct`/],
    ['return BPF_CORE_READ(sk, __sk_common.skc_dp‸ort);', /^__be16 skc_dport\nthe remote port\n`struct sock_common`/],
    ['return sk->__sk_common.skc_dp‸ort;', /the remote port/],
  ])('%s', (body, text) => {
    expect(hovered(kprobe(body))).toMatch(text);
  });

  it('are proposed behind arrows and in macros', () => {
    expect(labels(kprobe('return task->‸;'))).toEqual(expect.arrayContaining(['pid', 'tgid', 'comm', 'mm']));
    expect(labels(kprobe('return BPF_CORE_READ(task, ‸);'))).toEqual(expect.arrayContaining(['pid', 'real_parent']));
    expect(labels(kprobe('return BPF_CORE_READ(task, mm, exe‸);'))).toContain('exe_file');
    expect(labels(kprobe('return BPF_CORE_READ(sk, __sk_common.‸);'))).toContain('skc_dport');
    expect(labels(kprobe('BPF_CORE_READ_INTO(&x, sk, ‸);'))).toContain('sk_mark');
    expect(labels(kprobe('return tp->inet_conn.‸;'))).toContain('icsk_accept_queue');
  });
});

describe('what is C alone', () => {
  const OWN = 'struct task_struct_own { int mine; };\nenum { ONE_THING = 1 };\ntypedef int number_t;\n#define LIMIT 5\nstatic int helper(int value) { return value; }\n';
  it.each([
    `${OWN}static int f(struct task_struct_own *t) { return t->mi‸ne; }`,
    `${OWN}static int f(void) { return hel‸per(1); }`,
    `${OWN}static int f(void) { int lo‸cal = 1; return local; }`,
    `${OWN}static int f(void) { return LIM‸IT; }`,
    `${OWN}static int f(void) { return ONE_TH‸ING; }`,
    `${OWN}static num‸ber_t f(void) { return 1; }`,
    `${OWN}static int f(struct task_str‸uct *t) { return 1; }`,
    'struct sock { int own; };\nstatic int f(struct sock *s) { return s->ow‸n; }',
    '#include <std‸int.h>\n',
    'static int f(void) { ret‸urn sizeof(int); }',
    'int strl‸en(const char *);',
  ])('is left to clangd: %s', (source) => {
    expect(hovered(source)).toBe('');
  });

  it('is not proposed either', () => {
    expect(labels(`${OWN}static int f(struct task_struct_own *t) { return t->‸; }`)).toEqual([]);
    expect(labels('struct sock { int own; };\nstatic int f(struct sock *s) { return s->‸; }')).toEqual([]);
    expect(labels(`${OWN}static int f(void) { int local = 1; return loc‸; }`)).not.toContain('local');
  });
});

it.each([
  ['char LICENSE[] SEC("lice‸nse") = "GPL";', /goes with the GPL/],
  ['struct { __uint(type, BPF_MAP_TYPE_HASH); } m SEC(".ma‸ps");', /libbpf creates them/],
  ['SEC(".struct_op‸s.link") struct tcp_congestion_ops mine = { };', /as long as its link lives/],
  ['const volatile int x SEC(".rodata.m‸ine");', /Constants/],
  ['SEC(".struct_ops") struct tcp_congestion_ops mine = { .ssthresh = (void *)slow };\nSEC("struct_ops/sl‸ow") __u32 BPF_PROG(slow, struct sock *sk) { return 0; }', /tcp_congestion_ops\.ssthresh\(struct sock \*\w+\)/],
])('explains the section in %s', (source, text) => {
  expect(hovered(source)).toMatch(text);
});
