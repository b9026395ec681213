import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extensionOf } from '../../../src/checks/program.ts';
import { exampleSchema } from '../../../src/knowledge/schema.ts';

/** An example with what its test needs to know. */
export interface RunExample {
  readonly id: string;
  readonly title: string;
  readonly language: 'bpftrace' | 'c';
  readonly text: string;
  readonly needs: readonly string[];
  readonly bpftraceMin: string;
  readonly workload: readonly string[];
  readonly shows: readonly string[];
  readonly hides: readonly string[];
}

const EXAMPLES = join(import.meta.dirname, '../../../../knowledge/examples');

/** All examples, in the order of their areas. */
export function allExamples(): readonly RunExample[] {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const { id, title = '', language, kernel, bpftrace, workload, shows, hides } = exampleSchema.parse(JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')));
    const text = readFileSync(join(EXAMPLES, file.replace(/\.json$/, extensionOf[language])), 'utf8');
    return { id, title, language, text, needs: kernel.needs, bpftraceMin: bpftrace?.min ?? '', workload, shows, hides };
  });
}

/** A busy machine has no idle CPU, and some have no idle states: the virtual machine does. */
const IDLE = new Set(['idle-states']);

/** Kernel functions cannot be attached to everywhere; those examples run on the virtual machine. */
export function runsHere({ id, needs }: RunExample): boolean {
  return !IDLE.has(id) && !needs.some((need) => /^(?:kprobe|fentry|kfunc|lsm)$/.test(need));
}
