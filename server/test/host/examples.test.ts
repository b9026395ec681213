import { afterAll, describe, expect, it } from 'vitest';
import { bpftraceCompile } from '../../src/checks/compile/bpftrace/check.ts';
import { runPipeline } from '../../src/checks/pipeline.ts';
import { semanticsCheck } from '../../src/checks/semantics.ts';
import { loadSource } from '../../src/knowledge/load.ts';
import { read } from '../support/parser.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { vmTarget } from '../support/vm.ts';

const machine = await vmTarget();
const facts = await factsOf(machine.target);
const { examples } = await loadSource('knowledge');
const needKprobes = examples.filter((e) => e.language === 'bpftrace' && e.needs.some((need) => /^(?:kprobe|fentry|kfunc)$/.test(need)));
afterAll(() => machine.dispose());

describe('examples on kernel functions', () => {
  it('are there', () => expect(needKprobes.length).toBeGreaterThanOrEqual(8));
  it.each(needKprobes.map((e) => [e.id, e] as const))('%s passes on the kernel of the virtual machine', async (_, example) => {
    const reports = await runPipeline([semanticsCheck(read), bpftraceCompile(read)], { uri: `file:///${example.id}.bt`, version: 1, text: example.text, language: 'bpftrace' }, { target: machine.target, facts, timeoutMs: 90_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
    expect(reports.flatMap((r) => [...r.findings.filter((f) => f.severity === 'error').map((f) => f.message), ...(r.skipped === undefined ? [] : [r.skipped])])).toEqual([]);
  });
});
