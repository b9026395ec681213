import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { objectLoad } from '../../src/checks/load/object.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const target = new LocalTarget();
const check = objectLoad(new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')))));
let facts: Facts;
beforeAll(async () => {
  facts = await factsOf(target);
});

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\n#include <bpf/bpf_core_read.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const program = (section: string, body = 'return 0;', name = 'f'): string => `SEC("${section}") int ${name}(void *ctx) { ${body} }\n`;

/** What is no verdict of the verifier: it speaks of a kernel, a map or a section, not of instructions. */
it.each([
  ['a field the kernel has not', 'core-relocation', `struct task_struct___gone { int no_such_field; } __attribute__((preserve_access_index));\n${program('tp/sched/sched_switch', 'struct task_struct___gone *t = (void *)bpf_get_current_task(); return BPF_CORE_READ(t, no_such_field);')}`, 'no_such_field'],
  ['an enumerator the kernel has not', 'core-relocation', `enum no_such_enum { NO_SUCH_VALUE = 7 };\n${program('tp/sched/sched_switch', 'return bpf_core_enum_value(enum no_such_enum, NO_SUCH_VALUE);')}`, 'no_such_enum'],
  ['a kfunc it has not', 'map-setup', `extern int bpf_no_such_kfunc(void) __ksym;\n${program('tc', 'return bpf_no_such_kfunc();')}`, 'bpf_no_such_kfunc'],
  ['a setting it was not built with', 'map-setup', `extern int CONFIG_NO_SUCH_THING __kconfig;\n${program('tc', 'return CONFIG_NO_SUCH_THING;')}`, 'CONFIG_NO_SUCH_THING'],
  ['a map without a size', 'map-setup', `struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 0); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");\n${program('tc', '__u32 k = 0; return bpf_map_lookup_elem(&counts, &k) ? 1 : 0;')}`, 'counts'],
  ['a map of a type it has not', 'map-setup', `struct { __uint(type, 999); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");\n${program('tc', '__u32 k = 0; return bpf_map_lookup_elem(&counts, &k) ? 1 : 0;')}`, 'counts'],
  ['a function that is not there', 'attach-target', program('fentry/no_such_function'), 'no_such_function'],
  ['an LSM hook that is not there', 'attach-target', program('lsm/no_such_hook'), 'no_such_hook'],
  ['a raw tracepoint that is not there', 'attach-target', program('tp_btf/no_such_tracepoint'), 'no_such_tracepoint'],
  ['an iterator that is not there', 'attach-target', program('iter/no_such_iterator'), 'no_such_iterator'],
  ['a section that means nothing', 'attach-target', program('no/such/section'), 'no/such/section'],
  ['a helper of another kind of program', 'helper-not-allowed', program('tc', 'return bpf_get_stackid(ctx, ctx, 0);'), 'bpf_get_stackid'],
])('%s: %s', async (_, code, text, names) => {
  const source = HEAD + text;
  const { findings, skipped } = await check.run({ uri: 'file:///x.bpf.c', version: 1, text: source, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  expect(skipped).toBeUndefined();
  expect(findings.map((f) => f.code), JSON.stringify(findings, null, 1)).toEqual([code]);
  const [found] = findings;
  expect(found?.message).toContain(names);
  expect(source.split('\n')[found?.range.start.line ?? 0]).toContain(names);
});
