import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { clangCompile } from '../../src/checks/compile/clang/check.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { objectLoad } from '../../src/checks/load/object.ts';
import { allFindings, runPipeline, type CheckContext } from '../../src/checks/pipeline.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import type { ExecRequest, Target } from '../../src/target/target.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { sh, until, vmTarget } from '../support/vm.ts';

let machine: { target: Target; dispose(): Promise<void> };
let facts: Facts;
const builder = new ClangBuilder(new LocalTarget(), new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));

beforeAll(async () => {
  machine = await vmTarget();
  facts = await factsOf(machine.target);
});
afterAll(() => machine.dispose());

/** Each finding's line and the source there; or why a check did not run. */
async function check(text: string, more: Partial<CheckContext> = {}): Promise<readonly string[]> {
  const context: CheckContext = { target: machine.target, facts, timeoutMs: 90_000, unsafe: false, inventory: () => Promise.resolve(bundled), ...more };
  const reports = await runPipeline([clangCompile(builder), objectLoad(builder)], { uri: 'file:///x.bpf.c', version: 1, text, language: 'c' }, context);
  const told = allFindings(reports).map((f) => `${f.check} ${f.code} ${text.split('\n')[f.range.start.line]?.trim()}`);
  return [...told, ...reports.flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped]))];
}

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\n#include <bpf/bpf_core_read.h>\nchar LICENSE[] SEC("license") = "GPL";\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } kgh_map SEC(".maps");\n';
const good = 'SEC("fentry/vfs_read")\nint BPF_PROG(kgh_good, struct file *file)\n{\n\t__u32 k = 1;\n\t__u64 *v = bpf_map_lookup_elem(&kgh_map, &k);\n\tif (v) *v += BPF_CORE_READ(file, f_flags);\n\treturn 0;\n}\n';
const bad = (name: string): string => `SEC("kprobe/vfs_read")\nint ${name}(void *ctx)\n{\n\t__u32 k = 1;\n\t__u64 *${name}_v = bpf_map_lookup_elem(&kgh_map, &k);\n\t*${name}_v += 1;\n\treturn 0;\n}\n`;
const LISTS = '{ bpftool prog list; bpftool map list; } | grep "name kgh_"';

describe('a machine without a compiler', () => {
  it('has none', () => expect(facts.tools.clang).toBeUndefined());
  it('loads what was compiled here: nothing is said of a right program', async () => expect(await check(HEAD + good)).toEqual([]));
  it('each rejected program has its finding, and nothing stays', async () => {
    expect(await check(HEAD + bad('kgh_one') + good + bad('kgh_two'))).toEqual(['load null-check __u64 *kgh_one_v = bpf_map_lookup_elem(&kgh_map, &k);', 'load null-check __u64 *kgh_two_v = bpf_map_lookup_elem(&kgh_map, &k);']);
    await sh(machine.target, `! ${LISTS}; [ -z "$(ls /sys/fs/bpf | grep check)" ]`);
  });
  it('without bpftool: what to install', async () => {
    const tools = Object.fromEntries(Object.entries(facts.tools).filter(([name]) => name !== 'bpftool'));
    expect(await check(HEAD + good, { facts: { ...facts, tools } })).toEqual([expect.stringMatching(/^bpftool is not installed on vm: apt install bpftool, /)]);
  });
  it('a connection that drops in the middle leaves nothing', async () => {
    const lost = await vmTarget();
    const dropping: Target = {
      name: 'vm',
      kind: 'ssh',
      exec: (request: ExecRequest) => lost.target.exec({ ...request, onStdout: (text) => void (text.includes('KGENT-LOAD-') && lost.dispose()) }),
      start: (request) => lost.target.start(request),
      facts: (options) => lost.target.facts(options),
      dispose: () => lost.dispose(),
    };
    expect(await check(HEAD + bad('kgh_one') + good + bad('kgh_two'), { target: dropping })).toEqual([expect.stringContaining('connection')]);
    await until(machine.target, `! ${LISTS}`);
  });
});
