import { describe, expect, it } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bpftraceCompile } from '../../src/checks/compile/bpftrace/check.ts';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { clangCompile } from '../../src/checks/compile/clang/check.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { runPipeline } from '../../src/checks/pipeline.ts';
import { syntaxCheck } from '../../src/checks/syntax.ts';
import { extensionOf } from '../../src/checks/program.ts';
import { loadSource } from '../../src/knowledge/load.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { read } from '../support/parser.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const target = new LocalTarget();
const facts = await factsOf(target);
const { examples, specs } = await loadSource('knowledge');
const builder = new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));
const checks = [syntaxCheck(read), bpftraceCompile(read), clangCompile(builder)];
/** Attaching by kernel function is declared for kernels that have it: those pass on the virtual machine. */
const here = examples.filter((e) => !e.needs.some((need) => /^(?:kprobe|fentry|kfunc)$/.test(need)));

describe('the knowledge base', () => {
  it('is as large as promised', () => {
    expect(examples.length).toBeGreaterThanOrEqual(40);
    expect(specs.length).toBeGreaterThanOrEqual(150);
    expect(new Set(examples.map((e) => e.language))).toEqual(new Set(['bpftrace', 'c']));
  });
  it.each(here.map((e) => [e.id, e] as const))('%s passes the compile check on this kernel', async (_, example) => {
    const reports = await runPipeline(checks, { uri: `file:///${example.id}${extensionOf[example.language]}`, version: 1, text: example.text, language: example.language }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
    expect(reports.flatMap((r) => [...r.findings.filter((f) => f.severity === 'error').map((f) => f.message), ...(r.skipped === undefined ? [] : [r.skipped])])).toEqual([]);
  });
});
