import { gzipSync } from 'node:zlib';
import type { ExecRequest, FactsOutcome, Outcome, Target } from '../../src/target/target.ts';
import { sampleBtf } from './btf.ts';
import { knownFacts } from './facts.ts';

/** A part of a kernel as a target prints it. */
export const part = (name: string, content: string | Uint8Array): string => `=${name}\n${gzipSync(content).toString('base64').replace(/(.{76})/g, '$1\n')}\n`;
export const FORMATS = 'sched/sched_switch/format:\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n';
const output = { stderr: '', truncated: false, ms: 1 };
export const ran = (stdout: string): Outcome => ({ kind: 'ran', exitCode: 0, stdout, ...output });
/** Every part of a small kernel. */
export const all = part('btf', sampleBtf().bytes()) + part('functions', 'vfs_read\n') + part('blacklist', 'do_int3\n') + part('formats', FORMATS);

/** A target that answers what it is told to, once it may. */
export class Machine implements Target {
  readonly name = 'machine';
  readonly kind = 'ssh';
  answers: (Outcome | Promise<Outcome>)[] = [];
  known: FactsOutcome = { kind: 'known', facts: knownFacts };
  readonly requests: ExecRequest[] = [];

  start(request: ExecRequest) {
    return { done: this.exec(request), stop: () => undefined };
  }
  exec(request: ExecRequest): Promise<Outcome> {
    this.requests.push(request);
    const answer = this.answers.shift();
    if (!answer) throw new Error('asked once too often');
    return Promise.resolve(answer);
  }
  facts(): Promise<FactsOutcome> {
    return Promise.resolve(this.known);
  }
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

export function machine(...answers: Machine['answers']): Machine {
  const made = new Machine();
  made.answers = answers;
  return made;
}
