import { describe, expect, it } from 'vitest';
import { cParser, parseBpfC } from '../../../test/support/bpfc.ts';
import { bundled } from '../../../test/support/inventory.ts';
import { analyzeC } from '../../language/bpfc/analysis/analyze.ts';
import { instrument, type Instrumented, type LeftOut } from './instrument.ts';

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#define LIMIT 7\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } last SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } m SEC(".maps");\n';
const of = (text: string, leftOut?: LeftOut): Instrumented => instrument(analyzeC(parseBpfC(`${HEAD}${text}`), { inventory: bundled }), { read: (source) => cParser.parse(source), ...(leftOut && { leftOut }) });
const program = (body: string, above = ''): string => `${above}SEC("tc")\nint f(struct __sk_buff *skb)\n{\n${body}\n\treturn 0;\n}\n`;
/** The line behind the head that has this number, from 0. */
const line = ({ text }: Instrumented, n: number): string => text.split('\n')[n + 5] ?? '';
const asserted = ({ source }: Instrumented): string[] => source.marks.flatMap((mark) => (mark.kind === 'assert' || mark.kind === 'written' ? [`${mark.property}: ${mark.says}`] : []));

describe('clauses become C at their places', () => {
  it('on their own line: those below keep their numbers', () => {
    const text = program('\t//@ assert skb->len > 0 ==> ntohs(skb->protocol) == 0x0800\n\t__u32 x = 1;');
    const made = of(text);
    expect(made.text.split('\n').length).toBe(`${HEAD}${text}`.split('\n').length + 1);
    expect(line(made, 3)).toMatch(/^\t\(\(void \(\*\)\(long\)\)0x40000000L\)\(\(long\)\(!!\(\(!\(\(skb->len > 0\)\) \|\| \(\(__builtin_bswap16\(skb->protocol\) == 0x0800\)\)\)\)\)\);$/);
    expect(asserted(made)).toEqual(['contract: skb->len > 0 ==> ntohs(skb->protocol) == 0x0800']);
  });
  it('requires on entry, ensures around what is returned, with what was kept on entry', () => {
    const made = of(program('\tskb->mark = 1;', '//@ requires skb->len > 0\n//@ ensures old(skb->mark) != 0 ==> retval == 0\n'));
    expect(line(made, 4)).toMatch(/^\{ __auto_type kgent_old0 = \(skb->mark\) \+ 0; .*skb->len > 0/);
    expect(line(made, 6)).toMatch(/^\treturn \(\{ int kgent_retval = \(0\); .*kgent_old0 != 0.*kgent_retval == 0.*kgent_retval; \}\);$/);
    expect(made.source.marks.map(({ kind }) => kind)).toEqual(['assume', 'assert']);
  });
  it('entries of maps are looked up by calls that are no lookups of the program', () => {
    const made = of(program('\t__u32 k = 1;\n\t//@ assert present(m[k]) ==> m[k] > 0'));
    expect(line(made, 4)).toContain('({ __typeof__(*m.key) kgent_k = (k); ((long (*)(void *, void *))0x3f000001L)(&m, &kgent_k); })');
    expect(line(made, 4)).toContain('(*({ __typeof__(*m.key) kgent_k = (k); ((__typeof__(m.value) (*)(void *, void *))0x3f000000L)(&m, &kgent_k); }))');
  });
  it('an invariant is a function of a key and a value', () => {
    const made = of(`//@ invariant m[k] : m[k] > k && present(m[k])\n${program('')}`);
    expect(made.text).toMatch(/section\("kgent\.invariant\/0"\), used\)\) long kgent_invariant_0\(__typeof__\(\*m\.key\) \*kgent_key, __typeof__\(\*m\.value\) \*kgent_value\) \{ return !!\(\(\(\(\*kgent_value\) > \(\*kgent_key\)\) && /);
    expect(made.source.invariants).toMatchObject([{ map: 'm' }]);
  });
  it('an invariant that the compiler refuses is told of as such', () => {
    const text = `//@ invariant m[k] : m[k] > 0\n${program('')}`;
    const made = of(text, new Map([[`${HEAD}${text}`.split('\n').length + 1, 'optional']]));
    expect(made.text).not.toContain('kgent_invariant_0');
    expect(made.source.unsupported).toMatchObject([{ what: 'the compiler refuses this condition', only: { says: 'm[k] : m[k] > 0' } }]);
  });
  it('a quantifier is written out', () => expect(line(of(program('\t//@ assert forall i in 0..3 : skb->cb[i] == 0')), 3)).toContain('((skb->cb[0] == 0)) && ((skb->cb[1] == 0)) && ((skb->cb[2] == 0))'));
  it('what has no meaning in compiled C is told of that clause alone', () => expect(of(program('\t//@ assert readable(skb, 4)')).source.unsupported).toMatchObject([{ what: 'readable() is not followed in compiled C', only: { property: 'contract' } }]));
});

describe('built-in properties', () => {
  it.each([
    ['__u32 x = 8 / skb->len;', ['div-by-zero: skb->len is not 0']],
    ['__u32 x = 8 / (LIMIT + 1) + skb->len % 4;', []],
    ['__u32 x = skb->len - 54;', ['unsigned-underflow: 54 is at most skb->len']],
    ['__s64 x = skb->len - 54;', []],
    ['skb->mark -= skb->len;', ['unsigned-underflow: skb->len is at most skb->mark']],
    ['__u32 x = skb->cb[skb->mark];', ['out-of-bounds: skb->mark is an index of skb->cb']],
    ['__u32 x = skb->cb[3];', []],
    ['__u32 now = bpf_ktime_get_ns();', ['lossy-cast: bpf_ktime_get_ns() fits into __u32']],
    ['__u32 tid = bpf_get_current_pid_tgid();', []],
    ['struct iphdr *ip = (void *)(long)skb->data; bpf_printk("%u", ip->id);', ['network-order: ip->id, which is in network byte order, is printed as it is']],
    ['struct iphdr *ip = (void *)(long)skb->data; __u8 octet = ip->daddr & 0xff;', []],
    ['__u32 x = sizeof(skb->cb[skb->mark] - 1);', []],
  ])('%s', (body, expected) => expect(asserted(of(program(`\t${body}`)))).toEqual(expected));
  it.each([
    ['__u16 port = BPF_CORE_READ(sk, __sk_common.skc_dport); bpf_printk("%d", port);', ['network-order: port, which is in network byte order, is printed as it is']],
    ['__u16 port = BPF_CORE_READ(sk, __sk_common.skc_dport); bpf_printk("%d", bpf_ntohs(port));', ['network-order: bpf_ntohs(port) is printed in the host\'s order']],
    ['__u16 port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)); bpf_printk("%d", port);', ['network-order: port is printed in the host\'s order']],
    ['__u16 port = BPF_CORE_READ(sk, __sk_common.skc_dport); port = bpf_ntohs(port); bpf_printk("%d", port);', ['network-order: port is printed in the host\'s order']],
    ['__u16 port = BPF_CORE_READ(sk, __sk_common.skc_num); bpf_printk("%d", port);', []],
    ['__u32 to = BPF_CORE_READ(sk, __sk_common.skc_daddr);', ['address-families: BPF_CORE_READ(sk, __sk_common.skc_daddr) is read of a socket of its family']],
    ['__u32 to = BPF_CORE_READ(sk, __sk_common.skc_daddr); if (BPF_CORE_READ(sk, __sk_common.skc_family) != 2) return 0;', []],
  ])('read from the kernel: %s', (body, expected) => expect(asserted(of(`SEC("kprobe/tcp_close")\nint BPF_KPROBE(f, struct sock *sk)\n{\n\t${body}\n\treturn 0;\n}\n`))).toEqual(expected));
  const refuted = (text: string): string[] => asserted(of(text)).filter((said) => / as it is$|is not (?:printed|kept)|fits into|of its family/.test(said));
  const EVENT = 'struct event { __u16 port; __u32 span_us; };\n';
  it.each([
    ['a function of the program', program('\tstruct udphdr *u = (void *)(long)skb->data;\n\treturn dns(u->dest);', 'static int dns(__u16 port) { return port == 53; }\n'), ['network-order: port, which is in network byte order, is compared as it is']],
    ['a macro of the program', program('\tstruct udphdr *u = (void *)(long)skb->data;\n\tSHOW(u);', '#define SHOW(h) \\\n\tbpf_printk("%u", (h)->dest)\n'), ['network-order: (h)->dest, which is in network byte order, is printed as it is']],
    ['a member', program('\tstruct udphdr *u = (void *)(long)skb->data;\n\tstruct event e = { .port = u->dest };\n\tbpf_printk("%u", e.port);', EVENT), ['network-order: e.port, which is in network byte order, is printed as it is']],
    ['a map', program('\tstruct tcphdr *t = (void *)(long)skb->data;\n\t__u32 k = 1;\n\t__u64 seq = t->seq, *old = bpf_map_lookup_elem(&m, &k);\n\tbpf_map_update_elem(&m, &k, &seq, 0);\n\tif (old && *old > 5)\n\t\treturn 1;'), ['network-order: *old, which is in network byte order, is compared as it is']],
    ['copies of memory', 'SEC("kprobe/tcp_close")\nint BPF_KPROBE(f, struct sock *sk)\n{\n\t__u16 p;\n\tbpf_probe_read_kernel(&p, 2, &sk->__sk_common.skc_dport);\n\treturn p < 1024;\n}\n', ['network-order: p, which is in network byte order, is compared as it is']],
    ['the name of a member', program('\tstruct event e;\n\t__u64 span = bpf_ktime_get_ns() - 5;\n\te.span_us = span / 1000;\n\te.span_us = span / 1000000;', EVENT), ['lossy-cast: bpf_ktime_get_ns() - 5 fits into __u64', 'units: span / 1000000, in ms, is not kept as span_us']],
    ['what is asked later is asked of where the variable is used', 'SEC("kprobe/tcp_close")\nint BPF_KPROBE(f, struct sock *sk)\n{\n\t__u32 to = BPF_CORE_READ(sk, __sk_common.skc_daddr);\n\tif (BPF_CORE_READ(sk, __sk_common.skc_family) == 2)\n\t\tbpf_printk("%pI4", &to);\n\treturn 0;\n}\n', ['address-families: BPF_CORE_READ(sk, __sk_common.skc_daddr) is read of a socket of its family']],
    ['results of their function\'s width', 'SEC("kretprobe/do_mmap")\nint BPF_KRETPROBE(f, long ret)\n{\n\tint at = ret;\n\treturn at;\n}\nSEC("kretprobe/vfs_read")\nint BPF_KRETPROBE(g, long ret)\n{\n\tint n = ret;\n\treturn n;\n}\n', ['lossy-cast: ret fits into int']],
  ])('values are followed through %s', (_, text, expected) => expect(refuted(text)).toEqual(expected));
  it('a stamp in an array must have been stored, unless the program looks at it', () => {
    const stamp = (behind: string): string[] => asserted(of(program(`\t__u32 k = 0;\n\t__u64 *s = bpf_map_lookup_elem(&last, &k);\n\tif (!s)\n\t\treturn 0;\n\t__u64 d = bpf_ktime_get_ns() - *s;\n${behind}`)));
    expect(stamp('')).toContain('absent-entry: *s was stored before');
    expect(stamp('\tif (*s != 0)\n\t\tskb->mark = d;')).not.toContain('absent-entry: *s was stored before');
  });
  it('a length that is cut is told of, whether the cast is written or not', () => {
    const facts = { value: (id: string) => (id === 'struct __sk_buff.len' ? { unit: 'bytes' } : undefined) };
    const cut = (body: string): string[] => asserted(instrument(analyzeC(parseBpfC(`${HEAD}${program(`\t${body}`)}`), { inventory: bundled }), { read: (source) => cParser.parse(source), facts }));
    expect(cut('__u32 x = (__u16)skb->len;')).toEqual(['lossy-cast: skb->len fits into __u16']);
    expect(cut('__u32 x = (__u16)skb->mark; __s64 y = (__s32)skb->len;')).toEqual([]);
  });
  it('times are compared in one unit, also through a map', () => {
    const limited = (clock: string): string[] => asserted(of(program(`\t__u32 k = 0;\n\t__u64 *s = bpf_map_lookup_elem(&last, &k);\n\t__u64 now = ${clock}();\n\tif (!s || bpf_ktime_get_ns() < *s + 1000)\n\t\treturn 0;\n\t*s = now;`))).filter((said) => said.startsWith('units'));
    expect(limited('bpf_jiffies64')).toEqual(['units: bpf_ktime_get_ns() is in ns, *s + 1000 in jiffies']);
    expect(limited('bpf_ktime_get_ns')).toEqual(['units: both are in ns']);
  });
  it('are left out where the compiler refuses them', () => expect(line(of(program('\t__u32 x = skb->len - 54;'), new Map([[9, 'optional']])), 3)).toBe('\t__u32 x = skb->len - 54;'));
});
