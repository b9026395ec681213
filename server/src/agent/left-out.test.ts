import { expect, it } from 'vitest';
import { leftOut } from './left-out.ts';

const messages = (...[before, after, language]: Parameters<typeof leftOut>): string[] => leftOut(before, after, language).map(({ message }) => message);

const C = `struct { __uint(type, BPF_MAP_TYPE_HASH); } seen SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); } unused SEC(".maps");
SEC("xdp") int a(void *ctx) { return bpf_map_lookup_elem(&seen, &key) ? 1 : 2; }
SEC("tc") int b(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

it('a fix of BPF C has as many programs, and uses the same maps', () => {
  expect(messages(C, C.replace('xdp', 'xdp.frags').replace('? 1 : 2', '? 1 : 0'), 'c')).toEqual([]);
  expect(messages(C, C.replace(/SEC\("tc"\).*\n/, '// SEC("tc")\n'), 'c')).toEqual(['The program to fix has 2 programs, this one 1. None may be left out.']);
  expect(messages(C, C.replace('bpf_map_lookup_elem(&seen, &key)', '0 /* seen */'), 'c')).toEqual(['The map seen is no longer used. What the program keeps in it must not be left out.']);
  expect(messages(C, C.replace(/.*unused.*\n/, ''), 'c')).toEqual([]);
});

it('a fix of bpftrace has as many probes, and the same maps', () => {
  const bt = 'kprobe:f,\nkprobe:g /pid == 1/ { if (1) { @a[tid] = 1; } }\nEND { clear(@a); printf("@no { }\\n"); }\n';
  expect(messages(bt, bt.replaceAll('kprobe', 'fentry').replace('@no', ''), 'bpftrace')).toEqual([]);
  expect(messages(bt, 'kprobe:f { @b = 1; }', 'bpftrace')).toEqual(['The program to fix has 2 probes, this one 1. None may be left out.', 'The map @a is no longer used. What the program keeps in it must not be left out.']);
});
