import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { clangCompile } from '../../src/checks/compile/clang/check.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { objectLoad } from '../../src/checks/load/object.ts';
import { allFindings, runPipeline } from '../../src/checks/pipeline.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const target = new LocalTarget();
let facts: Facts;
let check: (text: string) => Promise<string[]>;

beforeAll(async () => {
  facts = await factsOf(target);
  const builder = new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));
  check = async (text) => {
    const reports = await runPipeline([clangCompile(builder), objectLoad(builder)], { uri: 'file:///x.bpf.c', version: 1, text, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
    return allFindings(reports).map((f) => {
      const { start, end } = f.range;
      const words = text.split('\n')[start.line]?.slice(start.character, start.line === end.line ? end.character : undefined) ?? '';
      return `${start.line}:${start.character} ${f.severity} ${f.check}/${f.code} «${words}» ${f.message}`;
    });
  };
});

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const MAP = 'struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");\n';

describe('clang and the kernel verifier', () => {
  it('accept a right program', async () => {
    const text = `${HEAD}${MAP}SEC("tracepoint/sched/sched_switch") int f(void *ctx) { __u32 k = 1; __u64 *v = bpf_map_lookup_elem(&counts, &k); if (v) *v += 1; return 0; }\n`;
    expect(await check(text)).toEqual([]);
  });
  it('places an error behind wide characters', async () => {
    const text = `${HEAD}SEC("tp/sched/sched_switch") int f(void *ctx) { /* żółć 🐝 */ return zz; }\n`;
    expect(await check(text)).toEqual([expect.stringMatching(/^3:69 error compile\/unknown-identifier «zz» use of undeclared identifier 'zz'/)]);
  });
  it('names a made-up helper', async () => {
    const text = `${HEAD}SEC("tp/sched/sched_switch") int f(void *ctx) { return bpf_get_process_name(ctx); }\n`;
    expect((await check(text))[0]).toMatch(/compile\/unknown-function «bpf_get_process_name»/);
  });
  it('says which line is the cause of what the verifier rejects, in the source', async () => {
    const text = `${HEAD}${MAP}SEC("tp/sched/sched_switch")\nint f(void *ctx)\n{\n\t__u32 k = 1;\n\t__u64 *v = bpf_map_lookup_elem(&counts, &k);\n\t*v += 1;\n\treturn 0;\n}\n`;
    expect(await check(text)).toEqual(['8:1 error load/null-check «__u64 *v = bpf_map_lookup_elem(&counts, &k);» `v` may be NULL here and is used without a check: bpf_map_lookup_elem() gives NULL when there is nothing. Return or skip when it is NULL, before it is used.']);
  });
  it('offers what clang suggests', async () => {
    const text = `${HEAD}SEC("tp/sched/sched_switch") int f(void *ctx) { return 0 }\n`;
    expect((await check(text))[0]).toMatch(/compile\/syntax-error .* expected ';' after return statement/);
  });
  it('compiles the demo', async () => {
    expect(await check(readFileSync('test-fixtures/demo/exec-counter.bpf.c', 'utf8'))).toEqual([]);
  });
});
