import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../src/checks/pipeline.ts';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { allExamples, runsHere, type RunExample } from '../support/examples/all.ts';
import { wrongWith } from '../support/examples/judge.ts';
import { buildRunner, runBpftrace, runObject, type Ran } from '../support/examples/run.ts';
import { stepsOf } from '../support/examples/steps.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf, required } from '../support/local.ts';
import { WHOLE } from '../support/verifier-corpus.ts';

const target = new LocalTarget();
const facts = await factsOf(target);
const examples = allExamples();
const here = examples.filter(runsHere);
const newest = required('KGENT_TEST_BPFTRACE_NEW');
const runner = buildRunner();
const builder = new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));
const context: CheckContext = { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) };

/** The programs of bpftrace an example runs with: every second one with the oldest, all with both when KGENT_TEST_WHOLE_CORPUS is set. */
function commandsFor({ bpftraceMin }: RunExample, index: number): readonly string[] {
  if (bpftraceMin !== '0.17') return [newest];
  if (WHOLE) return ['bpftrace', newest];
  return [index % 2 === 0 ? 'bpftrace' : newest];
}

async function runC(example: RunExample): Promise<Ran> {
  const built = await builder.build({ uri: `file:///${example.id}.bpf.c`, version: 1, text: example.text, language: 'c' }, context);
  if (built.kind !== 'built') throw new Error(built.kind === 'refused' ? built.stderr : built.reason);
  expect(built.stderr, 'compiles without a warning').toBe('');
  return runObject(runner, built.object, stepsOf(example.id).lines, example.workload);
}

describe('the examples', () => {
  it('are as many as promised, in both languages', () => {
    expect(examples.length).toBeGreaterThanOrEqual(205);
    expect(examples.filter((e) => e.language === 'c').length).toBeGreaterThanOrEqual(60);
  });
  it('have a title of their own, and say what their output must show', () => {
    expect(new Set(examples.map((e) => e.title)).size).toBe(examples.length);
    expect(examples.filter((e) => e.shows.length === 0).map((e) => e.id)).toEqual([]);
  });
});

// Beside each other: most of a run is waiting for probes to be attached and for a workload.
describe.concurrent('run on this kernel, with what they show', () => {
  const programs = here.filter((e) => e.language === 'bpftrace');
  it.each(programs.map((e, i) => [e.id, e, i] as const))('%s', async (_, example, i) => {
    for (const command of commandsFor(example, i)) {
      expect(wrongWith(example, await runBpftrace(command, example.text, example.workload))).toEqual([]);
    }
  });
  it.each(here.filter((e) => e.language === 'c').map((e) => [e.id, e] as const))('%s', async (_, example) => {
    expect(wrongWith(example, await runC(example))).toEqual([]);
  });
});
