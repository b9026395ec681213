import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../test/support/bpfc.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Need, RejectionClass } from '../../verifier-log/explain/need.ts';
import { repaired } from '../repairs.ts';
import { repairsFor } from './repairs-for.ts';

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "MIT";\n';

/** `¶c` marks the cause's line, `¶r` the rejected one. */
function repairs(marked: string, kind: RejectionClass, need: Need): string[] {
  const at = (mark: string): number => marked.slice(0, marked.indexOf(mark)).split('\n').length + HEAD.split('\n').length - 1;
  const text = HEAD + marked.replaceAll(/¶\w/g, '');
  const [cause, rejected] = [at(marked.includes('¶c') ? '¶c' : '¶r'), at('¶r')];
  const explanation: Explanation = { class: kind, message: '', program: 'p', complaint: '', cause: { line: cause, text: '' }, rejected: { line: rejected, text: '' }, rejectedNote: '', need, trail: [], tail: [] };
  return repairsFor(explanation, parseBpfC(text)).map((repair) => repaired(text, repair).replace(HEAD, ''));
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

  it('says nothing about what it does not understand, and never throws', () => {
    const text = 'SEC("xdp") int p(struct xdp_md *ctx)\n{\n\tint x = (¶r\n';
    for (const kind of ['bounded-loop', 'other', 'balanced', 'field'] as const) expect(() => repairs(text, 'unknown', kind === 'balanced' ? { kind, open: 'a', close: 'b' } : { kind })).not.toThrow();
  });
});
