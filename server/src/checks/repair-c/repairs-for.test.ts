import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../test/support/bpfc.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Need, RejectionClass } from '../../verifier-log/explain/need.ts';
import { repaired } from '../repairs.ts';
import { repairsFor } from './repairs-for.ts';
import type { RepairContext } from './situation.ts';

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "MIT";\n';

/** `¶c` marks the cause's line, `¶r` the rejected one. */
function repairs(marked: string, kind: RejectionClass, need: Need, complaint = '', context: RepairContext = {}): string[] {
  const at = (mark: string): number => marked.slice(0, marked.indexOf(mark)).split('\n').length + HEAD.split('\n').length - 1;
  const text = HEAD + marked.replaceAll(/¶\w/g, '');
  const [cause, rejected] = [at(marked.includes('¶c') ? '¶c' : '¶r'), at('¶r')];
  const explanation: Explanation = { class: kind, message: '', program: 'p', complaint, cause: { line: cause, text: '' }, rejected: { line: rejected, text: '' }, rejectedNote: '', need, trail: [], tail: [] };
  return repairsFor(explanation, parseBpfC(text), context).map((repair) => repaired(text, repair).replace(HEAD, ''));
}

describe('repairs by what the verifier needed', () => {
  it('checks a pointer behind the call that may give NULL', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\t__u64 *v = bpf_map_lookup_elem(&m, &k);¶c\n\n\t*v += 1;¶r\n\treturn XDP_DROP;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'v', variable: 'v' }, madeBy: 'bpf_map_lookup_elem' });
    expect(first).toContain('bpf_map_lookup_elem(&m, &k);\n\tif (!v)\n\t\treturn XDP_PASS;\n\n\t*v += 1;');
  });

  it('leaves a loop rather than the program, and the program as if it were not there: not by a verdict of its own', () => {
    const [first, second] = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\t__u64 *v;\n\tif (skb->mark)\n\t\treturn 2;\n\tfor (int i = 0; i < 8; i++) {\n\t\tv = bpf_map_lookup_elem(&m, &i);¶c\n\t\t*v += 1;¶r\n\t}\n\treturn 0;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'v', variable: 'v' } });
    expect(first).toContain('&i);\n\t\tif (!v)\n\t\t\tbreak;\n');
    expect(second).toContain('&i);\n\t\tif (!v)\n\t\t\treturn 0;\n');
  });

  it('compares the header with the end of the packet by the name it has', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *stop = (void *)(long)ctx->data_end;\n\tstruct ethhdr *eth = (void *)(long)ctx->data;\n\tif (eth->h_proto)¶r\n\t\treturn XDP_DROP;\n\treturn XDP_PASS;\n}\n', 'packet-bounds', { kind: 'in-bounds', memory: 'packet', value: { words: 'eth', variable: 'eth' }, offset: 12, size: 2 });
    expect(first).toContain('\tif ((void *)(eth + 1) > (void *)stop)\n\t\treturn XDP_PASS;\n\tif (eth->h_proto)');
  });

  it('leaves as the program always does where something is missing', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\t__u64 *w = find(ctx), *x = find(w);\n\tif (!w)\n\t\treturn XDP_ABORTED;\n\tif (!x)\n\t\treturn XDP_ABORTED;\n\t__u64 *v = bpf_map_lookup_elem(&m, &k);¶c\n\t*v += *w;¶r\n\treturn XDP_DROP;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'v', variable: 'v' } });
    expect(first).toContain('if (!v)\n\t\treturn XDP_ABORTED;\n\t*v');
  });

  it('turns a comparison that lets through what it should stop', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *end = (void *)(long)ctx->data_end;\n\tstruct ethhdr *eth = (void *)(long)ctx->data;\n\tif ((void *)(eth + 1) < end)¶c\n\t\treturn XDP_PASS;\n\treturn eth->h_proto;¶r\n}\n', 'packet-bounds', { kind: 'in-bounds', memory: 'packet', value: { words: 'eth', variable: 'eth' }, checked: true });
    expect(first).toContain('if ((void *)(eth + 1) > end)');
  });

  it('skips an element that is not there, by the name of the length', () => {
    const [first] = repairs('#define SLOTS 20\nstruct h { __u32 slot[SLOTS]; };\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct h *h = 0;\n\tint i = ctx->rx_queue_index;\n\tif (h)\n\t\th->slot[i]++;¶r\n\treturn 2;\n}\n', 'unbounded-scalar', { kind: 'in-bounds', memory: 'map-value', value: { words: 'h', variable: 'h' }, index: { words: 'i', variable: 'i' }, limit: 80 });
    expect(first).toMatch(/if \(i >= 0 && i < SLOTS\)\n\t+h->slot\[i\]\+\+;/);
  });

  it('reads through a chain of kernel pointers in one go, with the header it needs', () => {
    const [first] = repairs('SEC("kprobe/f") int p(void *ctx)\n{\n\tstruct task_struct *t = (void *)bpf_get_current_task();\n\treturn t->mm->owner->pid;¶r\n}\n', 'direct-dereference', { kind: 'valid-pointer', value: { words: 't', variable: 't' }, got: 'scalar', address: 'kernel' });
    expect(first).toContain('return BPF_CORE_READ(t, mm, owner, pid);');
    expect(first).toMatch(/#include <bpf\/bpf_helpers.h>\n#include <bpf\/bpf_core_read.h>\n|BPF_CORE_READ/);
  });

  it('gives back before leaving, and calculates first what is returned', () => {
    const need: Need = { kind: 'released', value: { words: 'sk', variable: 'sk' }, madeBy: 'bpf_sk_lookup_tcp', releaseWith: 'bpf_sk_release()', madeAtLine: 6 };
    const [first] = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct bpf_sock *sk = bpf_sk_lookup_tcp(skb, 0, 0, -1, 0);\n\tif (!sk)\n\t\treturn 0;\n\tif (sk->mark)¶r\n\t\treturn sk->priority;¶c\n\tbpf_sk_release(sk);\n\treturn 0;\n}\n', 'reference-leak', need);
    expect(first).toContain('if (sk->mark) {\n\t\tint result = sk->priority;\n\t\tbpf_sk_release(sk);\n\t\treturn result;\n\t}');
  });

  it('checks the object whose member is handed over', () => {
    const [first] = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct flow *f = bpf_map_lookup_elem(&m, &k);¶c\n\tbpf_timer_init(&f->timer, &m, 1);¶r\n\treturn 0;\n}\n', 'null-check', { kind: 'non-null', value: { words: '&f->timer', variable: 'f' } });
    expect(first).toContain('&k);\n\tif (!f)\n\t\treturn 0;\n');
  });

  it('checks what the caller keeps where clang left out the function\'s own check', () => {
    const texts = repairs('static struct st *get(struct __sk_buff *skb)\n{\n\tstruct bpf_sock *sk = skb->sk;\n\tif (!sk)\n\t\treturn NULL;\n\treturn bpf_sk_storage_get(&m, sk, 0, 1);¶r\n}\nSEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct st *st = get(skb);¶c\n\tst->n++;\n\treturn 0;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'sk', variable: 'sk' } });
    expect(texts[0]).toContain('get(skb);\n\tif (!st)\n\t\treturn 0;\n\tst->n++;');
  });

  it('compares an index with the length of its own array, where its address is made', () => {
    const [first] = repairs('#define A 16\n#define B 4\nstruct s { __u16 first[A]; struct r { __u32 v; } rules[B]; };\nSEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct s *s = 0;\n\t__u64 at = skb->mark;\n\tif (at >= A)¶c\n\t\treturn 0;\n\tstruct r *r = &s->rules[at];\n\treturn r->v;¶r\n}\n', 'map-value-bounds', { kind: 'in-bounds', memory: 'map-value', value: { words: 'r', variable: 'r' }, index: { words: 'at', variable: 'at' }, checked: true, limit: 48, size: 4 });
    expect(first).toContain('if (at >= B)');
  });

  it('calls what keeps the packet\'s begin once more', () => {
    const texts = repairs('struct cur { void *pos, *end; };\nstatic void start(struct cur *c, struct __sk_buff *skb)\n{\n\tc->pos = (void *)(long)skb->data;\n\tc->end = (void *)(long)skb->data_end;\n}\nSEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct cur c;\n\tstart(&c, skb);\n\tif (bpf_skb_pull_data(skb, 64))¶c\n\t\treturn 0;\n\tstruct ethhdr *eth = take(&c, 14);\n\treturn eth->h_proto;¶r\n}\n', 'stale-pointer', { kind: 'fresh-pointer', value: { words: 'eth', variable: 'eth' }, lostBy: 'bpf_skb_pull_data' });
    expect(texts.some((text) => text.includes('\t\treturn 0;\n\tstart(&c, skb);\n\tstruct ethhdr'))).toBe(true);
  });

  it('reads pointers again that a macro made, and checks those that are used', () => {
    const [first] = repairs('#define LOAD(skb, d, e) do { d = (void *)(long)(skb)->data; e = (void *)(long)(skb)->data_end; } while (0)\nSEC("tc") int p(struct __sk_buff *skb)\n{\n\tvoid *d, *e;\n\tstruct iphdr *ip;\n\tLOAD(skb, d, e);\n\tip = d + 14;\n\tif ((void *)(ip + 1) > e)\n\t\treturn 0;\n\tbpf_clone_redirect(skb, 1, 0);¶c\n\tip->ttl -= 1;¶r\n\treturn 0;\n}\n', 'stale-pointer', { kind: 'fresh-pointer', value: { words: 'ip', variable: 'ip' }, lostBy: 'bpf_clone_redirect' });
    expect(first).toContain('1, 0);\n\tLOAD(skb, d, e);\n\tip = d + 14;\n\tif ((void *)(ip + 1) > (void *)(long)skb->data_end)\n\t\treturn 0;\n\tip->ttl');
  });

  it('leaves alone what only numbers of the packet led to', () => {
    const [first] = repairs('struct way { __u8 mac[6]; };\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;\n\tstruct iphdr *ip = data + 14;\n\tstruct way any = {}, *w;\n\t__be32 to;\n\tif ((void *)(ip + 1) > end)\n\t\treturn XDP_PASS;\n\tto = ip->daddr;\n\tw = bpf_map_lookup_elem(&ways, &to);\n\tif (!w)\n\t\tw = &any;\n\tif (bpf_xdp_adjust_head(ctx, -20))¶c\n\t\treturn XDP_DROP;\n\tip->ttl = w->mac[0];¶r\n\treturn XDP_TX;\n}\n', 'stale-pointer', { kind: 'fresh-pointer', value: { words: 'w', variable: 'w' }, lostBy: 'bpf_xdp_adjust_head' });
    expect(first).toContain('\t\treturn XDP_DROP;\n\tdata = (void *)(long)ctx->data;\n\tend = (void *)(long)ctx->data_end;\n\tip = data + 14;\n\tif ((void *)(ip + 1) > (void *)end)');
    expect(first?.match(/w = /g)).toHaveLength(2);
  });

  it('keeps an index that clang would add by `|` in a variable of its own', () => {
    const texts = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\t__u8 seen[64] = {};\n\treturn seen[skb->mark & 7];¶r\n}\n', 'pointer-arithmetic', { kind: 'other' }, 'R3 bitwise operator |= on pointer prohibited');
    expect(texts[0]).toContain('asm volatile("" : "+r"(index));\n\tif (index >= sizeof(seen) / sizeof(seen[0]))\n\t\treturn 0;\n\treturn seen[index];');
  });

  it('limits a number of the packet that is added to a pointer', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;\n\tstruct h *h = data;\n\t__u32 len = h->len;¶c\n\t__u32 *t = data + len;\n\tif ((void *)(t + 1) > end)\n\t\treturn XDP_PASS;\n\treturn *t;¶r\n}\n', 'unbounded-scalar', { kind: 'in-bounds', memory: 'packet', value: { words: 't', variable: 't' }, index: { words: 'len', variable: 'len' }, checked: true });
    expect(first).toContain('\tif (len > 16384)\n\t\treturn XDP_PASS;\n\t__u32 *t = data + len;');
  });

  it('checks the packet before a function that is handed a pointer and no end', () => {
    const texts = repairs('static int is_icmp(struct ipv6hdr *ip6)\n{\n\treturn ip6->nexthdr;¶r\n}\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;\n\tif (is_icmp(data + 14))¶c\n\t\treturn XDP_DROP;\n\treturn XDP_PASS;\n}\n', 'packet-bounds', { kind: 'in-bounds', memory: 'packet', value: { words: 'ip6', variable: 'ip6' }, offset: 20, size: 1, limit: 14 });
    expect(texts.some((text) => text.includes('\tif ((void *)(data + 14) + sizeof(struct ipv6hdr) > (void *)data_end)\n\t\treturn XDP_PASS;\n\tif (is_icmp'))).toBe(true);
  });

  it('gives a function the context that it hands on', () => {
    const texts = repairs('static void emit(void *to, struct e *e)\n{\n\tbpf_perf_event_output(to, &m, 0, e, 8);¶r\n}\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data;\n\tstruct e e = {};\n\temit(data, &e);¶c\n\treturn XDP_PASS;\n}\n', 'helper-argument', { kind: 'argument', callee: 'bpf_perf_event_output', argument: 1, value: { words: 'to', variable: 'to' } });
    expect(texts[0]).toContain('emit(ctx, &e);');
  });

  it('hands back the object that a variable was made of', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct e *e = bpf_ringbuf_reserve(&rb, 8, 0);\n\t__u32 *body = &e->body;\n\t*body = ctx->data;\n\tbpf_ringbuf_submit(body, 0);¶r\n\treturn 2;\n}\n', 'helper-argument', { kind: 'argument', callee: 'bpf_ringbuf_submit', argument: 1, value: { words: 'body', variable: 'body' } }, 'R1 must have zero offset when passed to release func');
    expect(first).toContain('bpf_ringbuf_submit(e, 0);');
  });

  it('hands an object back as it was given', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct e *e = bpf_ringbuf_reserve(&rb, 8, 0);\n\tif (!e)\n\t\treturn 2;\n\tbpf_ringbuf_submit(&e->body, 0);¶r\n\treturn 2;\n}\n', 'helper-argument', { kind: 'argument', callee: 'bpf_ringbuf_submit', argument: 1, value: { words: '&e->body', variable: 'e' } }, 'R1 must have zero offset when passed to release func');
    expect(first).toContain('bpf_ringbuf_submit(e, 0);');
  });

  it('clears padding that an initialiser leaves', () => {
    const texts = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct key k = { .a = 1, .b = ctx->data };¶c\n\treturn bpf_map_delete_elem(&m, &k);¶r\n}\n', 'uninitialized-stack', { kind: 'initialized-stack', value: { words: '&k', variable: 'k' }, offset: -8, size: 8 });
    expect(texts[0]).toContain('\tstruct key k;\n\t__builtin_memset(&k, 0, sizeof(k));\n\tk.a = 1;\n\tk.b = ctx->data;\n');
  });

  it('keeps the licence that was, beside the GPL', () => {
    const explanation = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tbpf_printk("x");¶r\n\treturn 0;\n}\n', 'gpl-only', { kind: 'callee-allowed', callee: 'bpf_trace_printk', why: 'licence' });
    expect(explanation[0]).toContain('SEC("license") = "Dual MIT/GPL";');
  });

  it('moves a large variable into a map and follows every use of it', () => {
    const [first] = repairs('struct big { char text[600]; };\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct big b = {};¶r\n\tb.text[0] = 1;\n\tuse(&b, sizeof(b));\n\treturn b.text[1];\n}\n', 'stack-limit', { kind: 'smaller-stack', limit: 512 });
    expect(first).toContain('struct big *b = bpf_map_lookup_elem(&b_room, &b_key);');
    expect(first).toContain('b->text[0] = 1;\n\tuse(b, sizeof((*b)));\n\treturn b->text[1];');
  });

  it('gives back what a variable held before it holds something else', () => {
    const need: Need = { kind: 'released', value: { words: 'sk', variable: 'sk' }, madeBy: 'bpf_sk_lookup_tcp', releaseWith: 'bpf_sk_release()', madeAtLine: 6 };
    const [first] = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct bpf_sock *sk = bpf_sk_lookup_tcp(skb, 0, 0, -1, 0);¶c\n\tsk = bpf_sk_lookup_udp(skb, 0, 0, -1, 0);\n\tif (sk)\n\t\tbpf_sk_release(sk);\n\treturn 0;¶r\n}\n', 'reference-leak', need);
    expect(first).toContain('-1, 0);\n\tif (sk)\n\t\tbpf_sk_release(sk);\n\tsk = bpf_sk_lookup_udp(');
  });

  it('gives back what an exchange gave and nobody kept, by the type of the field', () => {
    const [first] = repairs('struct v { struct task_struct __kptr *t; };\nSEC("tp_btf/x") int p(struct v *v)\n{\n\tbpf_kptr_xchg(&v->t, 0);¶c\n\treturn 0;¶r\n}\n', 'reference-leak', { kind: 'released', value: { words: 'the result' }, madeBy: 'bpf_kptr_xchg' });
    expect(first).toContain('__auto_type held = bpf_kptr_xchg(&v->t, 0);\n\n\tif (held)\n\t\tbpf_task_release(held);');
  });

  it('exchanges a kernel pointer that is stored, and gives back what was there instead of what is there now', () => {
    const [first] = repairs('SEC("tp_btf/x") int p(struct v *v, struct task_struct *mine)\n{\n\tv->t = mine;¶r\n\tbpf_task_release(mine);\n\treturn 0;\n}\n', 'kptr', { kind: 'other' });
    expect(first).toContain('struct task_struct *before = bpf_kptr_xchg(&v->t, mine);\n\n\tif (before)\n\t\tbpf_task_release(before);\n\treturn 0;');
  });

  it('leaves the loop where an iterator is destroyed in it, for it is destroyed behind it too', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct bpf_iter_num it;\n\tint *v;\n\tbpf_iter_num_new(&it, 0, 4);\n\twhile ((v = bpf_iter_num_next(&it))) {¶r\n\t\tif (*v == 2)\n\t\t\tbpf_iter_num_destroy(&it);\n\t}\n\tbpf_iter_num_destroy(&it);\n\treturn 2;\n}\n', 'iterator', { kind: 'argument', callee: 'bpf_iter_num_next', argument: 1, value: { words: '&it', variable: 'it' } });
    expect(first).toContain('if (*v == 2)\n\t\t\tbreak;\n');
  });

  it('gives a nested iterator a variable of its own', () => {
    const [first] = repairs('SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tstruct bpf_iter_num it;\n\tbpf_iter_num_new(&it, 0, 4);\n\twhile (bpf_iter_num_next(&it)) {\n\t\tbpf_iter_num_new(&it, 0, 3);¶r\n\t\tbpf_iter_num_destroy(&it);\n\t}\n\tbpf_iter_num_destroy(&it);\n\treturn 2;\n}\n', 'iterator', { kind: 'argument', callee: 'bpf_iter_num_new', argument: 1, value: { words: '&it', variable: 'it' } });
    expect(first).toContain('struct bpf_iter_num it_inner;\n\t\tbpf_iter_num_new(&it_inner, 0, 3);\n\t\tbpf_iter_num_destroy(&it_inner);\n\t}\n\tbpf_iter_num_destroy(&it);');
  });

  it('leaves where the branch that makes a dynptr is not taken', () => {
    const [first] = repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct bpf_dynptr d;\n\tif (skb->mark)\n\t\tbpf_dynptr_from_skb(skb, 0, &d);\n\tbpf_dynptr_read(0, 2, &d, 0, 0);¶r\n\treturn 0;\n}\n', 'dynptr', { kind: 'argument', callee: 'bpf_dynptr_read', argument: 3, value: { words: '&d', variable: 'd' } }, 'Expected an initialized dynptr as arg #2');
    expect(first).toContain('&d);\n\telse\n\t\treturn 0;\n\tbpf_dynptr_read');
  });

  it('unlocks what was locked, hoists a call out of the section, and adds atomically where no lock may be', () => {
    const need: Need = { kind: 'balanced', open: 'bpf_spin_lock', close: 'bpf_spin_unlock' };
    const body = (inside: string): string => `SEC("tc") int p(struct v *a, struct v *b)\n{\n\tbpf_spin_lock(&a->lock);\n\t${inside}\n\tbpf_spin_unlock(&a->lock);\n\treturn 0;\n}\n`;
    expect(repairs(body('a->t = bpf_ktime_get_ns();¶r'), 'lock', need)[0]).toContain('__auto_type value = bpf_ktime_get_ns();\n\tbpf_spin_lock(&a->lock);\n\ta->t = value;');
    expect(repairs(body('a->n += 2;').replace('unlock(&a->lock);', 'unlock(&b->lock);¶r'), 'lock', need, 'bpf_spin_unlock of different lock')[0]).toContain('bpf_spin_unlock(&a->lock);');
    expect(repairs(body('a->n += 2;').replace('lock(&a->lock);', 'lock(&a->lock);¶r'), 'lock', need, 'tracing progs cannot use bpf_spin_lock yet')[0]).toContain('{\n\t__sync_fetch_and_add(&a->n, 2);\n\treturn 0;');
  });

  it('uses the name that the kernel has for a field, or reads it only where it is', () => {
    const text = 'struct task_struct___old { long state; } __attribute__((preserve_access_index));\nSEC("tp/x") int p(void *ctx)\n{\n\tstruct task_struct___old *t = (void *)bpf_get_current_task();\n\treturn BPF_CORE_READ(t, state);¶r\n}\n';
    const texts = repairs(text, 'core-relocation', { kind: 'field' }, 'failed to resolve CO-RE relocation <byte_off> [5] struct task_struct___old.state (0:0 @ offset 0)', { members: (type, path) => (type === 'struct task_struct' && path[0] === 'state' ? [{ name: '__state', number: 'unsigned int' }] : []) });
    expect(texts[0]).toContain('{ unsigned int __state; }');
    expect(texts[0]).toContain('BPF_CORE_READ(t, __state)');
    expect(texts[1]).toContain('(bpf_core_field_exists(((struct task_struct___old *)0)->state) ? BPF_CORE_READ(t, state) : 0)');
  });

  it('completes a map from what the program does with it, and leaves out what its type does not take', () => {
    const map = (entries: string): string => `struct {\n\t__uint(type, BPF_MAP_TYPE_ARRAY);¶c\n${entries}} m SEC(".maps");\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\t__u32 k = 0;\n\treturn bpf_map_lookup_elem(&m, &k) ? 1 : 2;¶r\n}\n`;
    const create = "libbpf: map 'm': failed to create: Invalid argument(-22)";
    expect(repairs(map('\t__uint(max_entries, 1);\n\t__type(value, __u64);\n'), 'map-setup', { kind: 'other' }, create)[0]).toContain('BPF_MAP_TYPE_ARRAY);\n\t__type(key, __u32);');
    expect(repairs(map('\t__uint(max_entries, 1);\n\t__uint(map_flags, BPF_F_NO_PREALLOC);\n\t__type(key, __u32);\n\t__type(value, __u64);\n'), 'map-setup', { kind: 'other' }, create)[0]).not.toContain('NO_PREALLOC');
  });

  it('knows which section was meant', () => {
    expect(repairs('SEC("xpd") int p(struct xdp_md *ctx)¶c¶r\n{\n\treturn 2;\n}\n', 'attach-target', { kind: 'other' }, "libbpf: failed to guess program type from ELF section 'xpd'")[0]).toContain('SEC("xdp")');
  });

  it('looks at what a check says that nobody looked at', () => {
    const [first] = repairs('static int fits(void *p, void *end)\n{\n\treturn p + 14 <= end;\n}\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\tvoid *end = (void *)(long)ctx->data_end;\n\tstruct ethhdr *eth = (void *)(long)ctx->data;\n\tfits(eth, end);\n\treturn eth->h_proto;¶r\n}\n', 'packet-bounds', { kind: 'in-bounds', memory: 'packet', value: { words: 'eth', variable: 'eth' } });
    expect(first).toContain('if (!fits(eth, end))\n\t\treturn XDP_PASS;\n\treturn eth->h_proto;');
  });

  it('checks within the macro that makes and uses a pointer', () => {
    const [first] = repairs('#define INC(m, k) do { __u64 *_v = bpf_map_lookup_elem(&m, &k); (*_v)++; } while (0)\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\t__u32 k = 0;\n\tINC(st, k);¶r\n\treturn 2;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'the result of bpf_map_lookup_elem()' }, madeBy: 'bpf_map_lookup_elem' });
    expect(first).toContain('if (_v) { (*_v)++; } } while (0)');
  });

  it('never compares a constant size: it gives the size there is', () => {
    const texts = repairs('#define LEN 32\nstruct r { char name[16]; };\nSEC("tp/x") int p(struct r *r)\n{\n\tbpf_probe_read_kernel_str(r->name, LEN, 0);¶r\n\treturn 0;\n}\n', 'map-value-bounds', { kind: 'size', callee: 'bpf_probe_read_kernel_str', argument: 2, value: { words: 'LEN' }, problem: 'too-big' });
    expect(texts[0]).toContain('(r->name, sizeof(r->name), 0)');
    expect(texts.join('\n')).not.toContain('if (');
  });

  it('corrects a check that names another pointer, and checks in the caller what a function hands back unseen', () => {
    const two = '\t__u64 *a = bpf_map_lookup_elem(&m, &k), *b;\n\tif (!a)\n\t\treturn 2;\n\tb = bpf_map_lookup_elem(&n, &k);\n\tif (!a)¶c\n\t\treturn 2;\n\treturn *b;¶r\n';
    expect(repairs(`SEC("xdp") int p(struct xdp_md *ctx)\n{\n${two}}\n`, 'null-check', { kind: 'non-null', value: { words: 'b', variable: 'b' } })[0]).toContain('&k);\n\tif (!b)\n');
    const [first] = repairs('static struct e *get(void)\n{\n\treturn bpf_map_lookup_elem(&m, &k);¶c\n}\nstatic void fill(struct e *e)\n{\n\te->pid = 1;¶r\n}\nSEC("tp/x") int p(void *ctx)\n{\n\tstruct e *e;\n\te = get();\n\tfill(e);\n\treturn 0;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'e', variable: 'e' }, madeBy: 'bpf_map_lookup_elem' });
    expect(first).toContain('e = get();\n\tif (!e)\n\t\treturn 0;\n\tfill(e);');
  });

  it('checks as many bytes as the function uses of what it is given, and a pointer before it is moved', () => {
    const need: Need = { kind: 'in-bounds', memory: 'packet', value: { words: 'q', variable: 'q' }, offset: 0, size: 1 };
    const program = (use: string): string => `#define MAC 6\nstatic int same(const __u8 *q)\n{\n\t${use}¶r\n}\nSEC("xdp") int p(struct xdp_md *ctx)\n{\n\t__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;\n\tif (same(data + 2))\n\t\treturn XDP_DROP;\n\treturn XDP_PASS;\n}\n`;
    expect(repairs(program('return q[0] == 1 && q[3] == 2;'), 'packet-bounds', need).join('\n')).toContain('if ((void *)(data + 2) + 4 * sizeof(const __u8) > (void *)end)');
    expect(repairs(program('for (int i = 0; i < MAC; i++) if (q[i]) return 1;'), 'packet-bounds', need).join('\n')).toContain('(data + 2) + MAC * sizeof(const __u8) > (void *)end)');
    const [first] = repairs('SEC("tp/x") int p(void *ctx)\n{\n\tstruct conn *c = bpf_map_lookup_elem(&m, &k);\n\t__u32 *state = &c->state;¶c\n\tif (!state)\n\t\treturn 0;\n\t*state = 1;¶r\n\treturn 0;\n}\n', 'null-check', { kind: 'non-null', value: { words: 'state', variable: 'state' }, madeBy: 'bpf_map_lookup_elem' });
    expect(first).toContain('&k);\n\tif (!c)\n\t\treturn 0;\n\t__u32 *state');
  });

  it('never copies members of a structure that lies nowhere in memory', () => {
    const field: Need = { kind: 'field', field: 'remote_ip4' };
    const texts = [
      repairs('SEC("socket") int p(struct __sk_buff *skb)\n{\n\treturn skb->remote_ip4;¶r\n}\n', 'context-access', field),
      repairs('SEC("cgroup/connect6") int p(struct bpf_sock_addr *c)\n{\n\treturn c->user_ip4 + c->user_ip6[1];¶r\n}\n', 'context-access', field),
      repairs('SEC("tp_btf/x") int p(__u64 *ctx)\n{\n\treturn ctx[5];¶r\n}\n', 'context-access', { kind: 'other' }),
      repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\tstruct bpf_sock *sk = skb->sk;\n\treturn sk->mark;¶r\n}\n', 'direct-dereference', { kind: 'valid-pointer', value: { words: 'sk', variable: 'sk' }, got: 'scalar' }),
    ];
    expect(texts.flat().filter((text) => /probe_read|CORE_READ/i.test(text))).toEqual([]);
  });

  it('takes an element of a context by a constant, the address by the hook it is of, and the bytes by a helper', () => {
    const field: Need = { kind: 'field', field: 'data' };
    expect(repairs('SEC("tc") int p(struct __sk_buff *skb)\n{\n\treturn skb->cb[n & 3];¶r\n}\n', 'context-access', field)[0]).toContain('__u32 copy[] = { skb->cb[0], skb->cb[1], skb->cb[2], skb->cb[3], skb->cb[4] };\n\treturn copy[n & 3];');
    expect(repairs('SEC("cgroup/connect4") int p(struct bpf_sock_addr *c)\n{\n\treturn c->user_ip6[3] == 1;¶r\n}\n', 'context-access', field)[0]).toContain('return c->user_ip4 == 1;');
    const [bytes] = repairs('SEC("socket") int p(struct __sk_buff *skb)\n{\n\tvoid *data = (void *)(long)skb->data;¶r\n\tvoid *end = (void *)(long)skb->data_end;\n\tstruct ethhdr *eth = data;\n\tif ((void *)(eth + 1) > end)\n\t\treturn 0;\n\treturn eth->h_proto;\n}\n', 'context-access', field);
    expect(bytes).toContain('struct ethhdr eth_copy = {};\n\tstruct ethhdr *eth = &eth_copy;\n\tif (bpf_skb_load_bytes(skb, 0, &eth_copy, sizeof(eth_copy)))');
    expect(bytes).not.toContain('skb->data');
  });

  it('compares an index with the array\'s length, not with what indexes it elsewhere', () => {
    const [first] = repairs('#define CPUS 128\nstruct st { __u64 n; };\nstruct st all[CPUS];\nstatic void add(__u32 cpu)\n{\n\tstruct st *s = &all[cpu];¶c\n\ts->n++;¶r\n}\nSEC("tp/x") int p(void *ctx)\n{\n\tadd(bpf_get_prandom_u32());\n\treturn 0;\n}\n', 'unbounded-scalar', { kind: 'in-bounds', memory: 'map-value', value: { words: 's', variable: 's' }, index: { words: 'cpu', variable: 'cpu' }, limit: 1024, size: 8 });
    expect(first).toContain('cpu >= CPUS');
  });

  it('makes or takes room in a packet as the number says', () => {
    const program = (delta: string): string => `SEC("tc") int p(struct __sk_buff *skb)\n{\n\treturn bpf_xdp_adjust_head(skb, ${delta});¶r\n}\n`;
    const need: Need = { kind: 'callee-allowed', callee: 'bpf_xdp_adjust_head', why: 'program-type' };
    expect(repairs(program('20'), 'helper-not-allowed', need)[0]).toContain('bpf_skb_adjust_room(skb, -(__s32)(20), BPF_ADJ_ROOM_MAC, 0)');
    expect(repairs(program('-20'), 'helper-not-allowed', need)[0]).toContain('bpf_skb_change_head(skb, 20, 0)');
  });

  it('copies into the ring buffer what was not reserved there, and moves a loop on in every turn', () => {
    const ring = 'struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");\n';
    expect(repairs(`${ring}SEC("tp/x") int p(void *ctx)\n{\n\tstruct e ev = {};\n\tbpf_ringbuf_submit(&ev, 0);¶r\n\treturn 0;\n}\n`, 'helper-argument', { kind: 'argument', callee: 'bpf_ringbuf_submit', argument: 1, value: { words: '&ev' } })[0]).toContain('bpf_ringbuf_output(&rb, &ev, sizeof(ev), 0);');
    expect(repairs('SEC("tp/x") int p(void *ctx)\n{\n\tint i = 0;\n\twhile (i < 32) {¶c¶r\n\t\tif (t[i])\n\t\t\tcontinue;\n\t\ti++;\n\t}\n\treturn 0;\n}\n', 'loop', { kind: 'bounded-loop' })[0]).toContain('{ i++; continue; }\n\t\ti++;');
  });

  it('says nothing about what it does not understand, and never throws', () => {
    const text = 'SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tint x = (¶r\n';
    for (const kind of ['bounded-loop', 'other', 'balanced', 'field'] as const) expect(() => repairs(text, 'unknown', kind === 'balanced' ? { kind, open: 'a', close: 'b' } : { kind })).not.toThrow();
  });
});
