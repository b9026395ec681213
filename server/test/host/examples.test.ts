import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { LocalTarget } from '../../src/target/local.ts';
import type { ExecRequest } from '../../src/target/target.ts';
import { allExamples, runsHere, type RunExample } from '../support/examples/all.ts';
import { wrongWith } from '../support/examples/judge.ts';
import { buildRunner, complaintsIn, stepsText, workloadScript, type Ran } from '../support/examples/run.ts';
import { stepsOf } from '../support/examples/steps.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { vmTarget } from '../support/vm.ts';

const machine = await vmTarget();
const facts = await factsOf(machine.target);
const there = allExamples().filter((e) => !runsHere(e));
const runner = { name: 'run-object', content: readFileSync(buildRunner()) };
const builder = new ClangBuilder(new LocalTarget(), new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));
afterAll(() => machine.dispose());

async function run(request: Pick<ExecRequest, 'argv' | 'files'>): Promise<Ran> {
  const outcome = await machine.target.exec({ ...request, asRoot: true, timeoutMs: 110_000 });
  if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
  const complaints = [...complaintsIn(outcome.stderr), ...(outcome.exitCode === 0 ? [] : [`ended with ${outcome.exitCode}`])].join('\n');
  return { output: outcome.stdout, complaints, workload: '' };
}

async function runC(example: RunExample): Promise<Ran> {
  const built = await builder.build({ uri: `file:///${example.id}.bpf.c`, version: 1, text: example.text, language: 'c' }, { target: machine.target, facts, timeoutMs: 90_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  if (built.kind !== 'built') throw new Error(built.kind === 'refused' ? built.stderr : built.reason);
  const files = [runner, { name: 'program.o', content: built.object }, { name: 'workload.sh', content: workloadScript(example.workload) }, { name: 'steps', content: stepsText(stepsOf(example.id).lines) }];
  return run({ argv: ['sh', '-c', 'chmod +x run-object && ./run-object program.o < steps'], files });
}

function runBpftrace({ text, workload }: RunExample): Promise<Ran> {
  return run({ argv: ['sh', '-c', 'bpftrace -c "/bin/sh workload.sh" program.bt'], files: [{ name: 'program.bt', content: text }, { name: 'workload.sh', content: workloadScript(workload) }] });
}

async function shows(example: RunExample): Promise<void> {
  expect(wrongWith(example, await (example.language === 'c' ? runC(example) : runBpftrace(example)))).toEqual([]);
}

/** Needs a CPU that has nothing to do. */
const ALONE = new Set(['idle-states']);

describe('examples on kernel functions', () => {
  it('are there, in both languages', () => {
    expect(there.filter((e) => e.language === 'bpftrace').length).toBeGreaterThanOrEqual(14);
    expect(there.filter((e) => e.language === 'c').length).toBeGreaterThanOrEqual(3);
  });
});

// Beside each other: the machine has two CPUs, and its answers take their time to get here.
describe.concurrent('run on the kernel of the virtual machine, with what they show', () => {
  it.each(there.filter((e) => !ALONE.has(e.id)).map((e) => [e.id, e] as const))('%s', (_, example) => shows(example));
});

describe('run alone there', () => {
  it.each(there.filter((e) => ALONE.has(e.id)).map((e) => [e.id, e] as const))('%s', (_, example) => shows(example));
});
