import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { texts } from '../../../../test/support/marked.ts';
import { callsIn, functionsOf, inC, includesOf, mapsOf } from './document.ts';

const PROGRAM = `// counts
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#define MAX(a, b) \\
  ((a) > (b) ? (a) : (b))

struct event { __u32 pid; char comm[16]; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024); /* enough */
	__type(key, __u32);
	__type(value, struct event);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_ARRAY);
		__uint(max_entries, 1);
	});
} outer SEC(".maps") = { .values = { [0] = (void *)&seen } };

extern void *bpf_rdonly_cast(const void *obj, __u32 id) __ksym;

static __always_inline int note(void *ctx, struct event *e)
{
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(connects, struct sock *sk, int (*cb)(int))
{
	struct event e = { .pid = bpf_get_current_pid_tgid() >> 32 };
	if (e.pid) {
		bpf_printk("a } in a string %d", e.pid);
	}
	note(ctx, &e);
	return bpf_map_update_elem(&seen, &e.pid, &e, BPF_ANY);
}

SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }

char LICENSE[] SEC("license") = "GPL";
`;

describe('the outline of a BPF C program', () => {
  const document = parseBpfC(PROGRAM);

  it('finds functions with their sections and parameters', () => {
    expect(functionsOf(document).map(({ fn }) => [fn.name, fn.section?.name, fn.macro, fn.params.map(({ type, name }) => `${type}|${name}`)])).toEqual([
      ['bpf_rdonly_cast', undefined, undefined, ['const void *|obj', '__u32|id']],
      ['note', undefined, undefined, ['void *|ctx', 'struct event *|e']],
      ['connects', 'fentry/tcp_connect', 'BPF_PROG', ['struct sock *|sk', 'int (*)(int)|cb']],
      ['pass', 'xdp', undefined, ['struct xdp_md *|ctx']],
    ]);
  });

  it('finds maps with their entries, without those of inner maps', () => {
    expect(mapsOf(document).map(({ map }) => [map.name, map.entries.map(({ macro, key, value }) => `${macro} ${key}=${value.split('\n')[0] ?? ''}`)])).toEqual([
      ['seen', ['__uint type=BPF_MAP_TYPE_HASH', '__uint max_entries=1024', '__type key=__u32', '__type value=struct event']],
      ['outer', ['__uint type=BPF_MAP_TYPE_ARRAY_OF_MAPS', '__array values=struct {']],
    ]);
  });

  it('finds includes, the licence and calls, each where it stands', () => {
    expect(includesOf(document)).toEqual(['vmlinux.h', 'bpf/bpf_helpers.h']);
    expect(document.items.map(({ item: { declaration } }) => declaration).find((d) => d.kind === 'variable')).toMatchObject({ name: 'LICENSE', text: 'GPL', section: { name: 'license' } });
    const calls = document.items.flatMap(callsIn);
    expect(texts(PROGRAM, calls.map(({ nameSpan }) => nameSpan))).toEqual(['bpf_get_current_comm', 'bpf_get_current_pid_tgid', 'bpf_printk', 'note', 'bpf_map_update_elem']);
    expect(texts(PROGRAM, calls.at(-1)?.args ?? [])).toEqual(['&seen', '&e.pid', '&e', 'BPF_ANY']);
    const connects = functionsOf(document).find(({ fn }) => fn.name === 'connects');
    expect(connects && texts(PROGRAM, [inC(connects.placed, connects.fn.nameSpan), inC(connects.placed, connects.fn.section?.nameSpan ?? { start: 0, end: 0 })])).toEqual(['connects', 'fentry/tcp_connect']);
  });
});

describe('a program that is being written', () => {
  it('keeps the programs below an open body', () => {
    const document = parseBpfC('SEC("xdp")\nint a(struct xdp_md *ctx)\n{\n\tif (ctx->data) {\n\t\tbpf_\n\nSEC("tc")\nint b(struct __sk_buff *skb)\n{\n\treturn bpf_skb_pull_data(skb, 0);\n}\n');
    expect(functionsOf(document).map(({ fn }) => [fn.name, fn.section?.name])).toEqual([['a', 'xdp'], ['b', 'tc']]);
    expect(document.items.flatMap(callsIn).map(({ name }) => name)).toEqual(['bpf_skb_pull_data']);
  });

  it('reads a section without an end', () => {
    const [item] = parseBpfC('SEC("kprobe/vfs_').items;
    expect(item?.item.declaration).toMatchObject({ section: { name: 'kprobe/vfs_' } });
  });

  it('parses only what was edited', () => {
    const before = parseBpfC(PROGRAM);
    const after = parseBpfC(PROGRAM.replace('XDP_PASS', 'XDP_DROP'), before);
    const same = after.items.filter(({ item }) => before.items.some((b) => b.item === item));
    expect(after.items.length - same.length).toBe(1);
  });

  it('never throws, wherever the text is cut', () => {
    for (let end = 0; end < PROGRAM.length; end += 7) {
      const { items } = parseBpfC(PROGRAM.slice(0, end));
      for (const { start, end: to, item } of items) expect(PROGRAM.slice(start, to)).toBe(item.text);
    }
  });
});
