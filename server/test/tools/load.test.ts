import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { loadObject, objectLoad } from '../../src/checks/load/object.ts';
import type { CheckResult } from '../../src/checks/pipeline.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import type { Target } from '../../src/target/target.ts';
import { objectForBpf } from '../support/clang.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const target = new LocalTarget();
let facts: Facts;
let load: (text: string) => Promise<CheckResult>;

beforeAll(async () => {
  facts = await factsOf(target);
  const check = objectLoad(new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')))));
  load = (text) => check.run({ uri: 'file:///x.bpf.c', version: 1, text, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
});

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_core_read.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const MAP = 'struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");\n';
const good = (name: string, section = 'tp/sched/sched_switch'): string => `SEC("${section}") int ${name}(void *ctx) { __u32 k = 1; __u64 *v = bpf_map_lookup_elem(&counts, &k); if (v) *v += 1; return 0; }\n`;
const bad = (name: string, section = 'tp/sched/sched_switch'): string => `SEC("${section}") int ${name}(void *ctx)\n{\n\t__u32 k = 1;\n\t__u64 *${name}_v = bpf_map_lookup_elem(&counts, &k);\n\t*${name}_v += 1;\n\treturn 0;\n}\n`;
const unchecked = (name: string): string => `__u64 *${name}_v = bpf_map_lookup_elem(&counts, &k);`;
/** The source where each finding is. */
const lines = ({ findings, skipped }: CheckResult, text: string): string[] => [...findings.map((f) => text.split('\n')[f.range.start.line]?.trim() ?? ''), ...(skipped === undefined ? [] : [skipped])];

describe('each program by itself', () => {
  it('one rejection does not hide the others, in one section or several', async () => {
    const text = HEAD + MAP + bad('first') + good('second') + bad('third') + good('fourth', 'xdp') + bad('fifth', 'xdp') + bad('sixth', 'socket');
    const result = await load(text);
    expect(result).not.toHaveProperty('skipped');
    expect(lines(result, text)).toEqual(['first', 'third', 'fifth', 'sixth'].map(unchecked));
  });
  it('functions they call, global data and constants stay', async () => {
    const shared = 'const volatile int limit = 3;\nint seen;\nstatic __noinline int more(int by) { seen += by; return seen > limit; }\n__noinline int global_more(int by) { return more(by + 1); }\n';
    const user = (name: string): string => `SEC("xdp") int ${name}(struct xdp_md *ctx) { bpf_printk("%d", limit); return more(1) + global_more(2) ? XDP_PASS : XDP_DROP; }\n`;
    const text = HEAD + MAP + shared + user('one') + bad('two', 'xdp') + user('three');
    const result = await load(text);
    expect(lines(result, text)).toEqual([unchecked('two')]);
  });
  it('a program array that names others is no obstacle', async () => {
    const jumps = 'int last(void *);\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __array(values, int (void *)); } jumps SEC(".maps") = { .values = { [1] = (void *)&last } };\n';
    const text = `${HEAD}${MAP}${jumps}SEC("tc") int jump(void *ctx) { bpf_tail_call(ctx, &jumps, 1); return 0; }\n${good('last', 'tc')}`;
    expect(lines(await load(text), text)).toEqual([]);
    const broken = `${text}${bad('other', 'tc')}`;
    expect(lines(await load(broken), broken)).toEqual([unchecked('other')]);
  });
  it('a map of maps stays filled', async () => {
    const inner = 'struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } one SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 1); __type(key, __u32); __array(values, struct inner); } outer SEC(".maps") = { .values = { &one } };\n';
    const user = 'SEC("xdp") int look(void *ctx) { __u32 k = 0; void *m = bpf_map_lookup_elem(&outer, &k); if (!m) return 1; __u64 *v = bpf_map_lookup_elem(m, &k); return v ? *v & 1 : 2; }\n';
    const text = HEAD + MAP + inner + user + bad('other', 'xdp');
    expect(lines(await load(text), text)).toEqual([unchecked('other')]);
  });
  it('what the kernel lacks is held against those that need it only', async () => {
    const text = `${HEAD}${MAP}extern int bpf_no_such_kfunc(void) __ksym;\n${good('fine', 'tc')}SEC("tc") int needs(void *ctx) { return bpf_no_such_kfunc(); }\n${bad('other', 'tc')}`;
    const { findings } = await load(text);
    const all = findings.map((f) => f.message + f.evidence.map((e) => e.message).join('\n'));
    expect(all).toEqual([expect.stringContaining('bpf_no_such_kfunc'), expect.not.stringContaining('bpf_no_such_kfunc')]);
  });
  it('fields the kernel lacks are told of each program that reads them', async () => {
    const text = `${HEAD}${MAP}struct task_struct___gone { int no_such_field; } __attribute__((preserve_access_index));\n${good('fine')}SEC("tp/sched/sched_switch") int needs(void *ctx) { struct task_struct___gone *t = (void *)bpf_get_current_task(); return BPF_CORE_READ(t, no_such_field); }\n`;
    const { findings } = await load(text);
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).toContain('no_such_field');
  });
  it('the members of a struct of operations', async () => {
    const member = (name: string, body: string): string => `SEC("struct_ops/${name}")\n__u32 ${name}(__u64 *ctx)\n{\n\t${body}\n}\n`;
    const text = `${HEAD}${MAP}${member('kg_ssthresh', 'return 2;')}${member('kg_undo', 'return *(__u32 *)(ctx[0] + 100000);')}SEC(".struct_ops") struct tcp_congestion_ops ops = { .ssthresh = (void *)kg_ssthresh, .undo_cwnd = (void *)kg_undo, .name = "kgent" };\n${good('fine')}`;
    expect(lines(await load(text), text)).toEqual(['return *(__u32 *)(ctx[0] + 100000);']);
  });
  it('programs left to be loaded by hand are left', async () => {
    const text = HEAD + MAP + bad('by_hand', '?xdp') + good('fine', 'xdp');
    expect(lines(await load(text), text)).toEqual([]);
  });
});

describe('the object as a whole', () => {
  it('a map that cannot be made is told once', async () => {
    const text = HEAD + MAP.replace('max_entries, 8', 'max_entries, 0') + good('one') + good('two', 'xdp');
    const { findings } = await load(text);
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).toContain('counts');
  });
  it('maps that are pinned by their names come and go with the check', async () => {
    const text = HEAD + MAP.replace('__type(key', '__uint(pinning, LIBBPF_PIN_BY_NAME); __type(key').replace('counts', 'kgent_pinned_counts') + good('fine').replace('counts', 'kgent_pinned_counts');
    expect(lines(await load(text), text)).toEqual([]);
    expect(existsSync('/sys/fs/bpf/kgent_pinned_counts')).toBe(false);
  });
});

describe('a loader that does not come to its end', () => {
  /** Loads with a program of our own in bpftool's place. */
  async function loadBy(script: string, timeoutMs = 60_000): Promise<CheckResult> {
    const tool = join(mkdtempSync(join(tmpdir(), 'kgent-test-')), 'bpftool');
    writeFileSync(tool, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const object = objectForBpf('__attribute__((section("xdp"), used)) int one(void *c) { return 1; }\n__attribute__((section("tc"), used)) int two(void *c) { return 1; }\n', {});
    const program = { uri: 'file:///x.bpf.c', version: 1, text: '', language: 'c' } as const;
    return loadObject(object, program, tool, facts, { target, facts, timeoutMs, unsafe: false, inventory: () => Promise.resolve(bundled) });
  }
  it('was killed: which program, and where to look', async () => {
    expect(await loadBy('kill -KILL $$')).toMatchObject({ findings: [], skipped: "bpftool on local crashed or was killed while loading one, two; the kernel's log there may say why (dmesg)." });
  });
  it('one program takes too long: the others are told', async () => {
    const result = await loadBy('if [ -e second ]; then exec sleep 60; fi; [ -e first ] && : >second; : >first; echo Error: no; exit 255', 1000);
    expect(result).toMatchObject({ findings: [{ code: expect.any(String) as string }], skipped: 'The kernel of local did not judge two within 1 s.' });
  });
  it('no mounts of its own: why', async () => {
    const none: Target = { ...target, name: 'local', kind: 'local', start: (request) => target.start(request), facts: () => target.facts(), dispose: () => target.dispose(), exec: (request) => target.exec({ ...request, argv: ['sh', '-c', 'echo "unshare: unshare failed: Operation not permitted" >&2; exit 1'] }) };
    const program = { uri: 'file:///x.bpf.c', version: 1, text: '', language: 'c' } as const;
    expect(await loadObject(new Uint8Array(3), program, 'bpftool', facts, { target: none, facts, timeoutMs: 5000, unsafe: false, inventory: () => Promise.resolve(bundled) })).toMatchObject({ findings: [], skipped: 'Programs cannot be loaded on local: unshare: unshare failed: Operation not permitted' });
  });
  it('what is no object is left to it', async () => {
    const program = { uri: 'file:///x.bpf.c', version: 1, text: '', language: 'c' } as const;
    const { findings } = await loadObject(new Uint8Array([1, 2, 3]), program, 'bpftool', facts, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
    expect(findings).toHaveLength(1);
  });
});
